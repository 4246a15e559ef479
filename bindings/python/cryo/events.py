"""What comes out of the queue of a server or a client."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Optional, Union

from ._callbacks import report
from ._ffi import lib, read_bytes
from .auth import Auth
from .codes import DropReason, EventKind, MessageKind, Stat
from .receipts import FIRST_OWN, Receipt, receipt_of, take
from .session import Session, SessionTable
from .token import TokenRequest


@dataclass(frozen=True)
class ListeningEvent:
    """The server listens at this host and port."""

    host: str
    port: int


@dataclass(frozen=True)
class AuthEvent:
    """A client asks to be let in: answer on the ticket. Only when no validator was given."""

    auth: Auth


@dataclass(frozen=True)
class SessionEvent:
    """A client was let in. The first event of its session. Of a client: it is connected for the first time."""

    session: Session


ConnectedEvent = SessionEvent  # as a client's function for it is called on_connected


@dataclass(frozen=True)
class MessageEvent:
    """A message came: str for text, bytes for binary. It is acknowledged already, but with ``manual_ack``."""

    session: Session
    message: Union[str, bytes]
    id: int = 0
    """With the server's option ``manual_ack``: for :meth:`cryo.Session.ack`."""


@dataclass(frozen=True)
class ClosedEvent:
    """The session is over. Its last event. Code and reason are the ones that ended it, from whichever side."""

    session: Session
    code: int
    reason: str


@dataclass(frozen=True)
class StatEvent:
    """A statistic, at each keep-alive tick. Stat.RTT is in milliseconds, the others count."""

    session: Session
    stat: Stat
    value: float


@dataclass(frozen=True)
class DisconnectedEvent:
    """Clients and peers only. The connection is lost, and the client tries again."""

    session: Session
    code: int
    reason: str


@dataclass(frozen=True)
class ReconnectedEvent:
    """Clients and peers only. It is connected again, with the same session id and, with CALE, with new keys."""

    session: Session


@dataclass(frozen=True)
class FailedAttempt:
    """Why an attempt to connect has failed."""

    status: int
    """See :class:`cryo.Status`: ERR_RESOLVE, ERR_CONNECT, ERR_TIMEOUT, ERR_TLS_UNTRUSTED, ERR_HTTP …"""
    http_status: int
    """The server's answer to the upgrade; 0: there was none."""
    text: str
    """For people."""
    retry_seconds: Optional[float]
    """It tries again after so long. None: it does not, and the closed event follows."""


@dataclass(frozen=True)
class AttemptFailedEvent:
    """Clients and peers only. An attempt to connect has failed."""

    session: Session
    failure: FailedAttempt


@dataclass(frozen=True)
class LostEvent:
    """Clients and peers only, at a loss: this was sent and not acknowledged; the server may or may not have got it."""

    session: Session
    message: Union[str, bytes]


@dataclass(frozen=True)
class DroppedEvent:
    """A message that was accepted, or was broadcast, is dropped. What ``send`` itself refuses is not told again."""

    session: Session
    reason: DropReason
    message: Union[str, bytes]


@dataclass(frozen=True)
class WritableEvent:
    """The session's queue, which was held, flows again."""

    session: Session


@dataclass(frozen=True)
class ReceiptEvent:
    """What became of a message that was sent with a number as its receipt."""

    session: Session
    number: int
    receipt: Receipt


@dataclass(frozen=True)
class TokenEvent:
    """Clients and peers only, with ``token_from_queue``: before each attempt to connect. Answer on the ticket."""

    session: Session
    request: TokenRequest


Event = Union[
    ListeningEvent,
    AuthEvent,
    SessionEvent,
    MessageEvent,
    ClosedEvent,
    StatEvent,
    DisconnectedEvent,
    ReconnectedEvent,
    AttemptFailedEvent,
    LostEvent,
    DroppedEvent,
    WritableEvent,
    ReceiptEvent,
    TokenEvent,
]


def message_of(kind: int, payload: bytes) -> Union[str, bytes]:
    """A message as Python has it. Text was checked by the library."""
    return payload.decode("utf-8", "replace") if kind == MessageKind.UTF8 else payload


def stat_of(number: int) -> Optional[Stat]:
    """None for a statistic that this package does not know."""
    try:
        return Stat(number)
    except ValueError:
        return None


