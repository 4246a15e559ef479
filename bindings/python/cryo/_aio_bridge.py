"""Brings what the library calls on its threads into an event loop: receipts, hooks of extensions, token providers."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any, Callable, List, Optional, Set, Union

from ._aio_reader import QueueReader
from ._base import BaseServer
from ._base_client import BaseClient
from ._callbacks import report
from ._extensible import Extensible
from ._pulled import Pulled
from .events import ClosedEvent, ReceiptEvent, tell_receipt
from .extension import OnHook
from .hook import Hook, let_go, reason_of, settle
from .receipts import FIRST_OWN, Receipt
from .session import BytesLike, Session
from .token import OnToken, TokenRequest, answer, failed


class LoopBridge:
    """For one server or client, which it is set up for before that starts."""

    def __init__(self, owner: Any) -> None:
        assert isinstance(owner, Extensible) and isinstance(owner, Pulled)
        assert isinstance(owner, (BaseClient, BaseServer))
        self._loop: Optional[asyncio.AbstractEventLoop] = None
        self._reader: Optional[QueueReader] = None
        self._tasks: Set["asyncio.Task[None]"] = set()
        self.ended: asyncio.Event  # of a client: its last event has come
        if isinstance(owner, BaseClient):
            owner._closed_arrived = self._closed_arrived
        owner._receipt_arrived = self._receipt_arrived
        owner._run_hook = self._run_hook
        owner._run_provider = self._run_provider

    def enter(self) -> None:
        """Before the start, in the loop."""
        self._loop = asyncio.get_running_loop()
        self.ended = asyncio.Event()

    def call_soon(self, function: Callable[..., None], *arguments: Any) -> None:
        """From any thread. Raises RuntimeError where there is no event loop any more."""
        self._call_soon(function, *arguments)

    def read_by(self, reader: QueueReader) -> None:
        """Where events go that do not come through the queue."""
        self._reader = reader

    def leave(self) -> None:
        """At the end, in the loop: hooks and token providers that still run are cancelled."""
        for task in list(self._tasks):
            task.cancel()

    # --- on the library's threads

    def _receipt_arrived(self, session: Session, number: int, receipt: Receipt) -> None:
        try:
            self._call_soon(self._tell_receipt, session, number, receipt)
        except RuntimeError:
            pass  # the loop is closed, and with it whoever waited

    def _run_hook(self, function: OnHook, held: List[Hook]) -> None:
        self._call_soon(self._begin_hook, function, held)

    def _closed_arrived(self, session: Session, code: int, reason: str) -> None:
        try:
            self._call_soon(self._tell_end, ClosedEvent(session, code, reason))
        except RuntimeError:
            pass

    def _run_provider(self, provider: OnToken, request: TokenRequest, seconds: float) -> None:
        self._call_soon(self._begin_provider, provider, request, seconds)

    def _call_soon(self, function: Callable[..., None], *arguments: Any) -> None:
        if self._loop is None:
            raise RuntimeError("there is no event loop")
        self._loop.call_soon_threadsafe(function, *arguments)

    # --- in the loop

    def _tell_receipt(self, session: Session, number: int, receipt: Receipt) -> None:
        if number >= FIRST_OWN:
            tell_receipt(number, receipt)
        elif self._reader is not None:
            self._reader.put(ReceiptEvent(session, number, receipt))

    def _begin_provider(self, provider: OnToken, request: TokenRequest, seconds: float) -> None:
        try:
            token = provider()
            if inspect.isawaitable(token):
                task = asyncio.get_running_loop().create_task(self._finish_provider(token, request, seconds))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
            else:
                answer(request, token)
        except Exception as error:
            failed(request, error)

    @staticmethod
    async def _finish_provider(token: Any, request: TokenRequest, seconds: float) -> None:
        try:
            answer(request, await asyncio.wait_for(token, seconds))
        except Exception as error:
            failed(request, error)

    def _tell_end(self, last: ClosedEvent) -> None:
        if self._reader is not None:
            self._reader.end(last)
        self.ended.set()

    def _begin_hook(self, function: OnHook, held: List[Hook]) -> None:
        try:
            answer = function(held[0].session, held[0])
            if inspect.isawaitable(answer):
                task = asyncio.get_running_loop().create_task(self._finish_hook(answer, held))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
                return
            settle(held[0], answer)
        except Exception as error:
            self._failed(held[0], error)
        let_go(held)

    async def _finish_hook(self, answer: Any, held: List[Hook]) -> None:
        try:
            settle(held[0], await answer)
        except asyncio.CancelledError:
            held[0].fail("it was cancelled")
            raise
        except Exception as error:
            self._failed(held[0], error)
        let_go(held)

    @staticmethod
    def _failed(hook: Hook, error: Exception) -> None:
        hook.fail(reason_of(error))
        report("a hook of an extension")


async def send(session: Session, message: Union[str, BytesLike], *, key: Optional[str] = None) -> Receipt:
    """Sends a message and waits for its receipt: until it is acknowledged, timed out, dropped, or stopped.

    For sessions of a server or a client of this module. Raises as :meth:`cryo.Session.send`. When the waiting is
    cancelled, the message is on its way all the same.
    """
    loop = asyncio.get_running_loop()
    arrived: "asyncio.Future[Receipt]" = loop.create_future()

    def tell(receipt: Receipt) -> None:
        if not arrived.done():
            arrived.set_result(receipt)

    session.send(message, key=key, on_receipt=lambda receipt: loop.call_soon_threadsafe(tell, receipt))
    return await arrived
