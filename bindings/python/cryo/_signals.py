"""SIGTERM, with which service managers and containers end a program, is a wish to stop and not a failure."""

from __future__ import annotations

import contextlib
import signal
import threading
from typing import Callable, Iterator


@contextlib.contextmanager
def stopped_by_sigterm(stop: Callable[[], None]) -> Iterator[None]:
    """Calls stop() when SIGTERM comes meanwhile, if nobody else takes it; a second one ends the process.

    Python lets only the main thread say what a signal does.
    """
    taken = threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) == signal.SIG_DFL

    def on_sigterm(_number: int, _frame: object) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        stop()

    if taken:
        signal.signal(signal.SIGTERM, on_sigterm)
    try:
        yield
    finally:
        if taken and signal.getsignal(signal.SIGTERM) is on_sigterm:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
