"""What comes out of the queue of a server or a client."""

from __future__ import annotations

import ctypes
import struct
from dataclasses import dataclass
from typing import Any, List, NamedTuple, Optional, Union

from ._callbacks import report
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


class Record(NamedTuple):
    """The fixed part of an event in a batch, as cryo.h has it, in its order."""

    size: int
    kind: int
    message_kind: int
    session: int
    ticket: int
    data_length: int
    data_at: int
    text_at: int
    text_length: int
    code: int
    http_status: int
    reserved: int
    receipt: int
    message_id: int
    value: float


_HEAD = struct.Struct("=IIQII")
_RECORD = struct.Struct("=QiiQQQIIIiiIQQd")
_BATCH_VERSION = 1
_MESSAGE, _UTF8 = int(EventKind.MESSAGE), int(MessageKind.UTF8)
# Beyond this, what the library lends is read where it lies: it holds a message of that size.
_COPIED_WHOLE = 128 * 1024


def decode_batch(address: int, length: int, sessions: SessionTable) -> List[Event]:
    """Copies what a batch of the library's holds, but for the kinds that this package does not know."""
    raw: Any
    if length <= _COPIED_WHOLE:
        raw = ctypes.string_at(address, length)
    else:
        raw = memoryview((ctypes.c_char * length).from_address(address)).cast("B")
    version, _, _, at, _ = _HEAD.unpack_from(raw)
    if version != _BATCH_VERSION:
        raise RuntimeError("this package and the library do not fit together: batches have another layout")
    unpack, borrowed = _RECORD.unpack_from, sessions.borrowed
    events: List[Event] = []
    while at < length:
        fields = unpack(raw, at)
        if fields[1] == _MESSAGE:
            begin = at + fields[6]
            payload = bytes(raw[begin : begin + fields[5]])
            message: Union[str, bytes] = payload
            if fields[2] == _UTF8:
                message = payload.decode("utf-8", "replace")
            events.append(MessageEvent(borrowed(fields[3]), message, fields[13]))
        else:
            event = _decode(Record._make(fields), bytes(raw[at : at + fields[0]]), sessions)
            if event is not None:
                events.append(event)
        at += fields[0]
    return events


def _decode(event: Record, content: bytes, sessions: SessionTable) -> Optional[Event]:
    kind = event.kind
    if kind == EventKind.LISTENING:
        return ListeningEvent(_text(event, content), event.code)
    if kind == EventKind.AUTH:
        return AuthEvent(Auth(event.ticket, _data(event, content).decode("utf-8", "replace")))
    if kind == EventKind.SESSION:
        return SessionEvent(sessions.announced(event.session))
    if kind == EventKind.CLOSED:
        session = sessions.borrowed(event.session)
        sessions.ended(event.session)
        return ClosedEvent(session, event.code, _text(event, content))
    if kind == EventKind.STAT:
        stat = stat_of(event.code)
        return None if stat is None else StatEvent(sessions.borrowed(event.session), stat, event.value)
    if kind in (EventKind.DROPPED, EventKind.WRITABLE, EventKind.RECEIPT):
        return _of_what_was_sent(event, content, sessions)
    return _of_a_client(event, content, sessions)


def _of_what_was_sent(event: Record, content: bytes, sessions: SessionTable) -> Optional[Event]:
    session = sessions.borrowed(event.session)
    if event.kind == EventKind.WRITABLE:
        return WritableEvent(session)
    if event.kind == EventKind.DROPPED:
        message = message_of(event.message_kind, _data(event, content))
        return DroppedEvent(session, DropReason(event.code), message)
    receipt = receipt_of(event.code, event.value, _text(event, content).encode("utf-8"))
    if event.receipt < FIRST_OWN:
        return ReceiptEvent(session, event.receipt, receipt)
    tell_receipt(event.receipt, receipt)
    return None


def tell_receipt(number: int, receipt: Receipt) -> None:
    """Calls the function that waited for it. Its mistakes end nothing."""
    function = take(number)
    try:
        if function is not None:
            function(receipt)
    except Exception:
        report("on_receipt")


def _of_a_client(event: Record, content: bytes, sessions: SessionTable) -> Optional[Event]:
    kind, handle = event.kind, event.session
    if kind == EventKind.DISCONNECTED:
        return DisconnectedEvent(sessions.borrowed(handle), event.code, _text(event, content))
    if kind == EventKind.RECONNECTED:
        return ReconnectedEvent(sessions.borrowed(handle))
    if kind == EventKind.ATTEMPT_FAILED:
        text = _text(event, content).encode("utf-8")
        failure = failed_attempt(event.code, event.http_status, text, event.value)
        return AttemptFailedEvent(sessions.borrowed(handle), failure)
    if kind == EventKind.TOKEN:
        return TokenEvent(sessions.borrowed(handle), TokenRequest(event.ticket))
    if kind == EventKind.LOST:
        message = message_of(event.message_kind, _data(event, content))
        return LostEvent(sessions.borrowed(handle), message)
    return None


def _text(event: Record, content: bytes) -> str:
    return content[event.text_at : event.text_at + event.text_length].decode("utf-8", "replace")


def _data(event: Record, content: bytes) -> bytes:
    return content[event.data_at : event.data_at + event.data_length]
