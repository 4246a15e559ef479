"""The application's functions for a client's events, as keywords or decorators. One for each event."""

from __future__ import annotations

from typing import Any, Callable, Optional, TypeVar, Union

from ._sending_handlers import SendingHandlers
from .codes import Stat
from .events import FailedAttempt
from .session import Session

OnSession = Callable[[Session], Any]
OnMessage = Callable[[Session, Union[str, bytes]], Any]
OnEnd = Callable[[Session, int, str], Any]
OnStat = Callable[[Session, Stat, float], Any]
OnAttemptFailed = Callable[[Session, FailedAttempt], Any]
_F = TypeVar("_F", bound=Callable[..., Any])


class LossHandlers:
    """Keeps the functions for what is told of clients and of peers only. Setting one again replaces it."""

    _on_disconnected: Optional[OnEnd] = None
    _on_reconnected: Optional[OnSession] = None
    _on_attempt_failed: Optional[OnAttemptFailed] = None
    _on_lost: Optional[OnMessage] = None

    def on_disconnected(self, function: _F) -> _F:
        """Decorator: function(session, code, reason), when the connection is lost, and it tries again."""
        self._on_disconnected = function
        return function

    def on_reconnected(self, function: _F) -> _F:
        """Decorator: function(session), when it is connected again."""
        self._on_reconnected = function
        return function

    def on_attempt_failed(self, function: _F) -> _F:
        """Decorator: function(session, failure), with a :class:`cryo.FailedAttempt`."""
        self._on_attempt_failed = function
        return function

    def on_lost(self, function: _F) -> _F:
        """Decorator: function(session, message), at a loss, for what was sent and not acknowledged."""
        self._on_lost = function
        return function


class ClientHandlers(LossHandlers, SendingHandlers):
    """Keeps the functions. Setting one again replaces it."""

    _on_connected: Optional[OnSession] = None
    _on_message: Optional[OnMessage] = None
    _on_closed: Optional[OnEnd] = None
    _on_stat: Optional[OnStat] = None

    def on_connected(self, function: _F) -> _F:
        """Decorator: function(session), when it is connected (with CALE: secure) for the first time."""
        self._on_connected = function
        return function

    def on_session(self, function: _F) -> _F:
        """The same as :meth:`on_connected`, by the name that it has of a server."""
        return self.on_connected(function)

    def on_message(self, function: _F) -> _F:
        """Decorator: function(session, message), with str for text and bytes for binary."""
        self._on_message = function
        return function

    def on_closed(self, function: _F) -> _F:
        """Decorator: function(session, code, reason), when it is over for good, also when it was never connected."""
        self._on_closed = function
        return function

    def on_stat(self, function: _F) -> _F:
        """Decorator: function(session, stat, value), at each keep-alive tick. Stat.RTT is in milliseconds."""
        self._on_stat = function
        return function
