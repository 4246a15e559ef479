"""What the kinds of server have in common: starting, stopping, and asking."""

from __future__ import annotations

import ctypes
import threading
import uuid
from typing import TYPE_CHECKING, Any, Callable, List, Mapping, Optional, TypeVar, Union

from . import _callbacks, _figures
from ._exit import running
from ._extensible import Extensible
from ._ffi import lib, new_handle, raise_for, read_bytes, to_milliseconds
from ._loop_thread import LoopThread, run_server
from ._signals import stopped_by_sigterm
from ._tls import ExchangesTls
from ._waiting import SLICE_SECONDS, wait_in_slices
from .auth import Auth, settle
from .codes import CloseCode, ServerStat, Transport
from .errors import Closed, HandleError, NotFound, StateError, state_error
from .options import ClientOptions, ServerOptions, apply, new_client_options
from .session import BytesLike, Session, SessionTable, payload_of
from .token import OnToken, TokenRequest

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

Validator = Callable[[str], Union[bool, Mapping[Any, Any]]]
Authorizer = Callable[[Auth], Union[bool, Mapping[Any, Any], None]]
_F = TypeVar("_F", bound=Callable[..., Any])


class BaseServer(ExchangesTls, Extensible):
    """Not to be made itself: see :class:`cryo.Server`, :class:`cryo.QueueServer`, :class:`cryo.aio.Server`.

    A server runs from :meth:`start` until it is stopped, also when you keep no reference to it. What still runs when
    the program ends is closed then. It can be started once.
    """

    _library_name = "server"
    # Whether its one thread is Python's. Several are the library's: it has one loop for a thread that is not its own.
    _has_python_thread = False
    # Calls a token provider of a peer's in an event loop, and gives it up after so many seconds.
    _run_provider: Optional[Callable[[OnToken, TokenRequest, float], None]] = None

    def __init__(
        self,
        *,
        validate: Optional[Validator] = None,
        authorize: Optional[Authorizer] = None,
        **options: "Unpack[ServerOptions]",
    ) -> None:
        self._settings = dict(options)
        self._validate = validate
        self._authorize = authorize
        self._sessions = SessionTable()
        self._lock = threading.Lock()
        self._handle: Optional[int] = None
        self._started = False
        self._port = 0
        self._interrupt: Optional[BaseException] = None
        self._loop_thread: Optional[LoopThread] = None
        lib.cryo_server_options_free(self._make_options())  # a mistake is told here, not at the start

    # --- the validator

    def validate(self, function: _F) -> _F:
        """Decorator: function(token) answers True (let in) or False (refuse with 401).

        Or it lets in with a mapping of what it knows of the client, which is :attr:`cryo.Session.user` then.
        """
        self._validate = function
        return function

    def authorize(self, function: _F) -> _F:
        """Decorator: function(auth) gets the whole ticket, an :class:`cryo.Auth`.

        It returns True, False or a mapping; or None, and then calls auth.accept() or auth.reject(), at once or later, from any
        thread.
        """
        self._authorize = function
        return function

    # --- running

    def start(self) -> "Self":
        """Binds and listens, and starts the service threads: when it returns, clients can connect.

        Raises AddressError, PermissionDenied, TlsError, SystemFailure, and StateError when it was started before. After
        a failure it can be tried again.
        """
        with self._lock:
            if self._started:
                raise state_error("the server was started before")
            self._started = True
        try:
            self._handle = self._make_server()
            running.add(self)
            lib.cryo_server_start(self._handle)
            if self._runs_on_python():
                self._loop_thread = run_server(self._handle)
        except BaseException:
            self._free()
            self._started = False
            raise
        self._port = lib.cryo_server_port(self._handle)
        return self

    def stop(self) -> None:
        """Begins to stop and returns at once: no new clients; sessions close with 4000 after what was sent before.

        Stopping twice, or a server that does not run, does nothing.
        """
        try:
            lib.cryo_server_stop(self._handle)
        except (StateError, HandleError):
            pass

    def drain(
        self,
        deadline_ms: int,
        batch_ms: int = 0,
        *,
        code: int = CloseCode.GRACEFUL,
        reason: str = "Server shutdown.",
        retry_ms: int = 0,
    ) -> None:
        """Stops gently, and returns at once: nobody is let in any more, and the sessions go on.

        Every `batch_ms` some are closed, so that all are after `deadline_ms` (0: none before that), with `code` and
        `reason`. The server stops as soon as no session is left. `retry_ms`: when clients may come back; they are told.
        StateError: it was not started.
        """
        try:
            _figures.drain(self._handle, deadline_ms, batch_ms, code, reason, retry_ms)
        except HandleError:
            if not self._started:
                raise state_error("the server was not started") from None

    def stat(self, which: ServerStat, of: int = 0) -> float:
        """What the server counts; `of` picks a status, a reason or an outcome where there are several, 0: all."""
        return _figures.stat(self._handle, which, of) if self._started else 0.0

    def metrics(self) -> str:
        """All of that as Prometheus reads it, in its text format 0.0.4."""
        return _figures.metrics(self._handle) if self._started else ""

    def wait(self, timeout: Optional[float] = None) -> bool:
        """Waits until the server has stopped, up to `timeout` seconds (None: for ever). False: it still runs.

        Raises StateError when it was not started, has no threads, or this is inside one of its callbacks.
        """
        thread = self._loop_thread
        if thread is not None and thread.is_here():
            if thread.is_current():
                raise state_error("a callback of the server cannot wait for its end")
            return thread.wait(timeout)
        try:
            return wait_in_slices(lambda ms: lib.cryo_server_wait(self._handle, ms), timeout)
        except HandleError:
            if not self._started:
                raise state_error("the server was not started") from None
            return True  # closed, perhaps by another thread meanwhile

    def close(self) -> None:
        """Stops, waits for the sessions to close, and frees what the server has. Closing twice does nothing.

        When it returns, no callback runs any more; inside a callback it only begins, and the rest happens when that has
        returned.
        """
        self.stop()
        try:
            self.wait()
        except StateError:
            pass  # no threads to wait for, or inside a callback: freeing does the rest
        self._free()

    def run(self) -> None:
        """Starts unless it runs already, waits until it is stopped, Ctrl-C is pressed or SIGTERM comes, and closes.

        SIGTERM is taken on the main thread, and where the program has not said itself what to do about it.
        """
        with stopped_by_sigterm(self.stop):
            try:
                if not self._started:
                    self.start()
                if self._settings.get("threads") == 0:
                    while self.run_once(SLICE_SECONDS):
                        pass
                else:
                    self.wait()
            except KeyboardInterrupt:
                pass
            finally:
                self.close()

    def __enter__(self) -> "Self":
        return self.start()

    def __exit__(self, *_exception: object) -> None:
        self.close()

    # --- running on a thread of your own (threads=0)

    def run_once(self, timeout: Optional[float] = 0) -> bool:
        """threads=0 only: does what there is to do, waiting up to `timeout` seconds for something (None: for ever).

        False when the server has stopped: nothing will happen any more. Raises StateError with threads, before the
        start, and inside a callback.
        """
        self._check_own_loop()
        try:
            lib.cryo_server_run_once(self._handle, to_milliseconds(timeout))
        except Closed:
            return False
        except HandleError:
            if not self._started:
                raise state_error("the server was not started") from None
            return False
        finally:
            self._raise_interrupt()
        return True

    def wake(self) -> None:
        """threads=0 only: ends the waiting of :meth:`run_once`, or of the next one; from any thread."""
        lib.cryo_server_wake(self._handle)

    def fileno(self) -> int:
        """threads=0 only: a descriptor that is readable when :meth:`run_once` has something to do.

        To be watched, not read, together with :meth:`timeout`. Raises Unsupported where the system has none.
        """
        self._check_own_loop()
        number: int = lib.cryo_server_fd(self._handle)
        raise_for(number)
        return number

    def timeout(self) -> Optional[float]:
        """threads=0 only: call :meth:`run_once` after so many seconds at the latest (None: whenever).

        To be asked again after each :meth:`run_once`.
        """
        self._check_own_loop()
        number: int = lib.cryo_server_timeout_ms(self._handle)
        if number == -1:
            return None
        raise_for(number)
        return number / 1000

    # --- asking

    @property
    def port(self) -> int:
        """The port that it listens on; 0 before the start."""
        return lib.cryo_server_port(self._handle) or self._port

    @property
    def transport(self) -> Transport:
        """What carries its connections: Transport.LIBWEBSOCKETS or Transport.POLL. AUTO: it is closed."""
        return Transport(lib.cryo_server_transport(self._handle))

    @property
    def session_count(self) -> int:
        """How many sessions are live: announced and not closed."""
        return int(lib.cryo_server_session_count(self._handle))

    @property
    def sessions(self) -> List[Session]:
        """The live sessions, in no order."""
        capacity, count = self.session_count, ctypes.c_size_t()
        while self._handle is not None:
            capacity += 16  # some may come in between
            handles = (ctypes.c_void_p * capacity)()
            try:
                lib.cryo_server_sessions(self._handle, handles, capacity, ctypes.byref(count))
            except HandleError:
                break
            found = [self._sessions.owned(handle) for handle in handles[: count.value] if handle]
            if count.value <= capacity:
                return found
            capacity = count.value
        return []

    def find(self, session_id: Union[uuid.UUID, str]) -> Optional[Session]:
        """The live session with this id, or None."""
        wanted = session_id if isinstance(session_id, uuid.UUID) else uuid.UUID(session_id)
        try:
            handle = new_handle(lib.cryo_server_find_session, self._handle, wanted.bytes)
        except (NotFound, HandleError):
            return None
        return self._sessions.owned(handle)

    def connect_peer(self, url: str, token: str = "", **options: "Unpack[ClientOptions]") -> Session:
        """Opens a session from this server to another one, and returns at once; events tell the rest.

        It comes back after a loss as a client does, tells the events of this server (also those that only clients have),
        and is one of its live sessions while it is connected. Session.close() ends it for good, as does the end of the
        server. The keywords are those of :class:`cryo.ClientOptions`. Raises StateError when the server was not
        started, or a session has that `session_id`; Closed when it stops; TlsError.
        """
        made = new_client_options(url, token, options, self._run_provider)
        try:
            return self._sessions.owned(new_handle(lib.cryo_server_connect_peer, self._handle, made))
        except HandleError:
            if not self._started:
                raise state_error("the server was not started") from None
            raise
        finally:
            lib.cryo_client_options_free(made)

    def broadcast(self, message: Union[str, BytesLike], exclude: Optional[Session] = None) -> int:
        """Sends to every live session but `exclude`; the dropped event tells of those that refuse it.

        How many it was sent to: 0 once the server stops. Raises StateError when it was not started, and
        :class:`cryo.Full` when more is on its way to the sessions than `max_total_queued_bytes`.
        """
        kind, payload = payload_of(message)
        count = ctypes.c_size_t()
        but = None if exclude is None else exclude._handle
        try:
            lib.cryo_server_broadcast(self._handle, kind, payload, len(payload), but, ctypes.byref(count))
        except (Closed, HandleError):
            if not self._started:
                raise state_error("the server was not started") from None
            return 0
        return count.value

    def post(self, function: Callable[[], Any], after: float = 0) -> None:
        """Calls function() once on a thread of the server's, always the same one and never inside of this call; after so
        many seconds, if given.

        It does not run when the server stops before. Raises StateError when it was not started, Closed when it stops.
        """

        def call() -> None:
            try:
                function()
            except BaseException as error:
                self._caught(error, "a posted function")

        def give(user: int, finalizer: Any) -> None:
            if after > 0:
                ms = to_milliseconds(after)
                lib.cryo_server_post_after_ms(self._handle, ms, _callbacks.posted_to_server, user, finalizer)
            else:
                lib.cryo_server_post(self._handle, _callbacks.posted_to_server, user, finalizer)

        try:
            _callbacks.registered(call, give)
        except HandleError:
            if not self._started:
                raise state_error("the server was not started") from None
            raise

    def __repr__(self) -> str:
        state = "running" if self._handle is not None else "closed" if self._started else "not started"
        return f"<cryo.{type(self).__name__} {state}, port {self.port}>"

    # --- for the kinds of server

    def _add_events(self, options: int) -> None:
        """Says in the options whom the server tells what happens."""
        raise NotImplementedError

    def _released(self) -> None:
        """The server was freed: no event comes any more."""

    def _needs_validator(self) -> bool:
        return True

    # --- inside

    def _runs_on_python(self) -> bool:
        return self._has_python_thread and self._settings.get("threads", 1) == 1

    def _check_own_loop(self) -> None:
        if self._loop_thread is not None:
            raise state_error("the server has a thread of its own; this is for threads=0")

    def _make_options(self) -> int:
        options = new_handle(lib.cryo_server_options_new)
        try:
            apply(options, {**self._settings, "threads": 0} if self._runs_on_python() else self._settings)
        except BaseException:
            lib.cryo_server_options_free(options)
            raise
        return options

    def _make_server(self) -> int:
        options = self._make_options()
        try:
            if self._validate is not None or self._authorize is not None:
                _callbacks.registered(
                    _ValidatorCalls(self),
                    lambda user, finalizer: lib.cryo_server_options_set_validator(
                        options, _callbacks.validate, user, finalizer
                    ),
                )
            elif self._needs_validator():
                raise ValueError("a server needs a validator: give validate=, or authorize=")
            self._add_events(options)
            server = new_handle(lib.cryo_server_new, options)
            try:
                self._add_extensions_to(server)
            except BaseException:
                lib.cryo_server_free(server)
                raise
            return server
        finally:
            lib.cryo_server_options_free(options)

    def _free(self) -> None:
        handle, self._handle = self._handle, None
        if handle is not None:
            lib.cryo_server_free(handle)
        self._released()
        running.discard(self)
        self._raise_interrupt()

    def _caught(self, error: BaseException, what: str) -> None:
        """An exception left application code. Ctrl-C inside of run_once belongs to whoever called that."""
        if self._settings.get("threads") == 0 and isinstance(error, (KeyboardInterrupt, SystemExit)):
            self._interrupt = error
        else:
            _callbacks.report(what)

    def _raise_interrupt(self) -> None:
        error, self._interrupt = self._interrupt, None
        if error is not None:
            raise error


class _ValidatorCalls:
    """Takes the library's question to the application's validator."""

    def __init__(self, server: BaseServer) -> None:
        self._server = server

    def validate(self, handle: int, address: int, length: int) -> None:
        server = self._server
        auth = Auth(handle, read_bytes(address, length).decode("utf-8", "replace"))
        try:
            if server._authorize is not None:
                settle(auth, server._authorize(auth), may_wait=True)
            elif server._validate is not None:
                settle(auth, server._validate(auth.token), may_wait=False)
        except BaseException as error:
            auth.reject()
            server._caught(error, "the validator")
