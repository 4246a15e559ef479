"""What the kinds of client have in common: connecting, closing, waiting."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Callable, Optional

from . import _callbacks
from ._exit import running
from ._extensible import Extensible
from ._ffi import lib, new_handle, to_text
from ._loop_thread import SharedLoop
from ._waiting import wait_in_slices
from .codes import CloseCode, Status
from .errors import Closed, HandleError, StateError, error_for, state_error
from .loop import Loop
from .options import ClientOptions, new_client_options
from .session import Session, SessionTable
from .token import OnToken, TokenRequest

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack


class BaseClient(Extensible):
    """Not to be made itself: see :class:`cryo.Client`, :class:`cryo.QueueClient`, :class:`cryo.aio.Client`.

    One session from its side: it connects, and when the connection is lost, connects again with the same id. It can be
    started once.
    """

    _library_name = "client"
    # Whether it lives on a thread of Python's, with the others that do.
    _has_python_thread = False
    # Calls a token provider in an event loop, and gives it up after so many seconds.
    _run_provider: Optional[Callable[[OnToken, TokenRequest, float], None]] = None

    def __init__(
        self, url: str, token: str = "", *, loop: Optional[Loop] = None, **options: "Unpack[ClientOptions]"
    ) -> None:
        self._url = url
        self._token = token
        self._loop = loop
        self._settings = dict(options)
        self._sessions = SessionTable()
        self._lock = threading.Lock()
        self._handle: Optional[int] = None
        self._session: Optional[Session] = None
        self._started = False
        self._shared: Optional[SharedLoop] = None
        self._ended = threading.Event()
        lib.cryo_client_options_free(self._make_options())  # a mistake is told here, not at the start

    # --- running

    def start(self) -> "Self":
        """Begins to connect, and returns at once; events tell the rest.

        Raises TlsError, SystemFailure, and StateError when it was started before. After a failure it can be tried again.
        """
        with self._lock:
            if self._started:
                raise state_error("the client was started before")
            self._started = True
        try:
            if self._has_python_thread and self._loop is None:
                self._ended.clear()
                self._shared = SharedLoop.join()
            self._handle = self._make_client()
            self._session = self._sessions.announced(lib.cryo_client_session(self._handle))
            running.add(self)
            lib.cryo_client_start(self._handle)
            if self._shared is not None:
                self._shared.run()
        except BaseException:
            self._free()
            shared, self._shared = self._shared, None
            if shared is not None and not self._ended.is_set():
                shared.leave()
            self._session = None
            self._started = False
            raise
        return self

    def stop(self, code: int = CloseCode.GRACEFUL, reason: str = "") -> None:
        """Begins to close for good, connected or not, and returns at once. What is closed or closing stays as it is."""
        try:
            lib.cryo_client_close(self._handle, code, to_text(reason))
        except (Closed, StateError, HandleError):
            pass

    def wait(self, timeout: Optional[float] = None) -> bool:
        """Waits until it has closed, up to `timeout` seconds (None: for ever). False: it has not.

        Raises StateError when it was not started, is on a loop of yours, or this is inside one of its callbacks.
        """
        shared = self._shared
        if shared is not None and shared.is_here():
            if shared.is_current():
                raise state_error("a callback of a client cannot wait for its end")
            return self._ended.wait(timeout)
        try:
            return wait_in_slices(lambda ms: lib.cryo_client_wait(self._handle, ms), timeout)
        except HandleError:
            if not self._started:
                raise state_error("the client was not started") from None
            return True  # freed, perhaps by another thread meanwhile

    def close(self, code: int = CloseCode.GRACEFUL, reason: str = "") -> None:
        """Closes, waits for it, and frees what the client has. Closing twice does nothing.

        When it returns, no callback runs any more; inside a callback it only begins, and the rest happens when that has
        returned.
        """
        self.stop(code, reason)
        try:
            self.wait()
        except StateError:
            pass  # not started, a loop of yours, or inside a callback: freeing does the rest
        self._free()
        if self._shared is not None and self._shared.is_here():
            self._shared.wait_for_end()

    def __enter__(self) -> "Self":
        return self.start()

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def set_token(self, token: str) -> None:
        """Another token, from the next attempt to connect on; what is connected stays so.

        Raises Closed when it has closed, StateError when it has a token provider, InvalidError for an empty one.
        """
        text = to_text(token)
        with self._lock:
            if not self._started:
                self._set_first_token(token)
                return
        try:
            lib.cryo_client_set_token(self._handle, text)
        except HandleError:
            raise error_for(Status.ERR_CLOSED, "CRYO_ERR_CLOSED", "The client was closed.") from None

    # --- talking

    @property
    def session(self) -> Session:
        """Its session, the same one from the start to the end. StateError before the start."""
        if self._session is None:
            raise state_error("the client was not started")
        return self._session

    def __repr__(self) -> str:
        state = "running" if self._handle is not None else "closed" if self._started else "not started"
        return f"<cryo.{type(self).__name__} {state}>"  # the URL may hold what is nobody's business

    # --- for the kinds of client

    def _new_events(self) -> int:
        """The library's events, which say whom it tells what happens."""
        raise NotImplementedError

    def _released(self) -> None:
        """The client was freed: no event comes any more."""

    # --- inside

    def _set_first_token(self, token: str) -> None:
        if not token:
            raise error_for(Status.ERR_INVALID, "CRYO_ERR_INVALID", "The token is empty.")
        if self._settings.get("token_provider") is not None or self._settings.get("token_from_queue"):
            raise state_error("the client has a token provider")
        self._token = token

    def _make_options(self) -> int:
        options = new_client_options(self._url, self._token, self._settings, self._run_provider)
        try:
            loop = self._shared.loop if self._shared is not None else self._loop
            if loop is not None:
                lib.cryo_client_options_set_loop(options, loop._handle)
        except BaseException:
            lib.cryo_client_options_free(options)
            raise
        return options

    def _make_client(self) -> int:
        options = self._make_options()
        try:
            events = self._new_events()
            try:
                lib.cryo_client_options_set_events(options, events)
            finally:
                lib.cryo_events_free(events)
            client = new_handle(lib.cryo_client_new, options)
            try:
                self._add_extensions_to(client)
            except BaseException:
                lib.cryo_client_free(client)
                raise
            return client
        finally:
            lib.cryo_client_options_free(options)

    def _free(self) -> None:
        handle, self._handle = self._handle, None
        if handle is not None:
            lib.cryo_client_free(handle)
        self._released()
        running.discard(self)

    def _has_ended(self) -> None:
        """Its last event has been told."""
        if self._shared is not None:
            self._shared.leave()
        self._ended.set()

    def _caught(self, error: BaseException, what: str) -> None:
        """An exception left application code. Ctrl-C inside of run_once belongs to whoever called that."""
        if self._loop is not None and isinstance(error, (KeyboardInterrupt, SystemExit)):
            self._loop._interrupt = error
        else:
            _callbacks.report(what)
