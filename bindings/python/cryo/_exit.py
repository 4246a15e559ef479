"""Ends what still runs when the program ends: the library's threads must not call into an interpreter that is gone."""

from __future__ import annotations

import atexit
from typing import Any, Set

from . import _callbacks
from .log import set_log

# Servers and clients from their start until they are freed.
running: Set[Any] = set()

# For what was closed inside a callback and is still on its way. An application that never returns gets no more.
_PATIENCE_SECONDS = 5


@atexit.register
def _end_all() -> None:
    for each in list(running):
        try:
            each.close()
        except Exception:
            _callbacks.report("closing at exit")
    if _callbacks.any_registered():  # perhaps a log function
        set_log()
    _callbacks.wait_until_none(_PATIENCE_SECONDS)
