"""A loop for clients on a thread of your own."""

from __future__ import annotations

from typing import Optional

from ._ffi import lib, new_handle, raise_for, to_milliseconds


class Loop:
    """Runs any number of clients (``loop=``) on the thread that calls :meth:`run_once`::

        loop = cryo.Loop()
        client = cryo.Client(url, token, loop=loop, on_message=print)
        client.start()
        while True:
            loop.run_once(None)
    """

    def __init__(self) -> None:
        self._handle = new_handle(lib.cryo_loop_new)
        self._interrupt: Optional[BaseException] = None

    def __del__(self) -> None:
        handle = getattr(self, "_handle", None)  # clients that are left keep the library's loop
        if handle is not None:
            lib.cryo_loop_free(handle)

    def run_once(self, timeout: Optional[float] = 0) -> None:
        """Does what there is to do, waiting up to `timeout` seconds for something (None: for ever).

        Raises StateError inside a callback of the loop, and while another thread runs it.
        """
        try:
            lib.cryo_loop_run_once(self._handle, to_milliseconds(timeout))
        finally:
            error, self._interrupt = self._interrupt, None
            if error is not None:
                raise error

    def wake(self) -> None:
        """Ends the waiting of :meth:`run_once`, or of the next one; from any thread."""
        lib.cryo_loop_wake(self._handle)

    def fileno(self) -> int:
        """A descriptor that is readable when :meth:`run_once` has something to do.

        To be watched, not read, together with :meth:`timeout`. Raises Unsupported where the system has none.
        """
        number: int = lib.cryo_loop_fd(self._handle)
        raise_for(number)
        return number

    def timeout(self) -> Optional[float]:
        """Call :meth:`run_once` after so many seconds at the latest (None: whenever). To be asked again after it."""
        number: int = lib.cryo_loop_timeout_ms(self._handle)
        if number == -1:
            return None
        raise_for(number)
        return number / 1000
