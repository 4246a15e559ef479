"""Waiting inside the library, so that Python answers to Ctrl-C in between."""

from __future__ import annotations

import time
from typing import Any, Callable, Optional

from ._ffi import to_milliseconds
from .errors import Timeout

# How long a wait stays inside the library at a time.
SLICE_SECONDS = 0.2


def wait_in_slices(wait: Callable[[int], Any], timeout: Optional[float]) -> bool:
    """Calls wait(milliseconds) until it does not raise Timeout, up to `timeout` seconds. False: it always did."""
    deadline = None if timeout is None else time.monotonic() + timeout
    while True:
        left = SLICE_SECONDS if deadline is None else min(deadline - time.monotonic(), SLICE_SECONDS)
        try:
            wait(to_milliseconds(left))
            return True
        except Timeout:
            if deadline is not None and time.monotonic() >= deadline:
                return False
