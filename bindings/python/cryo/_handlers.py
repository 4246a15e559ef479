"""The application's functions for events, as keywords or decorators. One for each event."""

from __future__ import annotations

from typing import Any, Callable, Optional, TypeVar, Union

from ._client_handlers import LossHandlers, OnAttemptFailed
from ._sending_handlers import SendingHandlers
from .codes import Stat
from .session import Session

OnListening = Callable[[str, int], Any]
OnSession = Callable[[Session], Any]
OnMessage = Callable[[Session, Union[str, bytes]], Any]
OnClosed = Callable[[Session, int, str], Any]
OnStat = Callable[[Session, Stat, float], Any]
_F = TypeVar("_F", bound=Callable[..., Any])


class Handlers(LossHandlers, SendingHandlers):
    """Keeps the functions. Setting one again replaces it."""

    _on_listening: Optional[OnListening] = None
    _on_session: Optional[OnSession] = None
    _on_message: Optional[OnMessage] = None
    _on_closed: Optional[OnClosed] = None
    _on_stat: Optional[OnStat] = None

    def _set_handlers(
        self,
        on_listening: Optional[OnListening],
        on_session: Optional[OnSession],
        on_message: Optional[OnMessage],
        on_closed: Optional[OnClosed],
        on_stat: Optional[OnStat],
        on_disconnected: Optional[OnClosed],
        on_reconnected: Optional[OnSession],
        on_attempt_failed: Optional[OnAttemptFailed],
        on_lost: Optional[OnMessage],
    ) -> None:
        self._on_listening = on_listening
        self._on_session = on_session
        self._on_message = on_message
        self._on_closed = on_closed
        self._on_stat = on_stat
        self._on_disconnected = on_disconnected
        self._on_reconnected = on_reconnected
        self._on_attempt_failed = on_attempt_failed
        self._on_lost = on_lost

    def _has_handlers(self) -> bool:
        of_all = (self._on_listening, self._on_session, self._on_message, self._on_closed, self._on_stat)
        of_peers = (self._on_disconnected, self._on_reconnected, self._on_attempt_failed, self._on_lost)
        return self._has_sending_handlers() or any(function is not None for function in of_all + of_peers)

    def on_listening(self, function: _F) -> _F:
        """Decorator: function(host, port), when the server listens."""
        self._on_listening = function
        return function

    def on_session(self, function: _F) -> _F:
        """Decorator: function(session), when a client was let in. The first event of its session."""
        self._on_session = function
        return function

    def on_message(self, function: _F) -> _F:
        """Decorator: function(session, message), with str for text and bytes for binary."""
        self._on_message = function
        return function

    def on_closed(self, function: _F) -> _F:
        """Decorator: function(session, code, reason), when the session is over. Its last event.

        Code and reason are the ones that ended it, whichever side they came from; 1006 when the connection was lost.
        """
        self._on_closed = function
        return function

    def on_stat(self, function: _F) -> _F:
        """Decorator: function(session, stat, value), at each keep-alive tick. Stat.RTT is in milliseconds."""
        self._on_stat = function
        return function
