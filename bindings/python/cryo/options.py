"""What a server or a client shall do: the keywords of all kinds of them."""

from __future__ import annotations

import operator
import os
import uuid
from functools import partial
from typing import Any, Callable, Dict, Mapping, Optional, Sequence, Tuple, TypedDict, Union
from urllib.parse import unquote

from . import _callbacks
from ._ffi import lib, new_handle, no_finalizer, no_token_provider, to_text
from ._tls import apply_authorities, apply_certificate, apply_server_tls
from .codes import DropPolicy, DuplicatePolicy, ForwardedHeader, Status, TlsVersion, Transport
from .errors import InvalidError
from .token import OnToken, TokenCalls, TokenRequest

Pem = Union[str, "os.PathLike[str]", bytes]


_DEFAULT_CONNECT_TIMEOUT_MS = 10000


class ServerOptions(TypedDict, total=False):
    """All are keywords and may be left out; the library's defaults stand beside them. Times are whole milliseconds."""

    host: str
    """The address to bind: IPv4, IPv6, or a name of this machine. "::" takes IPv4 too; "unix:/run/cryo.sock" is a
    Unix-domain socket. Default "127.0.0.1"."""
    port: int
    """Default 8080; 0 takes any free one (see ``server.port``)."""
    reuse_port: bool
    """Other processes may listen at the port as well, if they say so, too; the system deals the clients out. Default False."""
    socket_mode: int
    """The mode of a Unix-domain socket's file. Default 0: what the umask leaves."""
    listen_fd: int
    """Listen on this descriptor (``socket.fileno()``) instead: a stream socket that listens already, and stays yours."""
    transport: Transport
    """What carries the connections. Default Transport.AUTO: POLL where it can be had."""
    threads: int
    """Service threads, 0 to 256. Default 1. With 0 you call ``run_once``."""
    tls_cert: Pem
    """Serve wss. The certificate with its chain, leaf first, as PEM: the path of a file, or bytes."""
    tls_key: Pem
    """Its private key: a path or bytes, as ``tls_cert``."""
    tls_more: Sequence[Tuple[Pem, Pem]]
    """More certificates, each with its key: a client sees the first one that has the name it asks for, or else ``tls_cert``."""
    tls_client_ca: Pem
    """Ask clients for certificates: who may certify them, PEM. What they show is ``auth.peer_certificate``. Default: not asked."""
    tls_require_client_certificate: bool
    """Refuse clients that show none. Default False."""
    tls_min_version: TlsVersion
    """The oldest version that is spoken. Default TlsVersion.TLS_1_2."""
    tls_ocsp_files: Sequence[Union[str, "os.PathLike[str]"]]
    """OCSP responses (DER) to show, each with the certificate that it is about."""
    tls_ticket_keys: bytes
    """Keys of session tickets for all servers of a balancer: 1 to 16 of 80 random bytes each. Default: keys of its own."""

    cale: bool
    """Encrypt end to end with CALE, where there is no TLS; clients must want it, too. Default False."""
    cale_timeout_ms: int
    """Time for CALE's handshake. Default 10000."""
    keepalive_ms: int
    """How often a session is pinged and its statistics are announced. Default 15000, 10 at least."""
    stall_timeout_ms: int
    """How long a peer may take nothing of what waits for it. Default 60000; 0: for ever."""
    ack_timeout_ms: int
    """After this a message that is not acknowledged counts as timed out. Default 2500."""
    head_timeout_ms: int
    """Time for a client's request head, TLS handshake included. Default 5000."""
    validation_timeout_ms: int
    """Time for the validator's answer. Default 10000."""
    hello_wait_ms: int
    """How long the first frame waits for a client that does not answer the WebSocket ping. Default 250."""
    close_timeout_ms: int
    """How long to wait for the peer's half of a close. Default 2000."""
    message_timeout_ms: int
    """How long a message in progress may stand still. Default 30000."""
    min_message_rate: int
    """Bytes a second below which it counts as standing still; 0: each byte is progress. Default 100."""

    max_message_bytes: int
    """The longest WebSocket message that is taken (21 bytes and the payload). Default 16777216; 125 to 1073741824."""
    max_fragments: int
    """Fragments of one message, besides one for each KiB of it. Default 1024."""
    max_violations: int
    """Malformed frames that a session may send. Default 16."""
    high_water_mark: int
    """Bytes not taken by the kernel, at which a session's queue is held. Default 4194304."""
    low_water_mark: int
    """Below this it flows again. Default 1048576."""
    max_queued_bytes: int
    """Bytes that may wait in a held queue; beyond, the drop policy decides. Default 4194304."""
    max_queue_count: int
    """Messages that may wait in a held queue. Default 1024."""
    drop_policy: DropPolicy
    """What gives way when a held queue is full. Default DropPolicy.OLDEST."""
    max_total_queued_bytes: int
    """Bytes that the messages of all sessions together may hold; more raises :class:`cryo.Full`. 0: no limit.
    Default: a quarter of the memory that the process may have."""
    max_receipts: int
    """Receipts that a session may owe; one more raises :class:`cryo.Full`. Default 65536, 1 at least."""

    max_sessions: int
    """Sessions at once. Default 0: no limit but the system's."""
    max_sessions_per_address: int
    """Connections at once from one address (IPv6: one /64 network). Default 0: no limit."""
    max_pending_validations: int
    """Clients waiting for the validator. Default 1024."""
    manual_ack: bool
    """Messages are acknowledged by :meth:`cryo.Session.ack`, and not when they come. Default False."""
    max_unacknowledged: int
    """Of these, what a session may have; further ones wait. Default 1024, 1 at least."""
    max_attempts_per_address: int
    """Requests from one address in the window; further ones get 429. Default 0: no limit."""
    max_failed_tokens_per_address: int
    """The same for those that were refused with 401 or 403. Default 0: no limit."""
    address_window_ms: int
    """The window of both. Default 60000, 1 at least."""
    allowed_origins: Sequence[str]
    """Of which pages may connect: ``["https://app.example.com"]``. Others get 403. Default: all; who is no browser may always."""
    session_headers: Sequence[str]
    """Headers of the request that sessions keep: see :meth:`cryo.Session.header`. Default: none."""
    duplicate_policy: DuplicatePolicy
    """What becomes of a live session when a client comes with its id and its token. Default DuplicatePolicy.PROBE."""
    probe_timeout_ms: int
    """For DuplicatePolicy.PROBE: time to show life. Default 1000, 1 at least."""
    resume_window_ms: int
    """How long a session whose connection is lost waits for its client. Default 0: not at all."""
    max_away_sessions: int
    """Sessions that wait so at once. Default 65536; 0: no limit."""

    health: bool
    """Answer /healthz, /readyz and what balancers ask by default, on the same port. Default False."""
    metrics: Union[bool, str]
    """Answer /metrics: to whoever sends this bearer token; True: to this machine only. Default False."""

    trusted_proxies: Sequence[str]
    """Proxies whose word is taken for where a client is: addresses, networks as in "10.0.0.0/8", "unix". Default: none."""
    forwarded_header: ForwardedHeader
    """Which of their headers count. Default ForwardedHeader.ANY."""
    proxy_protocol: bool
    """Each connection begins with a PROXY header, from a trusted proxy. Default False."""
    max_head_bytes: int
    """The longest request head. Default 16384; 1024 to 65536."""


