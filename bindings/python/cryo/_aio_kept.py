"""Events of a server that nobody takes: one that only sends has no use for them, and they must not hold it up."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Deque

from ._aio_reader import QueueReader
from ._callbacks import logger
from .events import DroppedEvent, Event, LostEvent, MessageEvent

# As many as the library's queue holds. Beyond, the oldest go.
MAX_EVENTS = 16384
MAX_BYTES = 64 * 1024 * 1024


class KeptEvents:
    """Takes the events from the start of a server on, and keeps the last of them for who wants them later."""

    def __init__(self, reader: QueueReader) -> None:
        self._reader = reader
        self._events: Deque[Event] = deque()
        self._bytes = 0
        self._told = False
        self._task = asyncio.get_running_loop().create_task(self._take())

    def give_back(self) -> None:
        """To the reader, in their order. From now on others take the events."""
        self.stop()
        self._reader.put_back(self._events)
        self._events.clear()

    def stop(self) -> None:
        self._task.cancel()

    async def _take(self) -> None:
        while True:
            event = await self._reader.next()
            if event is None:
                return
            self._events.append(event)
            self._bytes += _size_of(event)
            while len(self._events) > MAX_EVENTS or self._bytes > MAX_BYTES:
                self._bytes -= _size_of(self._events.popleft())
                if not self._told:
                    self._told = True
                    logger.warning("nobody takes the events of a server; the oldest are passed over")


def _size_of(event: Event) -> int:
    return len(event.message) if isinstance(event, (MessageEvent, DroppedEvent, LostEvent)) else 0
