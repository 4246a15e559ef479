"""TLS: what servers are told of it, what they exchange while they run, and the certificates that clients show."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, List, Mapping, NamedTuple, Optional, Tuple

from ._ffi import lib, new_handle, read_text, to_text
from .errors import NotFound, state_error

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .options import ServerOptions


class PeerCertificate(NamedTuple):
    """What a client has shown in its TLS handshake, and the server has found good."""

    subject: str
    """"CN=alice,O=Example" (RFC 4514)."""
    names: Tuple[str, ...]
    """Its alternative names: "DNS:a.example", "IP:192.0.2.7", "email:…", "URI:…"."""
    fingerprint: str
    """SHA-256 of all of it, 64 hexadecimal digits in lower case."""


def peer_certificate(functions: str, handle: Optional[int]) -> Optional[PeerCertificate]:
    """By the functions whose names begin so; None: none was shown."""
    prefix = f"cryo_{functions}_peer_certificate_"
    try:
        subject = read_text(getattr(lib, prefix + "subject"), handle)
    except NotFound:
        return None
    names: List[str] = []
    try:
        while True:
            names.append(read_text(getattr(lib, prefix + "name"), handle, len(names)))
    except NotFound:
        pass
    return PeerCertificate(subject, tuple(names), read_text(getattr(lib, prefix + "fingerprint"), handle))


def file_names(*paths: Any) -> Tuple[bytes, ...]:
    return tuple(to_text(os.fspath(path)) for path in paths)


def apply_certificate(setters: str, handle: int, certificate: Any, key: Any) -> None:
    if certificate is None or key is None:
        raise ValueError("tls_cert and tls_key belong together: give both")
    if isinstance(certificate, bytes) != isinstance(key, bytes):
        raise ValueError("give tls_cert and tls_key both as paths, or both as bytes")
    if isinstance(certificate, bytes):
        getattr(lib, setters + "tls_memory")(handle, certificate, len(certificate), key, len(key))
    else:
        getattr(lib, setters + "tls_files")(handle, *file_names(certificate, key))


def apply_authorities(setters: str, handle: int, pem: Any) -> None:
    if isinstance(pem, bytes):
        getattr(lib, setters + "_memory")(handle, pem, len(pem))
    elif pem is not None:
        getattr(lib, setters + "_file")(handle, *file_names(pem))


def apply_server_tls(handle: int, settings: Mapping[str, Any]) -> None:
    """What a server has besides its first certificate."""
    for certificate, key in settings.get("tls_more") or ():
        apply_certificate("cryo_server_options_add_", handle, certificate, key)
    apply_authorities("cryo_server_options_set_tls_client_ca", handle, settings.get("tls_client_ca"))
    if "tls_require_client_certificate" in settings:
        required = int(bool(settings["tls_require_client_certificate"]))
        lib.cryo_server_options_set_tls_require_client_certificate(handle, required)
    for file in settings.get("tls_ocsp_files") or ():
        lib.cryo_server_options_add_tls_ocsp_file(handle, *file_names(file))
    keys = settings.get("tls_ticket_keys")
    if keys is not None:
        lib.cryo_server_options_set_tls_ticket_keys(handle, keys, len(keys))


class ExchangesTls:
    """For a server: what it shows by TLS is exchanged while it runs."""

    _handle: Optional[int]

    def set_tls(self, **options: "Unpack[ServerOptions]") -> None:
        """Exchanges what the server shows by TLS, from any thread: give all of the ``tls_`` options that it is to have.

        New connections use them, those that are there keep what they have. Files are read while the caller waits. Raises
        TlsError, PermissionDenied and InvalidError, and the server goes on with what it had; StateError when it does not run,
        or was started without TLS.
        """
        from .options import apply

        for name in options:
            if not name.startswith("tls_"):
                raise TypeError(f"{name!r} is no option of TLS")
        handle = new_handle(lib.cryo_server_options_new)
        try:
            apply(handle, options)
            lib.cryo_server_set_tls(self._running(), handle)
        finally:
            lib.cryo_server_options_free(handle)

    def reload_tls(self) -> None:
        """The same with what it has, all files read again: as after a renewal."""
        lib.cryo_server_set_tls(self._running(), None)

    def set_tls_ticket_keys(self, keys: Optional[bytes]) -> None:
        """Other keys for session tickets, as of the option ``tls_ticket_keys``; None: keys of its own."""
        lib.cryo_server_set_tls_ticket_keys(self._running(), keys, 0 if keys is None else len(keys))

    def _running(self) -> int:
        if self._handle is None:
            raise state_error("the server does not run")
        return self._handle
