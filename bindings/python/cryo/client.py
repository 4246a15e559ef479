"""A client that calls functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Optional

from . import _callbacks
from ._base_client import BaseClient
from ._client_handlers import ClientHandlers, OnAttemptFailed, OnEnd, OnMessage, OnSession, OnStat
from ._ffi import lib, new_handle, read_bytes
from ._sending_handlers import OnDropped, OnNumberedReceipt, OnWritable
from .codes import DropReason
from .events import failed_attempt, message_of, stat_of, tell_receipt
from .loop import Loop
from .options import ClientOptions
from .receipts import FIRST_OWN, receipt_of

if TYPE_CHECKING:
    from typing_extensions import Unpack


class Client(ClientHandlers, BaseClient):
    """A client that calls functions::

        client = cryo.Client("ws://localhost:8080", "MySuperSecretToken")

        @client.on_connected
        def greet(session):
            session.send("hello")

        client.on_message(lambda session, message: print(message))
        with client:
            input()  # until Return

    The functions can be given as keywords or set with the decorators. They run one at a time on a thread that
    such clients share (with `loop`: inside :meth:`cryo.Loop.run_once`), and may call everything. An exception that leaves one
    goes to the logger "cryo" and ends nothing. For the other keywords see :class:`cryo.ClientOptions`.
    """

    _has_python_thread = True

    def __init__(
        self,
        url: str,
        token: str = "",
        *,
        loop: Optional[Loop] = None,
        on_connected: Optional[OnSession] = None,
        on_message: Optional[OnMessage] = None,
        on_closed: Optional[OnEnd] = None,
        on_stat: Optional[OnStat] = None,
        on_disconnected: Optional[OnEnd] = None,
        on_reconnected: Optional[OnSession] = None,
        on_attempt_failed: Optional[OnAttemptFailed] = None,
        on_lost: Optional[OnMessage] = None,
        on_dropped: Optional[OnDropped] = None,
        on_writable: Optional[OnWritable] = None,
        on_receipt: Optional[OnNumberedReceipt] = None,
        **options: "Unpack[ClientOptions]",
    ) -> None:
        super().__init__(url, token, loop=loop, **options)
        self._on_connected = on_connected
        self._on_message = on_message
        self._on_closed = on_closed
        self._on_stat = on_stat
        self._on_disconnected = on_disconnected
        self._on_reconnected = on_reconnected
        self._on_attempt_failed = on_attempt_failed
        self._on_lost = on_lost
        self._set_sending_handlers(on_dropped, on_writable, on_receipt)

    def _new_events(self) -> int:
        events: int = _callbacks.registered(
            _EventCalls(self), lambda user, finalizer: new_handle(lib.cryo_events_new, user, finalizer)
        )
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
        return events


class _EventCalls:
    """Takes what the library calls to the application's functions."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def _call(self, name: str, handle: int, *arguments: Any) -> None:
        client = self._client
        try:
            function = getattr(client, "_" + name)
            if function is not None:
                function(client._sessions.borrowed(handle), *arguments)
        except BaseException as error:
            client._caught(error, name)

    def session(self, handle: int) -> None:
        self._call("on_connected", handle)

    def message(self, handle: int, kind: int, address: int, length: int) -> None:
        self._call("on_message", handle, message_of(kind, read_bytes(address, length)))

    def closed(self, handle: int, code: int, reason: bytes) -> None:
        self._call("on_closed", handle, code, reason.decode("utf-8", "replace"))
        self._client._sessions.ended(handle)
        self._client._has_ended()

    def stat(self, handle: int, number: int, value: float) -> None:
        stat = stat_of(number)
        if stat is not None:
            self._call("on_stat", handle, stat, value)

    def disconnected(self, handle: int, code: int, reason: bytes) -> None:
        self._call("on_disconnected", handle, code, reason.decode("utf-8", "replace"))

    def reconnected(self, handle: int) -> None:
        self._call("on_reconnected", handle)

    def attempt_failed(self, handle: int, status: int, http_status: int, text: bytes, retry_ms: int) -> None:
        self._call("on_attempt_failed", handle, failed_attempt(status, http_status, text, retry_ms))

    def lost(self, handle: int, kind: int, address: int, length: int) -> None:
        self._call("on_lost", handle, message_of(kind, read_bytes(address, length)))

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
