"""The ticket of a client that wants a token for its next attempt to connect."""

from __future__ import annotations

import inspect
from typing import Any, Callable, Optional

from . import _callbacks
from ._ffi import lib, to_text
from .errors import HandleError, StateError
from .hook import reason_of

OnToken = Callable[[], Any]


class TokenRequest:
    """With which token shall it connect? Answer with :meth:`give` or :meth:`fail`, now or later, from any thread.

    The first answer counts. A ticket that nobody holds any more fails; one that is held and left alone fails after the
    time for the attempt (option ``connect_timeout_ms``).
    """

    __slots__ = ("_handle", "_settled", "__weakref__")

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._settled = False

    def give(self, token: str) -> bool:
        """The token for the attempt. False when it was too late: answered before, timed out, or the client was closed.

        Raises InvalidError for an empty one, ValueError for one with a NUL; the ticket waits on then.
        """
        return self._settle(lib.cryo_token_give, to_text(token))

    def fail(self, reason: Optional[str] = None) -> bool:
        """There is none: the attempt has failed; `reason` is told with that. False as for :meth:`give`."""
        return self._settle(lib.cryo_token_fail, None if reason is None else to_text(reason.replace("\0", "")))

    def __repr__(self) -> str:
        return f"<cryo.TokenRequest {'settled' if self._settled else 'waiting'}>"

    def __del__(self) -> None:
        if not getattr(self, "_settled", True):
            self.fail()

    def _settle(self, function: Callable[..., int], argument: Any) -> bool:
        try:
            function(self._handle, argument)
        except (StateError, HandleError):
            self._settled = True
            return False
        self._settled = True
        return True


def answer(request: TokenRequest, token: object) -> None:
    """Carries out what an application's token provider returned. TypeError for what is no text."""
    if isinstance(token, str):
        request.give(token)
        return
    if inspect.iscoroutine(token):
        token.close()
        raise TypeError("an async token provider needs an event loop: see cryo.aio.Client")
    raise TypeError(f"a token provider must return a str, not {type(token).__name__}")


def failed(request: TokenRequest, error: BaseException) -> None:
    """A token provider has raised this, which is being handled."""
    request.fail(reason_of(error))
    _callbacks.report("the token provider")


class TokenCalls:
    """Takes what the library asks to the application's function; `run` does it in an event loop."""

    def __init__(self, provider: OnToken, run: Optional[Callable[[OnToken, TokenRequest], None]]) -> None:
        self._provider = provider
        self._run = run

    def token(self, handle: int) -> None:
        request = TokenRequest(handle)
        try:
            if self._run is not None:
                self._run(self._provider, request)
            else:
                answer(request, self._provider())
        except BaseException as error:
            failed(request, error)
