"""The library's own log."""

from __future__ import annotations

import logging
from typing import Any, Callable, Optional

from . import _callbacks
from ._ffi import lib, no_finalizer, no_log
from .codes import LogLevel

_PYTHON_LEVELS = {
    LogLevel.ERROR: logging.ERROR,
    LogLevel.WARNING: logging.WARNING,
    LogLevel.INFO: logging.INFO,
    LogLevel.DEBUG: logging.DEBUG,
}


def set_log(level: int = LogLevel.WARNING, function: Optional[Callable[[LogLevel, str], Any]] = None) -> None:
    """Where the library's log goes, for the whole process: lines of `level` (see :class:`cryo.LogLevel`) and below.

    function(level, line) is called from any thread, one call at a time, and must not call set_log. None writes to
    standard error, as it is at the start. A token is never logged.
    """
    level = LogLevel(level)
    if function is None:
        lib.cryo_set_log(level, no_log, None, no_finalizer)
    else:
        sink = _sink(function)
        _callbacks.registered(
            sink, lambda user, finalizer: lib.cryo_set_log(level, _callbacks.log, user, finalizer)
        )


def use_logging(level: int = LogLevel.WARNING) -> None:
    """Sends the library's log to Python's, as logger "cryo"."""
    set_log(level, lambda at, line: _callbacks.logger.log(_PYTHON_LEVELS.get(at, logging.ERROR), "%s", line))


def _sink(function: Callable[[LogLevel, str], Any]) -> Callable[[int, bytes], None]:
    def call(level: int, message: bytes) -> None:
        function(LogLevel(level), message.decode("utf-8", "replace"))

    return call
