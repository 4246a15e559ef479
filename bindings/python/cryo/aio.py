"""Cryo for asyncio: everything of yours runs in the event loop, on its thread.

The library's events wait in a queue whose descriptor the loop watches. Needs a loop with ``add_reader`` (every one but
Windows' proactor loop), and a service thread of the library's.
"""

from __future__ import annotations

import asyncio
import inspect
import uuid
from functools import partial
from typing import (
    TYPE_CHECKING,
    Any,
    AsyncIterator,
    Awaitable,
    Callable,
    List,
    Mapping,
    Optional,
    Set,
    Tuple,
    TypeVar,
    Union,
)

from ._aio_bridge import LoopBridge, send
from ._aio_client import Client
from ._aio_kept import KeptEvents
from ._aio_lanes import Lanes
from ._aio_reader import QueueReader
from ._aio_thread import in_thread_of_its_own
from ._callbacks import report
from ._handlers import Handlers, OnAttemptFailed, OnClosed, OnListening, OnMessage, OnSession, OnStat
from ._sending_handlers import OnDropped, OnNumberedReceipt, OnWritable
from .auth import Auth, settle
from .codes import CloseCode, ServerStat
from .errors import state_error
from .events import (
    AttemptFailedEvent,
    AuthEvent,
    ClosedEvent,
    DisconnectedEvent,
    DroppedEvent,
    Event,
    ListeningEvent,
    LostEvent,
    MessageEvent,
    ReceiptEvent,
    ReconnectedEvent,
    SessionEvent,
    StatEvent,
    WritableEvent,
)
from .extension import Extension
from .options import ClientOptions, ServerOptions
from .queue_server import QueueServer
from .session import BytesLike, Session, current_message

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

_Answer = Union[bool, Mapping[Any, Any]]
Validator = Callable[[str], Union[_Answer, Awaitable[_Answer]]]
Authorizer = Callable[[Auth], Union[_Answer, None, Awaitable[Optional[_Answer]]]]
__all__ = ["Client", "Server", "send"]

_F = TypeVar("_F", bound=Callable[..., Any])

_DEFAULT_VALIDATION_TIMEOUT_MS = 10000


async def _call_numbered(function: OnMessage, event: MessageEvent) -> None:
    """In a task, so that the function, and what it waits for, knows which message it runs for."""
    current_message.set((event.session, event.id))
    try:
        result = function(event.session, event.message)
        if inspect.isawaitable(result):
            await result
    finally:
        current_message.set((None, 0))