def failed_attempt(status: int, http_status: int, text: bytes, retry_ms: float) -> FailedAttempt:
    """As the library tells it."""
    retry_seconds = None if retry_ms < 0 else retry_ms / 1000
    return FailedAttempt(status, http_status, text.decode("utf-8", "replace"), retry_seconds)


def decode(event: int, sessions: SessionTable) -> Optional[Event]:
    """Copies what an event of the library's holds. None for a kind that this package does not know."""
    kind = lib.cryo_event_kind(event)
    if kind == EventKind.LISTENING:
        return ListeningEvent(_text(event), lib.cryo_event_code(event))
    if kind == EventKind.AUTH:
        return AuthEvent(Auth(lib.cryo_event_auth(event), _data(event).decode("utf-8", "replace")))
    if kind == EventKind.SESSION:
        return SessionEvent(sessions.announced(lib.cryo_event_session(event)))
    if kind == EventKind.MESSAGE:
        message = message_of(lib.cryo_event_message_kind(event), _data(event))
        return MessageEvent(
            sessions.borrowed(lib.cryo_event_session(event)), message, lib.cryo_event_message_id(event)
        )
    if kind == EventKind.CLOSED:
        return _closed(event, sessions)
    if kind == EventKind.STAT:
        stat = stat_of(lib.cryo_event_code(event))
        if stat is not None:
            session = sessions.borrowed(lib.cryo_event_session(event))
            return StatEvent(session, stat, lib.cryo_event_value(event))
    if kind in (EventKind.DROPPED, EventKind.WRITABLE, EventKind.RECEIPT):
        return _of_what_was_sent(kind, event, sessions)
    return _of_a_client(kind, event, sessions)


def _of_what_was_sent(kind: int, event: int, sessions: SessionTable) -> Optional[Event]:
    session = sessions.borrowed(lib.cryo_event_session(event))
    if kind == EventKind.WRITABLE:
        return WritableEvent(session)
    if kind == EventKind.DROPPED:
        message = message_of(lib.cryo_event_message_kind(event), _data(event))
        return DroppedEvent(session, DropReason(lib.cryo_event_code(event)), message)
    number = lib.cryo_event_receipt(event)
    receipt = receipt_of(
        lib.cryo_event_code(event), lib.cryo_event_value(event), lib.cryo_event_text(event)
    )
    if number < FIRST_OWN:
        return ReceiptEvent(session, number, receipt)
    tell_receipt(number, receipt)
    return None


def tell_receipt(number: int, receipt: Receipt) -> None:
    """Calls the function that waited for it. Its mistakes end nothing."""
    function = take(number)
    try:
        if function is not None:
            function(receipt)
    except Exception:
        report("on_receipt")


def _of_a_client(kind: int, event: int, sessions: SessionTable) -> Optional[Event]:
    handle = lib.cryo_event_session(event)
    if kind == EventKind.DISCONNECTED:
        return DisconnectedEvent(sessions.borrowed(handle), lib.cryo_event_code(event), _text(event))
    if kind == EventKind.RECONNECTED:
        return ReconnectedEvent(sessions.borrowed(handle))
    if kind == EventKind.ATTEMPT_FAILED:
        failure = failed_attempt(
            lib.cryo_event_code(event),
            lib.cryo_event_http_status(event),
            lib.cryo_event_text(event),
            lib.cryo_event_value(event),
        )
        return AttemptFailedEvent(sessions.borrowed(handle), failure)
    if kind == EventKind.TOKEN:
        return TokenEvent(sessions.borrowed(handle), TokenRequest(lib.cryo_event_token_request(event)))
    if kind == EventKind.LOST:
        message = message_of(lib.cryo_event_message_kind(event), _data(event))
        return LostEvent(sessions.borrowed(handle), message)
    return None


def _closed(event: int, sessions: SessionTable) -> ClosedEvent:
    handle = lib.cryo_event_session(event)
    session = sessions.borrowed(handle)
    sessions.ended(handle)
    return ClosedEvent(session, lib.cryo_event_code(event), _text(event))


def _text(event: int) -> str:
    text: bytes = lib.cryo_event_text(event)
    return text.decode("utf-8", "replace")


def _data(event: int) -> bytes:
    length = ctypes.c_size_t()
    address = lib.cryo_event_data(event, ctypes.byref(length))
    return read_bytes(address, length.value)
