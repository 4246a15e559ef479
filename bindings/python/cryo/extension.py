"""Extensions: they see the messages of all sessions of a server or a client."""

from __future__ import annotations

from typing import Any, Callable, Dict, Optional, Tuple

from .codes import Direction, MessageKind, Verdict
from .hook import Hook
from .session import Session

OnHook = Callable[[Session, Hook], Any]

# The hooks by name, and what each sees.
HOOKS: Dict[str, Tuple[Direction, MessageKind]] = {
    "before_send_utf8": (Direction.BEFORE_SEND, MessageKind.UTF8),
    "before_send_binary": (Direction.BEFORE_SEND, MessageKind.BINARY),
    "on_receive_utf8": (Direction.ON_RECEIVE, MessageKind.UTF8),
    "on_receive_binary": (Direction.ON_RECEIVE, MessageKind.BINARY),
}


class Extension:
    """Sees messages before they are sent and after they were received. Override the hooks that you need::

        class Shouting(cryo.Extension):
            name = "shouting"

            def before_send_utf8(self, session, hook):
                return hook.message.upper()

        server.add_extension(Shouting())

    or give functions: ``cryo.Extension("shouting", before_send_utf8=lambda session, hook: hook.message.upper())``.

    A hook gets the session and a :class:`cryo.Hook`, the ticket of the message. It returns True (pass), False (stop) or
    another message (str for text, bytes for binary); or None, and answers on the ticket, at once or later, from any
    thread; a ticket that it neither answers nor keeps passes. With :mod:`cryo.aio` hooks run in the event loop and may be
    async. An exception in a hook goes to the logger "cryo", and the hook has failed: `on_failure` says what becomes of
    the message then, as when the ticket is kept longer than `timeout_ms`, or kept and then let go of without an answer.
    By default it is stopped: what filters must not leak. ``Verdict.PASS`` is for extensions that only look.

    One extension may be added to any number of servers and clients. Extensions are asked in the order in which they were
    added; the first one that stops a message ends its way.
    """

    name: str = ""
    """What it is known by; 1 to 255 bytes."""
    timeout_ms: int = 5000
    """How long a ticket may be kept."""
    on_failure: Verdict = Verdict.STOP
    """What becomes of a message whose hook has failed."""

    def __init__(
        self,
        name: Optional[str] = None,
        *,
        before_send_utf8: Optional[OnHook] = None,
        before_send_binary: Optional[OnHook] = None,
        on_receive_utf8: Optional[OnHook] = None,
        on_receive_binary: Optional[OnHook] = None,
        timeout_ms: Optional[int] = None,
        on_failure: Optional[Verdict] = None,
    ) -> None:
        given = {
            "name": name,
            "before_send_utf8": before_send_utf8,
            "before_send_binary": before_send_binary,
            "on_receive_utf8": on_receive_utf8,
            "on_receive_binary": on_receive_binary,
            "timeout_ms": timeout_ms,
            "on_failure": on_failure,
        }
        for attribute, value in given.items():
            if value is not None:
                setattr(self, attribute, value)

    def before_send_utf8(self, session: Session, hook: Hook) -> Any:
        """Of a text that is about to be sent."""

    def before_send_binary(self, session: Session, hook: Hook) -> Any:
        """Of bytes that are about to be sent."""

    def on_receive_utf8(self, session: Session, hook: Hook) -> Any:
        """Of a text that was received, and is acknowledged already."""

    def on_receive_binary(self, session: Session, hook: Hook) -> Any:
        """Of bytes that were received, and are acknowledged already."""

    def on_register(self) -> None:
        """It was added to a server or a client; inside of the call that adds it."""

    def on_unregister(self) -> None:
        """It was removed, and no message is in its hands any more; on any thread."""

    def __repr__(self) -> str:
        return f"<cryo.{type(self).__name__} {self.name!r}>"

    def _hooks(self) -> Dict[str, OnHook]:
        """Those that are overridden or given."""
        return {
            name: getattr(self, name)
            for name in HOOKS
            if name in vars(self) or getattr(type(self), name) is not getattr(Extension, name)
        }
