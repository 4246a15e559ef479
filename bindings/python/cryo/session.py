"""One client that was let in, or a client's own end."""

from __future__ import annotations

import ctypes
import threading
import uuid
from contextvars import ContextVar
from types import MappingProxyType
from typing import Any, Callable, Dict, Iterable, Iterator, List, Mapping, NamedTuple, Optional, Tuple, Union
from weakref import WeakValueDictionary

from . import _accepted, _callbacks, receipts
from ._callbacks import report
from ._ffi import lib, read_text, status, to_expiry, to_milliseconds, to_text
from ._tls import PeerCertificate, peer_certificate
from .codes import CloseCode, MessageKind, Stat, Status
from .errors import Closed, Error, InvalidError, NotFound, StateError
from .receipts import OnReceipt

BytesLike = Union[bytes, bytearray, memoryview]


class Stats(NamedTuple):
    """What a session counts, since it began."""

    rtt: Optional[float]
    """Moving average (alpha 0.2) from message to acknowledgement, in milliseconds; None before the first."""
    bytes_rx: int
    """WebSocket payload bytes received."""
    bytes_tx: int
    """WebSocket payload bytes handed to the transport."""
    ack_timeouts: int
    """Messages that were not acknowledged in time."""
    queued_bytes: int
    """Bytes sent by the application and not yet taken by the operating system."""
    queued_count: int = 0
    """Messages sent by the application that have not begun to leave."""


def payload_of(message: Union[str, BytesLike]) -> Tuple[int, bytes]:
    """A message as the library takes it: str is text, anything with the buffer protocol is binary."""
    if isinstance(message, str):
        return MessageKind.UTF8, message.encode("utf-8")
    if isinstance(message, bytes):
        return MessageKind.BINARY, message
    return MessageKind.BINARY, memoryview(message).tobytes()


# The message that a function in an event loop runs for.
current_message: "ContextVar[Tuple[Optional[Session], int]]" = ContextVar("cryo_current_message", default=(None, 0))


class _Held:
    """A retained handle. An object of its own, so that it is released after no weak reference leads to the session."""

    __slots__ = ("handle",)

    def __init__(self, handle: int) -> None:
        self.handle = handle

    def __del__(self, release: Callable[[int], None] = lib.cryo_session_release) -> None:
        release(self.handle)


