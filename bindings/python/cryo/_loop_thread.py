"""Threads of Python's that run the library's loops.

A callback on a thread that Python does not know costs a thread state, made and destroyed for each of them. Threads of its
own have theirs already, and let go of Python's lock while the library waits.
"""

from __future__ import annotations

import os
import threading
import time
from typing import Callable, Optional

from ._ffi import lib
from .errors import Closed, HandleError, StateError
from .loop import Loop

# Another thread runs the loop for a moment: one that frees what lives on it.
_BUSY_SECONDS = 0.005


class LoopThread:
    """Calls `turn`, which waits inside the library, until it answers False. It does not keep a program from ending."""

    def __init__(self, name: str, turn: Callable[[], bool]) -> None:
        self._process = os.getpid()
        self._turn = turn
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def wait(self, timeout: Optional[float]) -> bool:
        """Until it has ended. False: it has not within `timeout` seconds (None: for ever)."""
        if not self._ended.wait(timeout):
            return False
        self._thread.join()  # it has nothing left to do
        return True

    def is_current(self) -> bool:
        """Whether this is it: inside of a callback."""
        return threading.current_thread() is self._thread

    def is_here(self) -> bool:
        """False in the child of a fork, which has no such thread."""
        return self._process == os.getpid()

    def _run(self) -> None:
        try:
            while self._turn():
                pass
        finally:
            self._turn = _nothing_more  # what it holds goes
            self._ended.set()


def _nothing_more() -> bool:
    return False


def run_server(handle: int) -> LoopThread:
    """For a server that was started with 0 threads: until it has stopped."""

    def turn() -> bool:
        try:
            lib.cryo_server_run_once(handle, -1)
        except StateError:
            time.sleep(_BUSY_SECONDS)
        except (Closed, HandleError):
            return False
        return True

    return LoopThread("cryo-server", turn)


class SharedLoop:
    """The loop of all clients that have none of their own. Its thread comes with the first and goes with the last of them."""

    _lock = threading.Lock()
    _current: Optional["SharedLoop"] = None

    def __init__(self) -> None:
        self.loop = Loop()
        self._process = os.getpid()
        self._members = 0
        self._thread: Optional[LoopThread] = None

    @classmethod
    def join(cls) -> "SharedLoop":
        """One member more, which calls leave() once."""
        with cls._lock:
            shared = cls._current
            if shared is None:
                shared = cls._current = SharedLoop()
            shared._members += 1
            return shared

    def run(self) -> None:
        """A member has something to do."""
        with self._lock:
            if self._thread is None:
                self._thread = LoopThread("cryo-clients", self._turn)

    def leave(self) -> None:
        """On the loop's thread it ends with this turn, if nobody is left."""
        with self._lock:
            self._members -= 1

    def wait_for_end(self) -> None:
        """Where nobody is left: until its thread has gone, so that nothing of the loop is left. Not on that thread."""
        while True:
            with self._lock:
                thread = self._thread if self._members == 0 else None
            if thread is None or thread.is_current() or thread.wait(0.05):
                return  # else another client may have come

    def is_current(self) -> bool:
        thread = self._thread
        return thread is not None and thread.is_current()

    def is_here(self) -> bool:
        return self._process == os.getpid()

    @classmethod
    def _forget(cls) -> None:
        """In the child of a fork: another thread may have had the lock."""
        cls._lock = threading.Lock()
        cls._current = None

    def _turn(self) -> bool:
        with self._lock:
            if self._members == 0:
                if SharedLoop._current is self:
                    SharedLoop._current = None
                return False
        try:
            self.loop.run_once(None)
        except StateError:
            time.sleep(_BUSY_SECONDS)
        return True


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=SharedLoop._forget)
