"""Runs an application's functions: in order for each session, side by side for different ones."""

from __future__ import annotations

import asyncio
import inspect
from collections import deque
from typing import Any, Awaitable, Callable, Deque, Dict, Hashable, Tuple

# What may wait for functions that are slow. Beyond it no event is taken from the library, whose queue then fills
# up, and which then stops reading from the sessions.
MAX_JOBS = 1024
MAX_BYTES = 64 * 1024 * 1024

_Job = Tuple[Callable[[], Any], int]


class Lanes:
    """A lane for each session that has something to do; `failed` is called for each exception, while it is handled."""

    def __init__(self, failed: Callable[[], None]) -> None:
        self._failed = failed
        self._waiting: Dict[Hashable, Deque[_Job]] = {}
        self._tasks: Dict[Hashable, "asyncio.Task[None]"] = {}
        self._jobs = 0
        self._bytes = 0
        self._changed = asyncio.Event()

    async def run(self, lane: Hashable, call: Callable[[], Any], size: int) -> None:
        """Calls `call`, which may return an awaitable, after everything else in its lane; waits when too much waits."""
        while self._jobs >= MAX_JOBS or self._bytes >= MAX_BYTES:
            await self._change()
        if lane in self._tasks:
            self._waiting[lane].append((call, size))
            self._count(1, size)
            return
        try:
            result = call()
        except Exception:
            self._failed()
            return
        if inspect.isawaitable(result):
            self._waiting[lane] = deque()
            self._count(1, size)
            self._tasks[lane] = asyncio.get_running_loop().create_task(self._drive(lane, result, size))

    async def idle(self) -> None:
        """Waits until nothing runs and nothing waits."""
        while self._tasks:
            await self._change()

    def contains(self, task: object) -> bool:
        """True for a task in which one of the functions runs."""
        return task in self._tasks.values()

    async def _drive(self, lane: Hashable, first: Awaitable[Any], size: int) -> None:
        waiting = self._waiting[lane]
        result: Any = first
        try:
            while True:
                await self._finish(result)
                self._count(-1, -size)
                if not waiting:
                    return
                call, size = waiting.popleft()
                result = self._begin(call)
        except BaseException:
            self._count(-1, -size)
            raise
        finally:
            for _, left in waiting:
                self._count(-1, -left)
            del self._waiting[lane], self._tasks[lane]
            self._changed.set()

    def _begin(self, call: Callable[[], Any]) -> Any:
        try:
            return call()
        except Exception:
            self._failed()
            return None

    async def _finish(self, result: Any) -> None:
        if inspect.isawaitable(result):
            try:
                await result
            except Exception:
                self._failed()

    def _count(self, jobs: int, size: int) -> None:
        self._jobs += jobs
        self._bytes += size
        self._changed.set()

    async def _change(self) -> None:
        self._changed.clear()
        await self._changed.wait()
