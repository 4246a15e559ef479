"""The ticket of a message that wants to pass an extension."""

from __future__ import annotations

import weakref
from typing import Any, Callable, List, Optional, Union

from ._ffi import lib
from .codes import Direction, MessageKind
from .errors import HandleError, StateError
from .session import BytesLike, Session


class Hook:
    """Shall this message pass? Answer with :meth:`pass_`, :meth:`replace`, :meth:`stop` or :meth:`fail`, now or later,
    from any thread. Until then the later messages of its session and direction wait.

    The first answer counts. A ticket that the hook has neither answered nor kept when it returns lets the message pass. One
    that was kept has failed when nobody holds it any more, and when it is held beyond the extension's time-out: the
    extension's `on_failure` says what that means.
    """

    __slots__ = ("_handle", "_settled", "_kept", "session", "direction", "message", "__weakref__")

    session: Session
    direction: Direction
    message: Union[str, bytes]
    """The message as it came to this extension: str for text, bytes for binary."""

    def __init__(self, handle: int, session: Session, direction: Direction, message: Union[str, bytes]) -> None:
        self._handle = handle
        self._settled = False
        self._kept = False  # the hook has returned, and somebody holds it
        self.session = session
        self.direction = direction
        self.message = message

    @property
    def kind(self) -> MessageKind:
        """UTF8 or BINARY."""
        return MessageKind.UTF8 if isinstance(self.message, str) else MessageKind.BINARY

    def pass_(self) -> bool:
        """Lets the message go on as it is. False when it was too late: answered before, timed out, or closed."""
        return self._settle(lib.cryo_hook_pass)

    def replace(self, message: Union[str, BytesLike]) -> bool:
        """Lets it go on with another content of the same kind: str for text, bytes-like for binary. False as above.

        Raises TypeError for the other kind, and :class:`cryo.TooBig`; the ticket is not answered then.
        """
        if isinstance(message, str) != isinstance(self.message, str):
            wanted = "str" if isinstance(self.message, str) else "bytes"
            raise TypeError(f"this message can only be replaced by {wanted}")
        payload = message.encode("utf-8") if isinstance(message, str) else bytes(message)
        try:
            lib.cryo_hook_replace(self._handle, payload, len(payload))
        except (StateError, HandleError):
            self._settled = True
            return False
        self._settled = True
        return True

    def stop(self) -> bool:
        """Ends the way of the message: it is neither sent nor received. False as above."""
        return self._settle(lib.cryo_hook_stop)

    def fail(self, reason: str = "") -> bool:
        """The hook could not do its work, for a reason that is logged. The extension's `on_failure` decides."""
        return self._settle(lib.cryo_hook_fail, reason.encode("utf-8", "replace").replace(b"\0", b" ") or None)

    def __repr__(self) -> str:
        return f"<cryo.Hook {self.direction.name} {'settled' if self._settled else 'waiting'}>"

    def __del__(self) -> None:
        if not getattr(self, "_settled", True):
            if self._kept:
                self.fail("its ticket was let go of without an answer")
            else:
                self.pass_()

    def _settle(self, function: Callable[..., int], *arguments: Any) -> bool:
        try:
            function(self._handle, *arguments)
        except (StateError, HandleError):
            return False
        finally:
            self._settled = True
        return True


def settle(hook: Hook, answer: object) -> None:
    """Carries out what a hook has returned. Raises TypeError for what is no answer."""
    if answer is None:
        return  # it has been answered, will be later, or passes when nobody holds it any more
    if answer is True:
        hook.pass_()
    elif answer is False:
        hook.stop()
    elif isinstance(answer, (str, bytes, bytearray, memoryview)):
        hook.replace(answer)
    else:
        raise TypeError(f"a hook must return None, True, False or a message, not {type(answer).__name__}")


def let_go(held: List[Hook]) -> None:
    """Its hook has returned; `held` has the last reference that is not the application's."""
    seen = weakref.ref(held.pop())
    kept = seen()
    if kept is not None:
        kept._kept = True


def reason_of(error: Optional[BaseException]) -> str:
    """An exception in a few words, for the library's log."""
    return f"{type(error).__name__}: {error}"