class Session:
    """A client that was let in, or a client's own end.

    Usable from any thread, also after it closed: then sending raises :class:`Closed`.

    The same session is always the same object, from its first event to its last and for as long as you keep it.
    ``session["key"] = value`` keeps values of your own with it, in :attr:`store`.
    """

    __slots__ = ("_held", "_handle", "store", "__weakref__")

    store: Dict[str, Any]
    """Values of the application's own."""

    def __init__(self, handle: int) -> None:
        """Takes over a retained handle. Sessions are made by the server, not by applications."""
        self._held = _Held(handle)
        self._handle = handle
        self.store = {}

    # --- talking

    def send(
        self,
        message: Union[str, BytesLike],
        *,
        key: Optional[str] = None,
        on_receipt: Optional[OnReceipt] = None,
        receipt: int = 0,
    ) -> None:
        """Sends a message: str as text, bytes-like as binary. Returns at once; messages leave in order.

        `key` (1 to 255 bytes) is for ``DropPolicy.DEDUPE_LATEST``: the message takes the place of a queued one with the
        same key. `on_receipt` is called once with the :class:`cryo.Receipt` that says what became of the message, where
        the other functions of the session are called (with a queue: on the thread that takes the events). Or give a
        number as `receipt` (1 to 2**63 - 1), which comes back in the event of that name.

        Raises :class:`Closed`, :class:`StateError` (a client that is not connected), :class:`Full` (the peer is slower
        than you send; nothing was sent), :class:`TooBig` (over 1 GiB), and UnicodeEncodeError for text with lone
        surrogates; there is no receipt then.
        """
        kind, payload = payload_of(message)
        if key is None and on_receipt is None and not receipt:
            lib.cryo_session_send(self._handle, kind, payload, len(payload))
            return
        if not 0 <= receipt < receipts.FIRST_OWN or receipt and on_receipt is not None:
            raise ValueError("give on_receipt, or as receipt a number from 1 to 2**63 - 1")
        c_key = None if key is None else to_text(key)
        number = receipt if on_receipt is None else receipts.number_for(on_receipt)
        try:
            lib.cryo_session_send_with(self._handle, kind, payload, len(payload), c_key, number)
        except BaseException:
            receipts.take(number)
            raise

    @property
    def message_id(self) -> int:
        """With the server's option ``manual_ack``, inside of on_message: the message's id, for :meth:`ack`. 0 elsewhere."""
        session, number = current_message.get()
        return number if session is self else int(lib.cryo_message_id(self._handle))

    def ack(self, message_id: Optional[int] = None) -> bool:
        """With the server's option ``manual_ack``: the application is done with a message, the present one if none is named.

        From any thread and at any time. False: its connection was lost, and it comes again with its peer; or there is no
        such message. Raises :class:`Closed`.
        """
        try:
            lib.cryo_message_ack(self._handle, self.message_id if message_id is None else message_id)
        except StateError:
            return False
        return True

    def pause_reading(self) -> None:
        """No messages for now. What comes is kept, up to 64 KiB; then the peer is held up. Raises :class:`Closed`."""
        lib.cryo_session_pause_reading(self._handle)

    def resume_reading(self) -> None:
        """Messages again. Raises :class:`Closed`."""
        lib.cryo_session_resume_reading(self._handle)

    def post(self, function: Callable[["Session"], Any], after: float = 0) -> None:
        """Calls function(session) once on the session's thread, never inside of this call; after so many seconds, if given.

        It does not run when the session has closed by then. Raises :class:`Closed`. In an event loop use
        ``loop.call_later``.
        """

        def call() -> None:
            try:
                function(self)
            except BaseException:
                report("a posted function")

        def give(user: int, finalizer: Any) -> None:
            if after > 0:
                lib.cryo_session_post_after_ms(
                    self._handle, to_milliseconds(after), _callbacks.posted_to_session, user, finalizer
                )
            else:
                lib.cryo_session_post(self._handle, _callbacks.posted_to_session, user, finalizer)

        _callbacks.registered(call, give)

    def ping(self) -> None:
        """Sends a ping now, beside those of the keep-alive. Raises :class:`Closed`."""
        lib.cryo_session_ping(self._handle)

    def close(self, code: int = CloseCode.GRACEFUL, reason: str = "") -> None:
        """Closes, after what was sent before has left. Closing what is closed or closing does nothing.

        `code` is one of 1000 to 1003, 1007 to 1009, 1011 to 1014 or 3000 to 4999; `reason` is cut to 123 bytes of UTF-8.
        Raises :class:`InvalidError` for another code.
        """
        if not 0 <= code <= 65535:
            raise InvalidError(Status.ERR_INVALID, "CRYO_ERR_INVALID", f"{code} is no close code")
        try:
            lib.cryo_session_close(self._handle, code, to_text(reason))
        except Closed:
            pass

    # --- asking

    @property
    def is_open(self) -> bool:
        """True while messages can be sent; False once it closes."""
        return bool(lib.cryo_session_is_open(self._handle))

    @property
    def is_secure(self) -> bool:
        """True if CALE encrypts what is sent and received. TLS is another matter."""
        return bool(lib.cryo_session_is_secure(self._handle))

    @property
    def is_peer(self) -> bool:
        """True if this server has opened it: see connect_peer of the servers."""
        return bool(lib.cryo_session_is_peer(self._handle))

    @property
    def id(self) -> uuid.UUID:
        """The id that the client chose."""
        out = ctypes.create_string_buffer(16)
        lib.cryo_session_id(self._handle, out)
        return uuid.UUID(bytes=out.raw)

    @property
    def token(self) -> str:
        """The token that the client was let in with."""
        return read_text(lib.cryo_session_token, self._handle)

    @property
    def remote_address(self) -> str:
        """The client's address: ``192.0.2.7:54321``, ``[2001:db8::1]:54321``; what a trusted proxy says of it may lack the
        port."""
        return read_text(lib.cryo_session_remote_address, self._handle)

    @property
    def proxy_address(self) -> str:
        """The address of the trusted proxy that has told the client's; "" without one."""
        return read_text(lib.cryo_session_proxy_address, self._handle)

    @property
    def path(self) -> str:
        """The path of the client's request, without the query."""
        return read_text(lib.cryo_session_path, self._handle)

    @property
    def parameters(self) -> Mapping[str, str]:
        """The query parameters of the request but the token, decoded. Of several with one name, the first."""
        found: Dict[str, str] = {}
        for name, value in self.parameter_list:
            found.setdefault(name, value)
        return MappingProxyType(found)

    @property
    def parameter_list(self) -> List[Tuple[str, str]]:
        """All query parameters but the token, decoded, in the order of the request."""
        return list(self._each_parameter())

    def header(self, name: str, default: Optional[str] = None) -> Optional[str]:
        """A header of the request, by its name in any case: one that the server's option ``session_headers`` names."""
        try:
            return read_text(lib.cryo_session_header, self._handle, to_text(name))
        except NotFound:
            return default

    @property
    def user(self) -> Any:
        """What the validator has let the client in with: see :meth:`cryo.Auth.accept`. None: nothing."""
        return _accepted.of_session(self._handle)

    def claim(self, name: str, default: Optional[str] = None) -> Optional[str]:
        """A text that the validator has set: see :meth:`cryo.Auth.set_claim`."""
        try:
            return read_text(lib.cryo_session_claim, self._handle, to_text(name))
        except NotFound:
            return default

    def set_expiry(self, seconds: float) -> None:
        """Closes the session with 4001 ``Token expired.`` in so many seconds; 0 at once, ``math.inf`` not at all.

        Each call replaces the one before. Raises :class:`Closed`, and StateError for a client's or peer's session.
        """
        lib.cryo_session_set_expiry_ms(self._handle, to_expiry(seconds))

    @property
    def peer_certificate(self) -> Optional[PeerCertificate]:
        """The certificate that the client has shown, of the connection with which the session began; None: none."""
        return peer_certificate("session", self._handle)

    @property
    def stats(self) -> Stats:
        """What the session counts, as it stands now."""
        return Stats(
            rtt=self._stat(Stat.RTT),
            bytes_rx=int(self._stat(Stat.BYTES_RX) or 0),
            bytes_tx=int(self._stat(Stat.BYTES_TX) or 0),
            ack_timeouts=int(self._stat(Stat.ACK_TIMEOUT) or 0),
            queued_bytes=int(self._stat(Stat.QUEUED_BYTES) or 0),
            queued_count=int(self._stat(Stat.QUEUED_COUNT) or 0),
        )

    def _stat(self, stat: Stat) -> Optional[float]:
        out = ctypes.c_double()
        try:
            lib.cryo_session_stat(self._handle, stat, ctypes.byref(out))
        except NotFound:
            return None
        return out.value

    def _each_parameter(self) -> Iterator[Tuple[str, str]]:
        index = 0
        while True:
            try:
                yield self._parameter_at(index)
            except NotFound:
                return
            index += 1

    def _parameter_at(self, index: int) -> Tuple[str, str]:
        name_len, value_len = ctypes.c_size_t(), ctypes.c_size_t()
        sizes = ctypes.byref(name_len), ctypes.byref(value_len)
        lib.cryo_session_parameter_at(self._handle, index, None, 0, sizes[0], None, 0, sizes[1])
        name = ctypes.create_string_buffer(name_len.value + 1)
        value = ctypes.create_string_buffer(value_len.value + 1)
        lib.cryo_session_parameter_at(
            self._handle, index, name, len(name), sizes[0], value, len(value), sizes[1]
        )
        return (
            name.raw[: name_len.value].decode("utf-8", "replace"),
            value.raw[: value_len.value].decode("utf-8", "replace"),
        )

    # --- the store

    def __getitem__(self, key: str) -> Any:
        return self.store[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.store[key] = value

    def __delitem__(self, key: str) -> None:
        del self.store[key]

    def __contains__(self, key: object) -> bool:
        return key in self.store

    __iter__ = None  # a session is no sequence, although it has keys

    def get(self, key: str, default: Any = None) -> Any:
        """The value that was stored with this key, or `default`."""
        return self.store.get(key, default)

    # --- being one

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Session) and other._handle == self._handle

    def __hash__(self) -> int:
        return hash(self._handle)

    def __repr__(self) -> str:
        try:
            return f"<cryo.Session {self.id} {self.remote_address} {'open' if self.is_open else 'closed'}>"
        except Error as error:
            return f"<cryo.Session {error.name}>"


