"""Ends what still runs when the program ends: the library's threads must not call into an interpreter that is gone."""

from __future__ import annotations

import atexit
import os
from typing import Any, Set

from . import _callbacks
from .log import set_log

# Servers and clients from their start until they are freed.
running: Set[Any] = set()

if hasattr(os, "register_at_fork"):  # what the parent runs is no business of a child's
    os.register_at_fork(after_in_child=running.clear)

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
