"""Takes events out of the queue of a server or a client in an event loop."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Deque, Iterable, Optional

from ._pulled import Pulled
from .events import Event

# So many events are handed out in a row before other tasks of the loop get their turn.
_TURN = 64


class QueueReader:
    """One event when it is asked for: what nobody asks for stays in the library's queue, which is bounded."""

    def __init__(self, pulled: Pulled) -> None:
        self._pulled = pulled
        self._loop = asyncio.get_running_loop()
        self._descriptor = pulled._descriptor()
        self._waiter: Optional["asyncio.Future[None]"] = None
        self._beside: Deque[Event] = deque()  # what did not come through the queue
        self._ended = False
        self._last: Optional[Event] = None  # behind all that is in the queue
        self._in_a_row = 0

    async def next(self) -> Optional[Event]:
        """The next event. None when there is no more and end() was called."""
        self._in_a_row += 1
        if self._in_a_row >= _TURN:
            self._in_a_row = 0
            await asyncio.sleep(0)
        while True:
            ended = self._ended  # before looking: what was there at the end is still handed out
            event = self._beside.popleft() if self._beside else self._pulled.next_event(0)
            if event is None and ended:
                event, self._last = self._last, None
            if event is not None or ended:
                return event
            await self._readable()

    def put(self, event: Event) -> None:
        """An event that did not come through the queue."""
        self._beside.append(event)
        self._wake()

    def put_back(self, events: Iterable[Event]) -> None:
        """Some that were taken, to be handed out first."""
        self._beside.extendleft(reversed(list(events)))
        self._wake()

    def end(self, last: Optional[Event] = None) -> None:
        """There will be no further events but this one, and the descriptor is about to go."""
        self._last = last
        self._ended = True
        self._wake()

    async def _readable(self) -> None:
        self._in_a_row = 0
        if self._waiter is None:
            self._waiter = self._loop.create_future()
            # Watched only while somebody waits: the descriptor stays readable as long as there are events.
            self._loop.add_reader(self._descriptor, self._wake)
        await asyncio.shield(self._waiter)  # others may wait for the same

    def _wake(self) -> None:
        waiter, self._waiter = self._waiter, None
        if waiter is not None:
            self._loop.remove_reader(self._descriptor)
            waiter.set_result(None)
