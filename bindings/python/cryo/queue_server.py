"""A server whose events are pulled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Optional, Tuple

from ._base import Authorizer, BaseServer, Validator
from ._ffi import lib
from ._pulled import Pulled
from .options import ServerOptions

if TYPE_CHECKING:
    from typing_extensions import Unpack


class QueueServer(Pulled, BaseServer):
    """A server that calls nothing: its events wait in a queue until you take them, on any thread.

    ::

        with cryo.QueueServer(port=8080, validate=check) as server:
            for event in server.events():
                if isinstance(event, cryo.MessageEvent):
                    event.session.send(event.message)

    Without a validator the tickets come out of the queue too, as :class:`cryo.AuthEvent`. `queue_capacity` is how many
    events, and how many bytes of messages, may wait before sessions are no longer read from (default 16384 events,
    64 MiB). For other event loops: :meth:`queue_fileno` is readable while an event waits. For the other keywords see
    :class:`cryo.ServerOptions`.
    """

    def __init__(
        self,
        *,
        validate: Optional[Validator] = None,
        authorize: Optional[Authorizer] = None,
        queue_capacity: Optional[Tuple[int, int]] = None,
        **options: "Unpack[ServerOptions]",
    ) -> None:
        super().__init__(validate=validate, authorize=authorize, **options)
        self._set_queue_capacity(queue_capacity)

    def _add_events(self, options: int) -> None:
        events = self._new_events()
        try:
            lib.cryo_server_options_set_events(options, events)
        finally:
            lib.cryo_events_free(events)

    def _needs_validator(self) -> bool:
        return False
