"""A server that calls functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Optional

from . import _callbacks
from ._base import Authorizer, BaseServer, Validator
from ._ffi import lib, new_handle, read_bytes
from ._handlers import Handlers, OnAttemptFailed, OnClosed, OnListening, OnMessage, OnSession, OnStat
from ._sending_handlers import OnDropped, OnNumberedReceipt, OnWritable
from .codes import DropReason
from .events import failed_attempt, message_of, stat_of, tell_receipt
from .options import ServerOptions
from .receipts import FIRST_OWN, receipt_of

if TYPE_CHECKING:
    from typing_extensions import Unpack


class Server(Handlers, BaseServer):
    """A server that calls functions::

        server = cryo.Server(port=8080, validate=lambda token: token == "MySuperSecretToken")

        @server.on_message
        def echo(session, message):  # str or bytes
            session.send(message)

        server.run()  # until Ctrl-C

    The functions can be given as keywords or set with the decorators, and be changed at any time; there is one for each
    event. They run on a thread of the server's (with more `threads`: on as many of the library's; ``threads=0``: inside
    :meth:`run_once`), one at a time for each session, and may call everything. While one runs, the other sessions of its thread wait. An exception that
    leaves one goes to the logger "cryo" and ends nothing; one that leaves the validator refuses the client.

    For the other keywords see :class:`cryo.ServerOptions`. Raises InvalidError and TypeError for wrong ones.
    """

    _has_python_thread = True

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
        **options: "Unpack[ServerOptions]",
    ) -> None:
        super().__init__(validate=validate, authorize=authorize, **options)
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

    def _add_events(self, options: int) -> None:
        events: int = _callbacks.registered(
            _EventCalls(self), lambda user, finalizer: new_handle(lib.cryo_events_new, user, finalizer)
        )
        try:
            lib.cryo_events_on_listening(events, _callbacks.on_listening)
            lib.cryo_events_on_session(events, _callbacks.on_session)
            lib.cryo_events_on_message(events, _callbacks.on_message)
            lib.cryo_events_on_closed(events, _callbacks.on_closed)
            lib.cryo_events_on_stat(events, _callbacks.on_stat)
            lib.cryo_events_on_disconnected(events, _callbacks.on_disconnected)
            lib.cryo_events_on_reconnected(events, _callbacks.on_reconnected)
            lib.cryo_events_on_attempt_failed(events, _callbacks.on_attempt_failed)
            lib.cryo_events_on_lost(events, _callbacks.on_lost)
            lib.cryo_events_on_dropped(events, _callbacks.on_dropped)
            lib.cryo_events_on_writable(events, _callbacks.on_writable)
            lib.cryo_events_on_receipt(events, _callbacks.on_receipt)
            lib.cryo_server_options_set_events(options, events)
        finally:
            lib.cryo_events_free(events)


class _EventCalls:
    """Takes what the library calls to the application's functions."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._sessions = server._sessions

    def listening(self, host: bytes, port: int) -> None:
        try:
            function = self._server._on_listening
            if function is not None:
                function(host.decode("utf-8", "replace"), port)
        except BaseException as error:
            self._server._caught(error, "on_listening")

    def session(self, handle: int) -> None:
        _callbacks.keep_thread_state()
        try:
            session = self._sessions.announced(handle)
            function = self._server._on_session
            if function is not None:
                function(session)
        except BaseException as error:
            self._server._caught(error, "on_session")

    def message(self, handle: int, kind: int, address: int, length: int) -> None:
        try:
            function = self._server._on_message
            if function is not None:
                function(self._sessions.borrowed(handle), message_of(kind, read_bytes(address, length)))
        except BaseException as error:
            self._server._caught(error, "on_message")

    def closed(self, handle: int, code: int, reason: bytes) -> None:
        try:
            session = self._sessions.borrowed(handle)
            self._sessions.ended(handle)
            function = self._server._on_closed
            if function is not None:
                function(session, code, reason.decode("utf-8", "replace"))
        except BaseException as error:
            self._server._caught(error, "on_closed")

    def stat(self, handle: int, number: int, value: float) -> None:
        try:
            function, stat = self._server._on_stat, stat_of(number)
            if function is not None and stat is not None:
                function(self._sessions.borrowed(handle), stat, value)
        except BaseException as error:
            self._server._caught(error, "on_stat")

    def _call(self, name: str, handle: int, *arguments: Any) -> None:
        try:
            function = getattr(self._server, "_" + name)
            if function is not None:
                function(self._sessions.borrowed(handle), *arguments)
        except BaseException as error:
            self._server._caught(error, name)

    def dropped(self, handle: int, reason: int, kind: int, address: int, length: int) -> None:
        self._call("on_dropped", handle, DropReason(reason), message_of(kind, read_bytes(address, length)))

    def writable(self, handle: int) -> None:
        self._call("on_writable", handle)

    def receipt(self, handle: int, number: int, outcome: int, rtt_ms: float, by: bytes) -> None:
        receipt = receipt_of(outcome, rtt_ms, by)
        if number >= FIRST_OWN:
            tell_receipt(number, receipt)
        else:
            self._call("on_receipt", handle, number, receipt)

    # Of peers only.

    def disconnected(self, handle: int, code: int, reason: bytes) -> None:
        self._call("on_disconnected", handle, code, reason.decode("utf-8", "replace"))

    def reconnected(self, handle: int) -> None:
        self._call("on_reconnected", handle)

    def attempt_failed(self, handle: int, status: int, http_status: int, text: bytes, retry_ms: int) -> None:
        self._call("on_attempt_failed", handle, failed_attempt(status, http_status, text, retry_ms))

    def lost(self, handle: int, kind: int, address: int, length: int) -> None:
        self._call("on_lost", handle, message_of(kind, read_bytes(address, length)))
