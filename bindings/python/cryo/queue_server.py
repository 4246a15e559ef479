"""A server whose events are pulled."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Iterator, Optional, Tuple

from ._base import _SLICE_SECONDS, Authorizer, BaseServer, Validator
from ._ffi import lib, new_handle, no_finalizer, raise_for, to_milliseconds
from .errors import Closed, HandleError, StateError, Timeout
from .events import Event, decode
from .options import ServerOptions

if TYPE_CHECKING:
    from typing_extensions import Unpack


class QueueServer(BaseServer):
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
        self._queue: Optional[int] = None
        if queue_capacity is not None and not (
            0 < queue_capacity[0] < 2**32 and 0 < queue_capacity[1] < 2**64
        ):
            raise ValueError("queue_capacity must be (events, bytes), both at least 1")
        self._queue_capacity = queue_capacity

    def next_event(self, timeout: Optional[float] = None) -> Optional[Event]:
        """The next event, waiting up to `timeout` seconds for one (None: for ever).

        None when none came in time, after :meth:`wake`, and when the server was closed.
        """
        deadline = math.inf if timeout is None else time.monotonic() + timeout
        while True:
            left = min(deadline - time.monotonic(), _SLICE_SECONDS)
            try:
                return self._take(to_milliseconds(left))
            except Timeout:
                if time.monotonic() >= deadline:
                    return None
            except (Closed, HandleError, StateError):
                return None

    def events(self) -> Iterator[Event]:
        """All events, as they come; ends when the server has stopped and all of them were taken."""
        stopped = False
        while True:
            event = self.next_event(0 if stopped else _SLICE_SECONDS)
            if event is not None:
                yield event
            elif stopped or self._handle is None:
                return
            else:
                stopped = self.wait(0)

    def queue_fileno(self) -> int:
        """A descriptor that is readable while an event waits. To be watched, not read.

        Raises Unsupported where the system has none, HandleError before the start.
        """
        number: int = lib.cryo_queue_fd(self._queue)
        raise_for(number)
        return number

    def wake(self) -> None:
        """Makes one :meth:`next_event` that waits, or the next one to come, return None."""
        lib.cryo_queue_wake(self._queue)

    def _add_events(self, options: int) -> None:
        self._queue = new_handle(lib.cryo_queue_new)
        if self._queue_capacity is not None:
            lib.cryo_queue_set_capacity(self._queue, *self._queue_capacity)
        events = new_handle(lib.cryo_events_new, None, no_finalizer)
        try:
            lib.cryo_events_use_queue(events, self._queue)
            lib.cryo_server_options_set_events(options, events)
        finally:
            lib.cryo_events_free(events)

    def _released(self) -> None:
        queue, self._queue = self._queue, None
        lib.cryo_queue_free(queue)
        self._sessions.clear()

    def _needs_validator(self) -> bool:
        return False

    def _take(self, milliseconds: int) -> Event:
        """The next event that this package knows. Raises what cryo_queue_next answers."""
        while True:
            taken = new_handle(lib.cryo_queue_next, self._queue, milliseconds)
            try:
                event = decode(taken, self._sessions)
            finally:
                lib.cryo_event_free(taken)
            if event is not None:
                return event
