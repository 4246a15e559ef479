"""What is raised when the library refuses. Every class is an :class:`Error`; some are a class of Python's too."""

from __future__ import annotations

from typing import Any, Dict, Tuple, Type

from .codes import Status


class Error(Exception):
    """A call of the library failed.

    ``status`` is the number (see :class:`cryo.Status`), ``name`` its name ("CRYO_ERR_CLOSED"), ``text`` a sentence
    for people.
    """

    def __init__(self, status: int, name: str, text: str) -> None:
        super().__init__(f"{text} ({name})" if text else name)
        self.status = status
        self.name = name
        self.text = text

    def __reduce__(self) -> Tuple[Any, ...]:
        return type(self), (self.status, self.name, self.text)


class InvalidError(Error, ValueError):
    """An argument or an option is out of range or malformed."""


class HandleError(Error):
    """The object was freed already, or was never one."""


class StateError(Error, RuntimeError):
    """Not now: already started, already settled, called from inside a callback."""


class OutOfMemory(Error, MemoryError):
    """Memory ran out inside the library."""


class Closed(Error):
    """The session is closed or closing, or the server has stopped."""


class Full(Error):
    """The session's send queue is full: its peer is slower than you send. The message was not taken.

    Also when all sessions together hold as many bytes as they may (ERR_TOTAL_FULL), and when the session owes as many
    receipts as it may (ERR_RECEIPTS_FULL).
    """


class TooBig(Error, ValueError):
    """The message is longer than any peer could be sent."""


class Timeout(Error, TimeoutError):
    """Nothing came within the time given."""


class Exists(Error, ValueError):
    """There is one of that name already."""


class NotFound(Error, LookupError):
    """There is no such thing."""


class AddressError(Error, OSError):
    """The host is no address of this machine, or another program listens on the port."""


class PermissionDenied(Error, PermissionError):
    """The system does not allow it: a port below 1024, a file that may not be read."""


class TlsError(Error):
    """Certificate and key cannot be used; ``status`` and ``text`` say why."""


class ConnectError(Error, ConnectionError):
    """A server could not be connected: there is no such host, it refused, or it answered with no WebSocket."""


class SystemFailure(Error, OSError):
    """The operating system refused; ``text`` has its words."""


class Unsupported(Error, NotImplementedError):
    """Not on this platform, or not in this build of the library."""


_CLASSES: Dict[int, Type[Error]] = {
    Status.ERR_INVALID: InvalidError,
    Status.ERR_HANDLE: HandleError,
    Status.ERR_STATE: StateError,
    Status.ERR_NO_MEMORY: OutOfMemory,
    Status.ERR_CLOSED: Closed,
    Status.ERR_FULL: Full,
    Status.ERR_TOTAL_FULL: Full,
    Status.ERR_RECEIPTS_FULL: Full,
    Status.ERR_EXISTS: Exists,
    Status.ERR_TOO_BIG: TooBig,
    Status.ERR_TIMEOUT: Timeout,
    Status.ERR_NOT_FOUND: NotFound,
    Status.ERR_ADDRESS: AddressError,
    Status.ERR_ADDRESS_IN_USE: AddressError,
    Status.ERR_PERMISSION: PermissionDenied,
    Status.ERR_TLS_FILE: TlsError,
    Status.ERR_TLS_CERTIFICATE: TlsError,
    Status.ERR_TLS_KEY: TlsError,
    Status.ERR_TLS_MISMATCH: TlsError,
    Status.ERR_TLS_EXPIRED: TlsError,
    Status.ERR_TLS: TlsError,
    Status.ERR_TLS_NAME: TlsError,
    Status.ERR_TLS_UNTRUSTED: TlsError,
    Status.ERR_SYSTEM: SystemFailure,
    Status.ERR_UNSUPPORTED: Unsupported,
    Status.ERR_RESOLVE: ConnectError,
    Status.ERR_CONNECT: ConnectError,
    Status.ERR_HTTP: ConnectError,
    Status.ERR_TLS_NAME: TlsError,
    Status.ERR_TLS_UNTRUSTED: TlsError,
}


def error_for(status: int, name: str, text: str) -> Error:
    """The exception for a negative status."""
    return _CLASSES.get(status, Error)(status, name, text)


def state_error(text: str) -> StateError:
    """For what this package refuses itself."""
    return StateError(Status.ERR_STATE, "CRYO_ERR_STATE", text)
