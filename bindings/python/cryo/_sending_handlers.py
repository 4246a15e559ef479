"""The application's functions for what becomes of messages that were sent, alike for servers and clients."""

from __future__ import annotations

from typing import Any, Callable, Optional, TypeVar, Union

from .codes import DropReason
from .receipts import Receipt
from .session import Session

OnDropped = Callable[[Session, DropReason, Union[str, bytes]], Any]
OnWritable = Callable[[Session], Any]
OnNumberedReceipt = Callable[[Session, int, Receipt], Any]
_F = TypeVar("_F", bound=Callable[..., Any])


class SendingHandlers:
    """Keeps the functions. Setting one again replaces it."""

    _on_dropped: Optional[OnDropped] = None
    _on_writable: Optional[OnWritable] = None
    _on_receipt: Optional[OnNumberedReceipt] = None

    def _set_sending_handlers(
        self,
        on_dropped: Optional[OnDropped],
        on_writable: Optional[OnWritable],
        on_receipt: Optional[OnNumberedReceipt],
    ) -> None:
        self._on_dropped = on_dropped
        self._on_writable = on_writable
        self._on_receipt = on_receipt

    def _has_sending_handlers(self) -> bool:
        every = (self._on_dropped, self._on_writable, self._on_receipt)
        return any(function is not None for function in every)

    def on_dropped(self, function: _F) -> _F:
        """Decorator: function(session, reason, message), when a message that was accepted, or broadcast, is dropped."""
        self._on_dropped = function
        return function

    def on_writable(self, function: _F) -> _F:
        """Decorator: function(session), when its queue, which was held, flows again."""
        self._on_writable = function
        return function

    def on_receipt(self, function: _F) -> _F:
        """Decorator: function(session, number, receipt), for messages that were sent with a number as their receipt."""
        self._on_receipt = function
        return function
