"""The ticket of a client that waits to be let in."""

from __future__ import annotations

import inspect
from typing import Any, Callable, Mapping, Optional

from . import _accepted
from ._ffi import lib, read_text, to_expiry, to_milliseconds, to_text
from ._tls import PeerCertificate, peer_certificate
from .errors import HandleError, NotFound, StateError


class Auth:
    """Shall this token come in? Answer with :meth:`accept` or :meth:`reject`, now or later, from any thread.

    The first answer counts. A ticket that nobody holds any more is rejected; one that is held and left alone is
    rejected after the validation time-out (option ``validation_timeout_ms``).
    """

    __slots__ = ("_handle", "_settled", "token", "__weakref__")

    token: str
    """The token that the client sent."""

    def __init__(self, handle: int, token: str) -> None:
        self._handle = handle
        self._settled = False
        self.token = token

    def accept(self, user: Any = None) -> bool:
        """Lets the client in. False when it was too late: answered before, timed out, or the client has gone.

        `user` is what you know of the client, anything but None: it is :attr:`cryo.Session.user` from then on.
        """
        return self._give(user) and self._settle(lib.cryo_auth_accept)

    def replace(self, user: Any = None) -> bool:
        """As :meth:`accept`, also in the place of a live session with the same id, whatever its token, which closes with 4000
        ``Taken over.``. Only where both belong to the same user. False as for :meth:`accept`."""
        return self._give(user) and self._settle(lib.cryo_auth_replace)

    def refuse(self, http_status: int, body: str = "", retry_after: float = 0) -> bool:
        """Refuses with a status from 400 to 599 and a text that is shown to the client (4096 bytes at most).

        `retry_after`: after so many seconds it may come back; 0 says nothing of it. False as for :meth:`accept`. Raises
        InvalidError and TooBig; the ticket is as before then.
        """
        arguments = (http_status, to_text(body), to_milliseconds(retry_after))
        try:
            lib.cryo_auth_refuse(self._handle, *arguments)
        except (StateError, HandleError):
            self._settled = True
            return False
        self._settled = True
        return True

    def set_claim(self, name: str, value: Optional[str]) -> None:
        """A text that is known of the client, for :meth:`cryo.Session.claim`; None takes it back.

        StateError once the ticket is settled; TooBig beyond 16384 bytes of names and values.
        """
        lib.cryo_auth_set_claim(self._handle, to_text(name), None if value is None else to_text(value))

    def set_expiry(self, seconds: float) -> None:
        """How long the token is good: the session closes then, as :meth:`cryo.Session.set_expiry` has it. StateError once
        the ticket is settled."""
        lib.cryo_auth_set_expiry_ms(self._handle, to_expiry(seconds))

    def reject(self, reason: Optional[str] = None) -> bool:
        """Refuses with 401 and a reason (one line) that is shown to the client. False as for :meth:`accept`."""
        return self._settle(lib.cryo_auth_reject, None if reason is None else to_text(reason))

    @property
    def remote_address(self) -> str:
        """The client's address: ``192.0.2.7:54321``, ``[2001:db8::1]:54321``; what a trusted proxy says of it may lack the
        port. StateError once it is settled."""
        return read_text(lib.cryo_auth_remote_address, self._handle)

    @property
    def proxy_address(self) -> str:
        """The address of the trusted proxy that has told the client's; "" without one. StateError once it is settled."""
        return read_text(lib.cryo_auth_proxy_address, self._handle)

    @property
    def path(self) -> str:
        """The path of the client's request, without the query. StateError once it is settled."""
        return read_text(lib.cryo_auth_path, self._handle)

    def parameter(self, name: str, default: Optional[str] = None) -> Optional[str]:
        """The first query parameter of this name, decoded; the token is none of them. StateError once it is settled.

        The session id that the client asks for is ``x-cryo-sid``, and is not checked yet.
        """
        try:
            return read_text(lib.cryo_auth_parameter, self._handle, to_text(name))
        except NotFound:
            return default

    @property
    def peer_certificate(self) -> Optional[PeerCertificate]:
        """The certificate that the client has shown; None: none. StateError once it is settled."""
        return peer_certificate("auth", self._handle)

    def header(self, name: str, default: Optional[str] = None) -> Optional[str]:
        """A header of the request, by its name in any case; several of one name are joined. StateError once it is settled."""
        try:
            return read_text(lib.cryo_auth_header, self._handle, to_text(name))
        except NotFound:
            return default

    def __repr__(self) -> str:
        return f"<cryo.Auth {'settled' if self._settled else 'waiting'}>"

    def __del__(self) -> None:
        if not getattr(self, "_settled", True):
            self.reject()

    def _give(self, user: Any) -> bool:
        if user is None:
            return True
        try:
            _accepted.give(self._handle, user)
        except (StateError, HandleError):
            self._settled = True
            return False
        return True

    def _settle(self, function: Callable[..., int], *arguments: Any) -> bool:
        try:
            function(self._handle, *arguments)
        except (StateError, HandleError):
            return False
        finally:
            self._settled = True
        return True


def settle(auth: Auth, answer: object, may_wait: bool) -> None:
    """Carries out what an application's validator returned.

    Only True lets in, and a mapping that is not empty, which is Session.user then. Anything that is no answer rejects and
    raises TypeError: a coroutine or a number is as good as true in Python, and nobody shall come in by a slip.
    """
    if answer is True:
        auth.accept()
    elif isinstance(answer, Mapping) and answer:
        auth.accept(answer)
    elif answer is False:
        auth.reject()
    elif not (may_wait and answer is None):
        auth.reject()
        if inspect.iscoroutine(answer):
            answer.close()
            raise TypeError("an async validator needs an event loop: see cryo.aio.Server")
        raise TypeError(
            f"a validator must return True, False or a mapping with something in it, not {type(answer).__name__}"
        )
