"""Waiting for what blocks, in an event loop, on a thread for just that: asyncio's executor is the application's."""

from __future__ import annotations

import asyncio
import threading
from typing import Any, Callable


async def in_thread_of_its_own(function: Callable[[], Any]) -> None:
    """Calls `function` and waits for it. Raises what it raises."""
    loop = asyncio.get_running_loop()
    done: "asyncio.Future[None]" = loop.create_future()

    def tell(error: Any) -> None:
        if done.done():
            return  # the waiting was cancelled
        if error is None:
            done.set_result(None)
        else:
            done.set_exception(error)

    def run() -> None:
        error = None
        try:
            function()
        except Exception as raised:
            error = raised
        try:
            loop.call_soon_threadsafe(tell, error)
        except RuntimeError:
            pass  # the loop is closed, and with it whoever waited

    threading.Thread(target=run, name="cryo-end", daemon=True).start()
    await done
