"""The numbers of cryo.h by name."""

from __future__ import annotations

from enum import IntEnum


class NamedCode(IntEnum):
    """A number that is shown as its name: ``print(receipt.outcome)`` says ``ACKNOWLEDGED``."""

    def __str__(self) -> str:
        return self.name

    def __format__(self, spec: str) -> str:
        return format(int(self), spec) if spec[-1:] in tuple("bcdoxXneEfFgG%") and spec else format(self.name, spec)


class Status(IntEnum):
    """What a call of the library answered (``CRYO_OK``, ``CRYO_ERR_*``)."""

    OK = 0
    ERR_INVALID = -1
    ERR_HANDLE = -2
    ERR_STATE = -3
    ERR_NO_MEMORY = -4
    ERR_CLOSED = -5
    ERR_FULL = -6
    ERR_TOO_BIG = -7
    ERR_TIMEOUT = -8
    ERR_NOT_FOUND = -9
    ERR_BUFFER = -10
    ERR_ADDRESS = -11
    ERR_ADDRESS_IN_USE = -12
    ERR_PERMISSION = -13
    ERR_TLS_FILE = -14
    ERR_TLS_CERTIFICATE = -15
    ERR_TLS_KEY = -16
    ERR_TLS_MISMATCH = -17
    ERR_TLS_EXPIRED = -18
    ERR_TLS = -19
    ERR_SYSTEM = -20
    ERR_UNSUPPORTED = -21
    ERR_INTERNAL = -22
    ERR_TOTAL_FULL = -23
    ERR_RECEIPTS_FULL = -24
    ERR_EXISTS = -25
    ERR_RESOLVE = -30
    ERR_CONNECT = -31
    ERR_HTTP = -32
    ERR_TLS_NAME = -33
    ERR_TLS_UNTRUSTED = -34
    ERR_TOKEN = -35


class LogLevel(IntEnum):
    """How much the library logs: lines of this level and below."""

    OFF = 0
    ERROR = 1
    WARNING = 2
    INFO = 3
    DEBUG = 4


class MessageKind(NamedCode):
    """The kinds of a message: ``str`` and ``bytes`` in Python."""

    UTF8 = 1
    BINARY = 2


class CloseCode(IntEnum):
    """The close codes of the protocol, beside those of RFC 6455 section 7.4."""

    GRACEFUL = 4000  # wanted by either side
    CLIENT_ERROR = 4001  # the client's fault: silent, or it broke the protocol
    SERVER_ERROR = 4002  # the server's fault
    CALE_MISMATCH = 4010  # one side expects CALE encryption, the other does not
    CALE_HANDSHAKE = 4011  # the CALE handshake failed
    NO_STATUS = 1005  # seen only: the peer gave no code
    ABNORMAL = 1006  # seen only: the connection was lost without a close


class Stat(NamedCode):
    """What a session counts."""

    RTT = 1  # moving average from message to acknowledgement, in milliseconds
    BYTES_RX = 2  # WebSocket payload bytes received
    BYTES_TX = 3  # WebSocket payload bytes handed to the transport
    ACK_TIMEOUT = 4  # messages not acknowledged in time; as an event: since the last such event
    QUEUED_BYTES = 5  # bytes sent and not yet taken by the operating system; never an event
    QUEUED_COUNT = 6  # messages sent that have not begun to leave; never an event


class ServerStat(NamedCode):
    """What a server counts, of all its threads together."""

    SESSIONS = 1  # live sessions, now
    AWAY = 2  # of these, that wait for their client, now
    CONNECTIONS = 3  # open connections, now
    ACCEPTED_CONNECTIONS = 4  # connections that came
    ACCEPTED_SESSIONS = 5  # sessions that were announced
    RESUMED = 6  # sessions that went on with another connection
    CLOSED = 7  # sessions that closed
    REFUSED = 8  # requests that were refused; of: with this HTTP status
    TLS_FAILURES = 9  # TLS handshakes that failed
    VIOLATIONS = 10  # what clients sent against the protocol
    DROPPED = 11  # messages that were dropped; of: a DropReason
    RECEIPTS = 12  # receipts that were told; of: an Outcome
    MESSAGES_RX = 13  # messages that were delivered
    MESSAGES_TX = 14  # messages that have left
    BYTES_RX = 15  # bytes received on connections, without what TLS adds
    BYTES_TX = 16  # bytes sent, likewise
    MAILBOX = 17  # calls of other threads that a thread found waiting at once: the most of late
    SLOW_CALLBACKS = 18  # times that a thread was held up for 100 ms or more
    LOOP_LAG = 19  # milliseconds that a thread was busy at a stretch: the most of late
    BUSY = 20  # milliseconds that the threads were busy
    VALIDATIONS = 21  # tickets that wait for the validator, now
    HEALTH_CHECKS = 22  # health checks and requests for metrics that were answered
    DRAINING = 23  # 1 once nobody is let in any more, else 0


class DropPolicy(NamedCode):
    """What gives way when a session's queue is held and full."""

    OLDEST = 1  # queued messages go, the oldest first, until the new one fits
    NEWEST = 2  # the new message is refused
    # A queued message with the same key, or else of the same content, is replaced in its place. For a longer one the
    # oldest others give way; only what is larger than the whole queue is refused.
    DEDUPE_LATEST = 3


class DropReason(NamedCode):
    """Why a message was dropped."""

    OLDEST = 1  # it made room for a newer one
    REFUSED = 2  # there was no room for it when it reached the queue
    REPLACED = 3  # a newer one stands in its place
    TOTAL = 4  # all sessions together held as many bytes as they may


class DuplicatePolicy(NamedCode):
    """What becomes of a live session when a client comes with its id and its token."""

    REFUSE = 1  # it stays, and the newcomer is refused with 409
    PROBE = 2  # it stays if it answers a ping
    REPLACE = 3  # it gives way


class TlsVersion(IntEnum):
    """The oldest version of TLS that is spoken."""

    TLS_1_2 = 12
    TLS_1_3 = 13


class Transport(NamedCode):
    """What carries a server's connections."""

    AUTO = 0  # POLL without TLS, LIBWEBSOCKETS with it
    LIBWEBSOCKETS = 1
    POLL = 2


class ForwardedHeader(NamedCode):
    """Which headers of a trusted proxy say where a client is."""

    NONE = 0
    ANY = 1  # whichever is there; where both are, they must say the same
    X_FORWARDED_FOR = 2
    RFC7239 = 3


class Outcome(NamedCode):
    """How a message that was sent with a receipt ended."""

    ACKNOWLEDGED = 1  # the peer has it
    TIMED_OUT = 2  # it left, and was not acknowledged in time
    DROPPED = 3  # it did not leave: the queue was full
    VETOED = 4  # it did not leave: an extension stopped it
    CLOSED = 5  # the session closed, or its connection was lost, before one of these was known
    REFUSED = 6  # the peer closed the connection because of it


class Direction(NamedCode):
    """Which messages a hook sees."""

    BEFORE_SEND = 1
    ON_RECEIVE = 2


class Verdict(NamedCode):
    """What becomes of a message."""

    PASS = 1
    STOP = 2


class EventKind(NamedCode):
    """The kinds of an event that comes out of a queue."""

    LISTENING = 1
    AUTH = 2
    SESSION = 3
    MESSAGE = 4
    CLOSED = 5
    STAT = 6
    DISCONNECTED = 7
    RECONNECTED = 8
    ATTEMPT_FAILED = 9
    LOST = 10
    DROPPED = 11
    WRITABLE = 12
    RECEIPT = 13
    HOOK = 14
    TOKEN = 15