# The numbers, and how many bits the library has for each: ctypes would cut off what does not fit.
_BITS: Dict[str, int] = {
    "port": 16,
    "threads": 32,
    "cale_timeout_ms": 32,
    "keepalive_ms": 32,
    "stall_timeout_ms": 32,
    "ack_timeout_ms": 32,
    "head_timeout_ms": 32,
    "validation_timeout_ms": 32,
    "hello_wait_ms": 32,
    "close_timeout_ms": 32,
    "message_timeout_ms": 32,
    "min_message_rate": 32,
    "max_message_bytes": 64,
    "max_fragments": 32,
    "max_violations": 32,
    "high_water_mark": 64,
    "low_water_mark": 64,
    "max_queued_bytes": 64,
    "max_queue_count": 32,
    "max_total_queued_bytes": 64,
    "max_receipts": 32,
    "max_sessions": 32,
    "max_sessions_per_address": 32,
    "max_pending_validations": 32,
    "max_unacknowledged": 32,
    "max_attempts_per_address": 32,
    "max_failed_tokens_per_address": 32,
    "address_window_ms": 32,
    "duplicate_policy": 31,
    "probe_timeout_ms": 32,
    "resume_window_ms": 32,
    "max_away_sessions": 32,
    "socket_mode": 32,
    "listen_fd": 31,
    "forwarded_header": 31,
    "transport": 31,
    "max_head_bytes": 32,
}


