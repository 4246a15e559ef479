"""Brings what the library calls on its threads into an event loop: receipts, hooks of extensions, token providers."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any, Callable, Optional, Set, Union

from ._aio_reader import QueueReader
from ._base import BaseServer
from ._base_client import BaseClient
from ._callbacks import report
from ._extensible import Extensible
from ._pulled import Pulled
from .events import ReceiptEvent, tell_receipt
from .extension import OnHook
from .hook import Hook, reason_of, settle
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
        owner._receipt_arrived = self._receipt_arrived
        owner._run_hook = self._run_hook
        owner._run_provider = self._run_provider

    def enter(self) -> None:
        """Before the start, in the loop."""
        self._loop = asyncio.get_running_loop()

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

    def _run_hook(self, function: OnHook, hook: Hook) -> None:
        self._call_soon(self._begin_hook, function, hook)

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

    def _begin_hook(self, function: OnHook, hook: Hook) -> None:
        try:
            answer = function(hook.session, hook)
            if inspect.isawaitable(answer):
                task = asyncio.get_running_loop().create_task(self._finish_hook(answer, hook))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
            else:
                settle(hook, answer)
        except Exception as error:
            self._failed(hook, error)

    async def _finish_hook(self, answer: Any, hook: Hook) -> None:
        try:
            settle(hook, await answer)
        except Exception as error:
            self._failed(hook, error)

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
