"""What is alike where events are pulled: a queue of the library's."""

from __future__ import annotations

import ctypes
import math
import time
from collections import deque
from typing import TYPE_CHECKING, Callable, Deque, Iterator, List, Optional, Tuple

from . import _callbacks
from ._ffi import lib, new_handle, no_finalizer, raise_for, to_milliseconds
from ._waiting import SLICE_SECONDS
from .errors import Closed, HandleError, StateError, Timeout
from .events import Event, decode_batch
from .receipts import Receipt, receipt_of
from .session import Session, SessionTable


class Pulled:
    """For a server or a client that has a handle, and can be waited for."""

    _handle: Optional[int]
    _sessions: SessionTable
    _queue: Optional[int] = None
    _queue_capacity: Optional[Tuple[int, int]] = None
    # Taken out of the queue already, and not handed out: less than one batch for each thread that takes.
    _ahead: Deque[Event] = deque()
    # Batches of the library's, to be given back with the next call: while one is out, what its thread sends is gathered.
    _batches: List[ctypes.c_void_p] = []
    _batch_events = 0  # at most, in a batch; 0: no bound
    # In an event loop, whoever takes the events may be who waits for a receipt: they do not go through the queue then.
    _receipt_arrived: Optional[Callable[[Session, int, Receipt], None]] = None
    # Nor does the end of a client: it is known at once, also while nobody takes the events.
    _closed_arrived: Optional[Callable[[Session, int, str], None]] = None

    if TYPE_CHECKING:

        def wait(self, timeout: Optional[float] = None) -> bool:
            """Of the server or the client."""

    def next_event(self, timeout: Optional[float] = None) -> Optional[Event]:
        """The next event, waiting up to `timeout` seconds for one (None: for ever).

        None when none came in time, after :meth:`wake`, and when it was closed.
        """
        if self._ahead:
            try:
                return self._ahead.popleft()
            except IndexError:  # another thread has taken it
                pass
        deadline = math.inf if timeout is None else time.monotonic() + timeout
        while True:
            left = min(deadline - time.monotonic(), SLICE_SECONDS)
            try:
                return self._take(to_milliseconds(left))
            except Timeout:
                if time.monotonic() >= deadline:
                    return None
            except (Closed, HandleError, StateError):
                return None

    def events(self) -> Iterator[Event]:
        """All events, as they come; ends when it is over and all of them were taken."""
        stopped = False
        while True:
            event = self.next_event(0 if stopped else SLICE_SECONDS)
            if event is not None:
                yield event
            elif stopped or self._handle is None:
                return
            else:
                stopped = self.wait(0)

    def queue_fileno(self) -> int:
        """A descriptor that is readable while an event waits. To be watched, not read.

        From the first call on events are taken one by one, so that none waits where the descriptor does not tell.
        Raises Unsupported where the system has none, HandleError before the start.
        """
        number = self._descriptor()
        self._batch_events = 1
        return number

    def _descriptor(self) -> int:
        """For who takes all that is there."""
        number: int = lib.cryo_queue_fd(self._queue)
        raise_for(number)
        return number

    def wake(self) -> None:
        """Makes one :meth:`next_event` that waits, or the next one to come, return None."""
        lib.cryo_queue_wake(self._queue)

    def _set_queue_capacity(self, capacity: Optional[Tuple[int, int]]) -> None:
        if capacity is not None and not (0 < capacity[0] < 2**32 and 0 < capacity[1] < 2**64):
            raise ValueError("queue_capacity must be (events, bytes), both at least 1")
        self._queue_capacity = capacity

    def _new_events(self) -> int:
        """Events that go to a queue, which is made here."""
        self._queue = new_handle(lib.cryo_queue_new)
        self._ahead = deque()
        self._batches = []
        if self._queue_capacity is not None:
            lib.cryo_queue_set_capacity(self._queue, *self._queue_capacity)
        if self._receipt_arrived is None:
            events = new_handle(lib.cryo_events_new, None, no_finalizer)
        else:
            events = _callbacks.registered(
                _CallsBeside(self._sessions, self._receipt_arrived, self._closed_arrived),
                lambda user, finalizer: new_handle(lib.cryo_events_new, user, finalizer),
            )
            lib.cryo_events_on_receipt(events, _callbacks.on_receipt)
            if self._closed_arrived is not None:
                lib.cryo_events_on_closed(events, _callbacks.on_closed)
        lib.cryo_events_use_queue(events, self._queue)
        return events

    def _released(self) -> None:
        queue, self._queue = self._queue, None
        self._ahead.clear()
        self._batches.clear()
        lib.cryo_queue_free(queue)
        self._sessions.clear()

    def _take(self, milliseconds: int) -> Event:
        """The next event that this package knows. Raises what cryo_queue_next_many answers."""
        length = ctypes.c_size_t()
        while True:
            try:
                batch = self._batches.pop()
            except IndexError:
                batch = ctypes.c_void_p()
            lib.cryo_queue_next_many(
                self._queue, milliseconds, self._batch_events, ctypes.byref(batch), ctypes.byref(length)
            )
            assert batch.value is not None
            self._batches.append(batch)
            events = decode_batch(batch.value, length.value, self._sessions)
            if len(events) > 1:
                self._ahead.extend(events[1:])
            if events:
                return events[0]


class _CallsBeside:
    """Takes past the queue what is to be known at once."""

    def __init__(
        self,
        sessions: SessionTable,
        receipt_arrived: Callable[[Session, int, Receipt], None],
        closed_arrived: Optional[Callable[[Session, int, str], None]],
    ) -> None:
        self._sessions = sessions
        self._receipt_arrived = receipt_arrived
        self._closed_arrived = closed_arrived

    def receipt(self, handle: int, number: int, outcome: int, rtt_ms: float, by: bytes) -> None:
        self._receipt_arrived(self._sessions.borrowed(handle), number, receipt_of(outcome, rtt_ms, by))

    def closed(self, handle: int, code: int, reason: bytes) -> None:
        session = self._sessions.borrowed(handle)
        self._sessions.ended(handle)
        if self._closed_arrived is not None:
            self._closed_arrived(session, code, reason.decode("utf-8", "replace"))