class ClientOptions(TypedDict, total=False):
    """All are keywords and may be left out; the library's defaults stand beside them. Times are whole milliseconds."""

    token_provider: Optional[Callable[[], Any]]
    """A function that is called before each attempt to connect, and returns its token: for tokens that expire. In the
    place of `token`. When it raises, the attempt has failed, and the next one asks again. With :mod:`cryo.aio` it may
    be async."""
    token_from_queue: bool
    """The same for whoever pulls events: :class:`cryo.TokenEvent` asks. Default False."""
    session_id: Union["uuid.UUID", str]
    """Default: a random one for each client."""
    parameters: Union[Mapping[str, str], Sequence[Tuple[str, str]]]
    """More query parameters; they are encoded as needed."""
    headers: Union[Mapping[str, str], Sequence[Tuple[str, str]]]
    """More headers of each request, as Origin or Cookie; not those that the handshake needs itself."""
    cale: bool
    """Speak CALE, as the server does. Default False."""
    cale_timeout_ms: int
    """Time for CALE's handshake. Default 10000."""
    tls_ca: Pem
    """Who may vouch for servers besides those whom the system trusts: the path of a file, or bytes."""
    tls_system_ca: bool
    """False: do not trust those whom the system trusts. Default True."""
    tls_cert: Pem
    """The client's own certificate with its chain, for servers that ask for one: a path, or bytes."""
    tls_key: Pem
    """Its private key: a path or bytes, as ``tls_cert``."""
    tls_min_version: TlsVersion
    """The oldest version that is spoken. Default TlsVersion.TLS_1_2."""

    proxy: Optional[str]
    """An HTTP proxy to go through: "http://user:password@host:port", all but the host may be missing. Default None."""
    proxy_from_environment: bool
    """Where there is no ``proxy``: go by https_proxy, http_proxy and no_proxy of the environment. Default False."""

    connect_timeout_ms: int
    """Time for one attempt: name, connection, TLS and upgrade. Default 10000."""
    reconnect_initial_ms: int
    """The longest wait after the first failure; it doubles with each. Default 500."""
    reconnect_max_ms: int
    """And the longest of all. Default 30000."""
    reconnect_attempts: int
    """Failures in a row after which it tries again. 0: none, also not after a loss. Default 4294967295."""
    resend: bool
    """Send what was not acknowledged at a loss again, instead of telling that it is lost. Default False."""

    keepalive_ms: int
    """As for a server, like all that follow. Default 15000, 10 at least."""
    stall_timeout_ms: int
    """Default 60000; 0: for ever."""
    ack_timeout_ms: int
    """Default 2500."""
    close_timeout_ms: int
    """Default 2000."""
    max_message_bytes: int
    """Default 16777216; 125 to 1073741824."""
    max_violations: int
    """Default 16."""
    high_water_mark: int
    """Default 16777216."""
    low_water_mark: int
    """Default 1048576."""
    max_queued_bytes: int
    """Default 8388608."""
    max_queue_count: int
    """Default 1024."""
    drop_policy: DropPolicy
    """Default DropPolicy.OLDEST."""
    max_receipts: int
    """Default 65536, 1 at least."""


_CLIENT_BITS: Dict[str, int] = {
    "connect_timeout_ms": 32,
    "reconnect_initial_ms": 32,
    "reconnect_max_ms": 32,
    "reconnect_attempts": 32,
    **{name: bits for name, bits in _BITS.items() if name in ClientOptions.__annotations__},
}


def apply(handle: int, settings: Mapping[str, Any]) -> None:
    """Puts the settings into the library's options for a server.

    Raises TypeError for an unknown one, :class:`InvalidError` for a value out of range.
    """
    _apply_common("server", ServerOptions, _BITS, handle, settings)
    if "host" in settings:
        lib.cryo_server_options_set_host(handle, to_text(settings["host"]))
    apply_server_tls(handle, settings)
    if "health" in settings:
        lib.cryo_server_options_set_health(handle, int(bool(settings["health"])))
    metrics = settings.get("metrics", False)
    if isinstance(metrics, str):
        lib.cryo_server_options_set_metrics(handle, 1, to_text(metrics))
    else:
        lib.cryo_server_options_set_metrics(handle, int(bool(metrics)), None)
    if "manual_ack" in settings:
        lib.cryo_server_options_set_manual_ack(handle, int(bool(settings["manual_ack"])))
    for name, one in (("allowed_origins", "allowed_origin"), ("session_headers", "session_header")):
        values = settings.get(name) or ()
        if isinstance(values, (str, bytes)):
            raise TypeError(f"{name} must be a list of str")
        for value in values:
            getattr(lib, "cryo_server_options_add_" + one)(handle, to_text(value))
    proxies = settings.get("trusted_proxies") or ()
    for network in (proxies,) if isinstance(proxies, str) else proxies:
        lib.cryo_server_options_add_trusted_proxy(handle, to_text(network))
    if "proxy_protocol" in settings:
        lib.cryo_server_options_set_proxy_protocol(handle, int(bool(settings["proxy_protocol"])))