def send_to(sessions: Iterable[Session], message: Union[str, BytesLike]) -> List[int]:
    """Sends one message to many sessions; it is copied once. What each says, in their order: 0, or a :class:`cryo.Status`."""
    kind, payload = payload_of(message)
    handles = [session._handle for session in sessions]
    array = (ctypes.c_void_p * len(handles))(*handles)
    statuses = (status * len(handles))()
    lib.cryo_sessions_send(array, len(handles), kind, payload, len(payload), statuses, None)
    return [each.value for each in statuses]


class SessionTable:
    """The sessions of one server: one object for each, kept from its first event to its last.

    What the application keeps longer is still found here (so that it stays the same object) and goes with the
    application's last reference.
    """

    def __init__(self) -> None:
        self._lock = (
            threading.RLock()
        )  # a garbage collection inside may run application code that comes back here
        self._known: "WeakValueDictionary[int, Session]" = WeakValueDictionary()
        self._live: Dict[int, Session] = {}

    def announced(self, handle: int) -> Session:
        """The object for a session that begins."""
        session = self.borrowed(handle)
        self._live[handle] = session
        return session

    def ended(self, handle: int) -> None:
        """The session had its last event: it is only kept as long as the application does."""
        self._live.pop(handle, None)

    def clear(self) -> None:
        """There will be no more events."""
        self._live.clear()

    def borrowed(self, handle: int) -> Session:
        """The object for a handle that the library lends."""
        live = self._live.get(handle)
        if live is not None:
            return live
        with self._lock:
            session = self._known.get(handle)
            if session is None:
                session = self._known[handle] = Session(lib.cryo_session_retain(handle))
            return session

    def owned(self, handle: int) -> Session:
        """The object for a handle that was retained for us."""
        session = self.borrowed(handle)
        lib.cryo_session_release(handle)
        return session
