"""Cryo: real-time WebSocket sessions, over libcryo.

:class:`Server` calls functions, :class:`QueueServer` is pulled from, :class:`cryo.aio.Server` belongs to asyncio; and
so do :class:`Client`, :class:`QueueClient` and :class:`cryo.aio.Client` for the other end. The library is found through
the environment variable CRYO_LIBRARY, beside this package, or where the system keeps libraries; ImportError says what
is wrong when there is none.
"""

from ._ffi import lib as _lib
from ._library import ABI_VERSION
from ._tls import PeerCertificate
from .auth import Auth
from .client import Client
from .codes import (
    CloseCode,
    Direction,
    DropPolicy,
    DuplicatePolicy,
    ForwardedHeader,
    DropReason,
    EventKind,
    LogLevel,
    MessageKind,
    Outcome,
    ServerStat,
    Stat,
    Status,
    TlsVersion,
    Transport,
    Verdict,
)
from .errors import (
    AddressError,
    Closed,
    ConnectError,
    Error,
    Exists,
    Full,
    HandleError,
    InvalidError,
    NotFound,
    OutOfMemory,
    PermissionDenied,
    StateError,
    SystemFailure,
    Timeout,
    TlsError,
    TooBig,
    Unsupported,
)
from .events import (
    AttemptFailedEvent,
    AuthEvent,
    ClosedEvent,
    ConnectedEvent,
    DisconnectedEvent,
    DroppedEvent,
    Event,
    FailedAttempt,
    ListeningEvent,
    LostEvent,
    MessageEvent,
    ReceiptEvent,
    ReconnectedEvent,
    SessionEvent,
    StatEvent,
    TokenEvent,
    WritableEvent,
)
from .extension import Extension
from .hook import Hook
from .log import set_log, use_logging
from .loop import Loop
from .options import ClientOptions, ServerOptions
from .queue_client import QueueClient
from .queue_server import QueueServer
from .receipts import Receipt
from .server import Server
from .session import Session, Stats, send_to
from .token import TokenRequest

__version__ = "0.1.0"


def library_version() -> str:
    """The version of the library that is loaded, "0.1.0" for example."""
    return str(_lib.cryo_version_string().decode())


def build_info() -> str:
    """What the library was built with and runs on, for bug reports."""
    return str(_lib.cryo_build_info().decode())


__all__ = [
    "ABI_VERSION",
    "AddressError",
    "AttemptFailedEvent",
    "Auth",
    "AuthEvent",
    "Client",
    "ClientOptions",
    "CloseCode",
    "Closed",
    "ClosedEvent",
    "ConnectError",
    "ConnectedEvent",
    "Direction",
    "DisconnectedEvent",
    "DropPolicy",
    "DuplicatePolicy",
    "ForwardedHeader",
    "DropReason",
    "DroppedEvent",
    "Error",
    "Event",
    "EventKind",
    "Exists",
    "Extension",
    "FailedAttempt",
    "Full",
    "HandleError",
    "Hook",
    "InvalidError",
    "ListeningEvent",
    "LogLevel",
    "Loop",
    "LostEvent",
    "MessageEvent",
    "MessageKind",
    "NotFound",
    "OutOfMemory",
    "Outcome",
    "PeerCertificate",
    "PermissionDenied",
    "QueueClient",
    "QueueServer",
    "Receipt",
    "ReceiptEvent",
    "ReconnectedEvent",
    "Server",
    "ServerOptions",
    "ServerStat",
    "Session",
    "SessionEvent",
    "Stat",
    "StatEvent",
    "StateError",
    "Stats",
    "Status",
    "SystemFailure",
    "Timeout",
    "TlsError",
    "TlsVersion",
    "Transport",
    "TokenEvent",
    "TokenRequest",
    "TooBig",
    "Unsupported",
    "Verdict",
    "WritableEvent",
    "build_info",
    "library_version",
    "set_log",
    "use_logging",
    "send_to",
]