def new_client_options(
    url: str,
    token: str,
    settings: Mapping[str, Any],
    run_provider: Optional[Callable[[OnToken, TokenRequest, float], None]] = None,
) -> int:
    """The library's options for a client, to be freed. `run_provider` calls the token provider in an event loop."""
    handle = new_handle(lib.cryo_client_options_new)
    try:
        lib.cryo_client_options_set_url(handle, to_text(url))
        provided = settings.get("token_provider") is not None or settings.get("token_from_queue")
        if token or not (provided or "authorization" in unquote(url)):  # that none is there is told at once
            lib.cryo_client_options_set_token(handle, to_text(token))
        apply_client(handle, settings)
        _apply_token_provider(handle, settings, run_provider)
    except BaseException:
        lib.cryo_client_options_free(handle)
        raise
    return handle


def _apply_token_provider(
    handle: int,
    settings: Mapping[str, Any],
    run_provider: Optional[Callable[[OnToken, TokenRequest, float], None]],
) -> None:
    provider = settings.get("token_provider")
    if provider is None:
        if settings.get("token_from_queue"):
            lib.cryo_client_options_set_token_provider(handle, no_token_provider, None, no_finalizer)
        return
    if not callable(provider):
        raise TypeError(f"token_provider must be a function, not {type(provider).__name__}")
    run: Optional[Callable[[OnToken, TokenRequest], None]] = None
    if run_provider is not None:
        seconds = settings.get("connect_timeout_ms", _DEFAULT_CONNECT_TIMEOUT_MS) / 1000
        run = partial(_run_for, run_provider, seconds)
    _callbacks.registered(
        TokenCalls(provider, run),
        lambda user, finalizer: lib.cryo_client_options_set_token_provider(
            handle, _callbacks.want_token, user, finalizer
        ),
    )


def _run_for(
    run_provider: Callable[[OnToken, TokenRequest, float], None],
    seconds: float,
    provider: OnToken,
    request: TokenRequest,
) -> None:
    run_provider(provider, request, seconds)


def apply_client(handle: int, settings: Mapping[str, Any]) -> None:
    """The same for a client."""
    _apply_common("client", ClientOptions, _CLIENT_BITS, handle, settings)
    if settings.get("session_id") is not None:
        sid = settings["session_id"]
        sid = sid if isinstance(sid, uuid.UUID) else uuid.UUID(sid)
        lib.cryo_client_options_set_session_id(handle, sid.bytes)
    parameters = settings.get("parameters") or ()
    for name, value in parameters.items() if isinstance(parameters, Mapping) else parameters:
        lib.cryo_client_options_add_parameter(handle, to_text(name), to_text(value))
    headers = settings.get("headers") or ()
    for name, value in headers.items() if isinstance(headers, Mapping) else headers:
        lib.cryo_client_options_add_header(handle, to_text(name), to_text(value))
    if settings.get("proxy") is not None:
        lib.cryo_client_options_set_proxy(handle, to_text(settings["proxy"]))
    if "proxy_from_environment" in settings:
        lib.cryo_client_options_use_proxy_from_environment(handle, int(bool(settings["proxy_from_environment"])))
    if "resend" in settings:
        lib.cryo_client_options_set_resend(handle, int(bool(settings["resend"])))
    if "tls_system_ca" in settings:
        lib.cryo_client_options_set_tls_system_ca(handle, int(bool(settings["tls_system_ca"])))
    apply_authorities("cryo_client_options_set_tls_ca", handle, settings.get("tls_ca"))


def _apply_common(of: str, known: Any, bits_of: Mapping[str, int], handle: int, settings: Mapping[str, Any]) -> None:
    for name in settings:
        if name not in known.__annotations__:
            raise TypeError(f"there is no {of} option {name!r}")
    setters = f"cryo_{of}_options_set_"
    for name, bits in bits_of.items():
        if name in settings:
            getattr(lib, setters + name)(handle, _whole_number(name, settings[name], bits))
    if "drop_policy" in settings:
        getattr(lib, setters + "drop_policy")(handle, _whole_number("drop_policy", settings["drop_policy"], 31))
    for name in ("cale", "reuse_port"):
        if name in settings:
            getattr(lib, setters + name)(handle, int(bool(settings[name])))
    if settings.get("tls_cert") is not None or settings.get("tls_key") is not None:
        apply_certificate(setters, handle, settings.get("tls_cert"), settings.get("tls_key"))
    if "tls_min_version" in settings:
        getattr(lib, setters + "tls_min_version")(
            handle, _whole_number("tls_min_version", settings["tls_min_version"], 31)
        )


def _whole_number(name: str, value: object, bits: int) -> int:
    number = operator.index(value)  # type: ignore[arg-type]
    if not 0 <= number < 2**bits:
        raise InvalidError(
            Status.ERR_INVALID, "CRYO_ERR_INVALID", f"{name} must be 0 to {2**bits - 1}, not {number}"
        )
    return number