class Server(Handlers):
    """A server in an event loop. Its events are iterated over::

        async with cryo.aio.Server(port=8080, validate=check) as server:
            async for event in server.events():
                if isinstance(event, cryo.MessageEvent):
                    event.session.send(event.message)

    or given to functions, plain or async::

        server = cryo.aio.Server(port=8080, validate=check)

        @server.on_message
        async def echo(session, message):
            session.send(message)

        await server.serve()  # until it is stopped or cancelled

    The functions run one at a time and in order for each session, side by side for different ones. An exception goes to
    the logger "cryo" and ends nothing; one that leaves the validator refuses the client. When they, or the
    iteration, are slower than what comes, the library stops reading from the sessions. The validator is asked all the same.

    A server that only sends needs neither: until somebody iterates, the last events are kept, and the rest are passed over.

    Without a validator, :meth:`events` yields :class:`cryo.AuthEvent`. The other keywords are those of
    :class:`cryo.QueueServer`. The methods are for the loop's thread; sessions can be used from any.
    """

    def __init__(
        self,
        *,
        validate: Optional[Validator] = None,
        authorize: Optional[Authorizer] = None,
        on_listening: Optional[OnListening] = None,
        on_session: Optional[OnSession] = None,
        on_message: Optional[OnMessage] = None,
        on_closed: Optional[OnClosed] = None,
        on_stat: Optional[OnStat] = None,
        on_disconnected: Optional[OnClosed] = None,
        on_reconnected: Optional[OnSession] = None,
        on_attempt_failed: Optional[OnAttemptFailed] = None,
        on_lost: Optional[OnMessage] = None,
        on_dropped: Optional[OnDropped] = None,
        on_writable: Optional[OnWritable] = None,
        on_receipt: Optional[OnNumberedReceipt] = None,
        queue_capacity: Optional[Tuple[int, int]] = None,
        **options: "Unpack[ServerOptions]",
    ) -> None:
        if options.get("threads") == 0:
            raise ValueError("in an event loop the library needs a thread: threads must be 1 or more")
        self._server = QueueServer(queue_capacity=queue_capacity, **options)
        self._bridge = LoopBridge(self._server)
        self._validation_seconds = options.get("validation_timeout_ms", _DEFAULT_VALIDATION_TIMEOUT_MS) / 1000
        self._validate = validate
        self._authorize = authorize
        self._set_handlers(
            on_listening,
            on_session,
            on_message,
            on_closed,
            on_stat,
            on_disconnected,
            on_reconnected,
            on_attempt_failed,
            on_lost,
        )
        self._set_sending_handlers(on_dropped, on_writable, on_receipt)
        self._reader: Optional[QueueReader] = None
        self._validations: Set["asyncio.Task[None]"] = set()
        self._dispatcher: Optional["asyncio.Task[None]"] = None
        self._kept: Optional[KeptEvents] = None
        self._stopper: Optional["asyncio.Task[None]"] = None
        self._closer: Optional["asyncio.Task[None]"] = None

    # --- the validator

    def validate(self, function: _F) -> _F:
        """Decorator: function(token), plain or async, answers True (let in) or False (refuse with 401).

        Or it lets in with a mapping of what it knows of the client, which is :attr:`cryo.Session.user` then.
        """
        self._validate = function
        return function

    def authorize(self, function: _F) -> _F:
        """Decorator: function(auth), plain or async, gets the whole ticket and returns True or False.

        Or None, and then auth.accept() or auth.reject() is called, at once or later.
        """
        self._authorize = function
        return function

    # --- running

    async def start(self) -> "Self":
        """Binds and listens: when it returns, clients can connect. Raises as :meth:`cryo.Server.start` does."""
        self._bridge.enter()
        if self._validates():
            self._server._authorize = self._auth_arrived
        self._server.start()
        try:
            self._reader = QueueReader(self._server)
            self._bridge.read_by(self._reader)
        except BaseException:
            self._server.close()
            raise
        self._stopped = asyncio.Event()
        self._lanes = Lanes(partial(report, "an event handler"))
        self._kept = KeptEvents(self._reader)
        if self._has_handlers():
            self._dispatch_from_now()
        return self

    def stop(self) -> None:
        """Begins to stop and returns at once: no new clients; sessions close with 4000 after what was sent before."""
        if self._reader is not None:
            self._server.stop()
            self._await_stop()

    def drain(
        self,
        deadline_ms: int,
        batch_ms: int = 0,
        *,
        code: int = CloseCode.GRACEFUL,
        reason: str = "Server shutdown.",
        retry_ms: int = 0,
    ) -> None:
        """Stops gently, and returns at once, as :meth:`cryo.Server.drain`; :meth:`wait` waits for the end."""
        self._started_reader()
        self._server.drain(deadline_ms, batch_ms, code=code, reason=reason, retry_ms=retry_ms)
        self._await_stop()

    def _await_stop(self) -> None:
        if self._stopper is None:
            self._stopper = asyncio.get_running_loop().create_task(self._wait_stopped())

    async def wait(self) -> None:
        """Waits until the server has stopped. StateError when it was not started."""
        self._started_reader()
        await self._stopped.wait()

    async def close(self) -> None:
        """Stops, waits for the sessions to close and for the functions to end, and frees what the server has.

        Closing twice does nothing. Inside a function of the server's it only begins; the rest happens when that has
        returned.
        """
        if self._reader is None:
            return
        self.stop()
        if self._closer is None:
            self._closer = asyncio.get_running_loop().create_task(self._finish())
        if not self._lanes.contains(asyncio.current_task()):
            await asyncio.shield(self._closer)

    async def serve(self) -> None:
        """Starts unless it runs already, waits until it is stopped or this is cancelled, and closes."""
        if self._reader is None:
            await self.start()
        if self._dispatcher is None:
            self._dispatch_from_now()
        try:
            await self.wait()
        finally:
            await self.close()

    async def __aenter__(self) -> "Self":
        return await self.start()

    async def __aexit__(self, *_exception: object) -> None:
        await self.close()

    async def events(self) -> AsyncIterator[Event]:
        """All events, as they come; ends when the server has stopped and all of them were taken.

        Several tasks may iterate: each event goes to one. StateError when there are functions for events.
        """
        reader = self._started_reader()
        if self._dispatcher is not None:
            raise state_error("the events go to functions")
        self._take_kept()
        while True:
            event = await reader.next()
            if event is None:
                return
            yield event

    # --- asking

    @property
    def port(self) -> int:
        """The port that it listens on; 0 before the start."""
        return self._server.port

    def stat(self, which: ServerStat, of: int = 0) -> float:
        """What the server counts, as :meth:`cryo.Server.stat`."""
        return self._server.stat(which, of)

    def metrics(self) -> str:
        """All of that as Prometheus reads it."""
        return self._server.metrics()

    @property
    def session_count(self) -> int:
        """How many sessions are live: announced and not closed."""
        return self._server.session_count

    @property
    def sessions(self) -> List[Session]:
        """The live sessions, in no order."""
        return self._server.sessions

    def find(self, session_id: Union[uuid.UUID, str]) -> Optional[Session]:
        """The live session with this id, or None."""
        return self._server.find(session_id)

    def connect_peer(self, url: str, token: str = "", **options: "Unpack[ClientOptions]") -> Session:
        """Opens a session from this server to another one, as :meth:`cryo.Server.connect_peer`; events tell the rest."""
        return self._server.connect_peer(url, token, **options)

    def broadcast(self, message: Union[str, BytesLike], exclude: Optional[Session] = None) -> int:
        """Sends to every live session but `exclude`. How many it was sent to: 0 once it stops."""
        return self._server.broadcast(message, exclude)

    # --- TLS

    async def set_tls(self, **options: "Unpack[ServerOptions]") -> None:
        """As :meth:`cryo.Server.set_tls`; the event loop goes on meanwhile."""
        await asyncio.get_running_loop().run_in_executor(None, partial(self._server.set_tls, **options))

    async def reload_tls(self) -> None:
        """As :meth:`cryo.Server.reload_tls`; the event loop goes on meanwhile."""
        await asyncio.get_running_loop().run_in_executor(None, self._server.reload_tls)

    def set_tls_ticket_keys(self, keys: Optional[bytes]) -> None:
        """As :meth:`cryo.Server.set_tls_ticket_keys`."""
        self._server.set_tls_ticket_keys(keys)

    # --- extensions

    def add_extension(self, extension: Extension) -> None:
        """Adds an extension, whose hooks run in the event loop, and may be async. As :meth:`cryo.Server.add_extension`."""
        self._server.add_extension(extension)

    def remove_extension(self, name: str) -> None:
        """As :meth:`cryo.Server.remove_extension`."""
        self._server.remove_extension(name)

    def find_extension(self, name: str) -> Optional[Extension]:
        """The extension of that name, or None."""
        return self._server.find_extension(name)

    # --- inside

    def _started_reader(self) -> QueueReader:
        if self._reader is None:
            raise state_error("the server was not started")
        return self._reader

    def _validates(self) -> bool:
        return self._validate is not None or self._authorize is not None

    def _auth_arrived(self, auth: Auth) -> None:
        """On a thread of the library's: a ticket does not wait for those who take the events."""
        self._bridge.call_soon(self._begin_validation, auth)

    def _take_kept(self) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.give_back()

    def _begin_validation(self, auth: Auth) -> None:
        task = asyncio.get_running_loop().create_task(self._answer(auth))
        self._validations.add(task)
        task.add_done_callback(self._validations.discard)

    async def _answer(self, auth: Auth) -> None:
        try:
            answer: Any = False
            if self._authorize is not None:
                answer = self._authorize(auth)
            elif self._validate is not None:
                answer = self._validate(auth.token)
            if inspect.isawaitable(answer):
                answer = await asyncio.wait_for(answer, self._validation_seconds)
            settle(auth, answer, may_wait=self._authorize is not None)
        except BaseException as error:
            auth.reject()
            if not isinstance(error, Exception):
                raise
            report("the validator")

    def _dispatch_from_now(self) -> None:
        self._take_kept()
        self._dispatcher = asyncio.get_running_loop().create_task(self._dispatch())

    async def _dispatch(self) -> None:
        reader = self._started_reader()
        while True:
            event = await reader.next()
            if event is None:
                break
            if isinstance(event, AuthEvent):
                event.auth.reject()  # there is no validator
            else:
                await self._call_for(event)
        await self._lanes.idle()

    async def _call_for(self, event: Event) -> None:
        function: Optional[Callable[..., Any]] = None
        arguments: Tuple[Any, ...] = ()
        if isinstance(event, MessageEvent):
            function, arguments = self._on_message, (event.session, event.message)
            if function is not None and event.id:
                function, arguments = _call_numbered, (function, event)
        elif isinstance(event, SessionEvent):
            function, arguments = self._on_session, (event.session,)
        elif isinstance(event, ClosedEvent):
            function, arguments = self._on_closed, (event.session, event.code, event.reason)
        elif isinstance(event, ListeningEvent):
            function, arguments = self._on_listening, (event.host, event.port)
        elif isinstance(event, StatEvent):
            function, arguments = self._on_stat, (event.session, event.stat, event.value)
        elif isinstance(event, DisconnectedEvent):
            function, arguments = self._on_disconnected, (event.session, event.code, event.reason)
        elif isinstance(event, ReconnectedEvent):
            function, arguments = self._on_reconnected, (event.session,)
        elif isinstance(event, AttemptFailedEvent):
            function, arguments = self._on_attempt_failed, (event.session, event.failure)
        elif isinstance(event, LostEvent):
            function, arguments = self._on_lost, (event.session, event.message)
        elif isinstance(event, DroppedEvent):
            function, arguments = self._on_dropped, (event.session, event.reason, event.message)
        elif isinstance(event, WritableEvent):
            function, arguments = self._on_writable, (event.session,)
        elif isinstance(event, ReceiptEvent):
            function, arguments = self._on_receipt, (event.session, event.number, event.receipt)
        if function is not None:
            size = len(event.message) if isinstance(event, (MessageEvent, DroppedEvent)) else 0
            lane = getattr(event, "session", None)
            await self._lanes.run(lane, partial(function, *arguments), size)

    async def _wait_stopped(self) -> None:
        await in_thread_of_its_own(self._server.wait)
        self._started_reader().end()
        self._stopped.set()

    async def _finish(self) -> None:
        await self._stopped.wait()
        if self._dispatcher is not None:
            await asyncio.wait({self._dispatcher})
            if self._dispatcher.cancelled():
                await self._dispatch()  # the last events are still to be told
        for task in list(self._validations):
            task.cancel()
        if self._kept is not None:
            self._kept.stop()
        self._bridge.leave()
        await in_thread_of_its_own(self._server.close)
