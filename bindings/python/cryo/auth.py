"""The ticket of a client that waits to be let in."""

from __future__ import annotations

import inspect
from typing import Any, Callable, Optional

from ._ffi import lib, read_text, to_text
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

    def accept(self) -> bool:
        """Lets the client in. False when it was too late: answered before, timed out, or the client has gone."""
        return self._settle(lib.cryo_auth_accept)

    def replace(self) -> bool:
        """As :meth:`accept`, also in the place of a live session with the same id, whatever its token, which closes with 4000
        ``Taken over.``. Only where both belong to the same user. False as for :meth:`accept`."""
        return self._settle(lib.cryo_auth_replace)

    def reject(self, reason: Optional[str] = None) -> bool:
        """Refuses with 401 and a reason (one line) that is shown to the client. False as for :meth:`accept`."""
        return self._settle(lib.cryo_auth_reject, None if reason is None else to_text(reason))

    @property
    def remote_address(self) -> str:
        """The client's address: ``192.0.2.7:54321``, ``[2001:db8::1]:54321``. StateError once it is settled."""
        return read_text(lib.cryo_auth_remote_address, self._handle)

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

    def __repr__(self) -> str:
        return f"<cryo.Auth {'settled' if self._settled else 'waiting'}>"

    def __del__(self) -> None:
        if not getattr(self, "_settled", True):
            self.reject()

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

    Only True lets in. Anything that is no answer rejects and raises TypeError: a coroutine or a number is as good as
    true in Python, and nobody shall come in by a slip.
    """
    if answer is True:
        auth.accept()
    elif answer is False:
        auth.reject()
    elif not (may_wait and answer is None):
        auth.reject()
        if inspect.iscoroutine(answer):
            answer.close()
            raise TypeError("an async validator needs an event loop: see cryo.aio.Server")
        raise TypeError(f"a validator must return True or False, not {type(answer).__name__}")
