"""A client in an event loop."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, AsyncIterator, Optional, Tuple, Union

from ._aio_bridge import LoopBridge, send
from ._aio_reader import QueueReader
from ._aio_thread import in_thread_of_its_own
from .codes import CloseCode
from .errors import state_error
from .events import Event
from .extension import Extension
from .options import ClientOptions
from .queue_client import QueueClient
from .receipts import Receipt
from .session import BytesLike, Session

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack


class Client:
    """A client in an event loop. Its events are iterated over::

        async with cryo.aio.Client("ws://localhost:8080", "MySuperSecretToken") as client:
            async for event in client.events():
                if isinstance(event, cryo.SessionEvent):
                    client.send("hello")
                elif isinstance(event, cryo.MessageEvent):
                    print(event.message)

    When the iteration is slower than what comes, the library stops reading from the server. The keywords are those of
    :class:`cryo.QueueClient`; a `token_provider` runs in the event loop, and may be async. The methods are for
    the loop's thread; the session can be used from any.
    """

    def __init__(
        self,
        url: str,
        token: str = "",
        *,
        queue_capacity: Optional[Tuple[int, int]] = None,
        **options: "Unpack[ClientOptions]",
    ) -> None:
        self._client = QueueClient(url, token, queue_capacity=queue_capacity, **options)
        self._bridge = LoopBridge(self._client)
        self._reader: Optional[QueueReader] = None
        self._closer: Optional["asyncio.Task[None]"] = None

    async def start(self) -> "Self":
        """Begins to connect, and returns at once; events tell the rest. Raises as :meth:`cryo.Client.start` does."""
        self._bridge.enter()
        self._client.start()
        try:
            self._reader = QueueReader(self._client)
            self._bridge.read_by(self._reader)
        except BaseException:
            self._client.close()
            raise
        return self

    def stop(self, code: int = CloseCode.GRACEFUL, reason: str = "") -> None:
        """Begins to close for good, connected or not, and returns at once."""
        self._client.stop(code, reason)

    async def wait(self) -> None:
        """Waits until it has closed. StateError when it was not started."""
        if self._reader is None:
            raise state_error("the client was not started")
        await self._bridge.ended.wait()

    async def close(self, code: int = CloseCode.GRACEFUL, reason: str = "") -> None:
        """Closes, waits for it, and frees what the client has. Closing twice does nothing."""
        if self._reader is None:
            return
        self.stop(code, reason)
        if self._closer is None:
            self._closer = asyncio.get_running_loop().create_task(self._finish())
        await asyncio.shield(self._closer)

    async def __aenter__(self) -> "Self":
        return await self.start()

    async def __aexit__(self, *_exception: object) -> None:
        await self.close()

    async def events(self) -> AsyncIterator[Event]:
        """All events, as they come; ends when it has closed and all of them were taken.

        Several tasks may iterate: each event goes to one.
        """
        if self._reader is None:
            raise state_error("the client was not started")
        while True:
            event = await self._reader.next()
            if event is None:
                return
            yield event

    def set_token(self, token: str) -> None:
        """Another token, from the next attempt to connect on. As :meth:`cryo.Client.set_token`."""
        self._client.set_token(token)

    @property
    def session(self) -> Session:
        """Its session, the same one from the start to the end. StateError before the start."""
        return self._client.session

    def send(self, message: Union[str, BytesLike]) -> None:
        """Sends a message, as :meth:`cryo.Session.send`. StateError while it is not connected."""
        self._client.session.send(message)

    async def send_acknowledged(self, message: Union[str, BytesLike], *, key: Optional[str] = None) -> Receipt:
        """Sends a message and waits for its receipt, as :func:`cryo.aio.send`."""
        return await send(self._client.session, message, key=key)

    # --- extensions

    def add_extension(self, extension: Extension) -> None:
        """Adds an extension, whose hooks run in the event loop, and may be async. As :meth:`cryo.Client.add_extension`."""
        self._client.add_extension(extension)

    def remove_extension(self, name: str) -> None:
        """As :meth:`cryo.Client.remove_extension`."""
        self._client.remove_extension(name)

    def find_extension(self, name: str) -> Optional[Extension]:
        """The extension of that name, or None."""
        return self._client.find_extension(name)

    async def _finish(self) -> None:
        await self.wait()
        self._bridge.leave()
        await in_thread_of_its_own(self._client.close)
