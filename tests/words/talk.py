"""One short conversation with a Cryo server, over a WebSocket client that is not ours."""

import asyncio
import contextlib
import pathlib
import struct
import sys
import uuid
from collections import deque
from urllib.parse import quote

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

from websockets_asyncio import ConnectionClosed, InvalidStatusCode, connect  # noqa: E402

HEAD = struct.Struct(">16sIB")
ACK, PING_PONG, UTF8DATA, BINARYDATA = 0, 2, 3, 4
PATIENCE = 20  # seconds


class Talk:
    def __init__(self, socket, sid):
        self.socket = socket
        self.sid = sid
        self.sent = 0
        self.heard = deque()  # texts that came and were not asked for yet
        self.acknowledged = []  # messages of ours, the first one as 0
        self.pongs = 0

    async def announced(self):
        """Returns when the server's application has been told of this session: the answer to a Cryo ping comes behind that.
        The ping takes the number before 0, so that messages are numbered as if there had been none."""
        await self._send_frame(2**32 - 1, PING_PONG, b"ping")
        while self.pongs == 0:
            await self._take()

    async def say(self, text):
        await self._send(UTF8DATA, text.encode())

    async def show(self, data):
        """Sends bytes."""
        await self._send(BINARYDATA, data)

    async def hear(self):
        """The next text."""
        while not self.heard:
            await self._take()
        return self.heard.popleft()

    async def _send(self, kind, payload):
        await self._send_frame(self.sent, kind, payload)
        self.sent += 1

    async def _send_frame(self, number, kind, payload=b""):
        await self.socket.send(HEAD.pack(self.sid.bytes, number, kind) + payload)

    async def _take(self):
        """The next frame, whatever it is."""
        frame = await asyncio.wait_for(self.socket.recv(), PATIENCE)
        sid, number, kind = HEAD.unpack_from(frame)
        payload = frame[HEAD.size :]
        assert sid == self.sid.bytes, frame
        with contextlib.suppress(ConnectionClosed):  # it may have been the last one
            if kind == ACK:
                self.acknowledged.append(number)
            elif kind == PING_PONG and payload == b"ping":
                await self._send_frame(number, PING_PONG, b"pong")
            elif kind == PING_PONG:
                self.pongs += 1
            elif kind == UTF8DATA:
                self.heard.append(payload.decode())
                await self._send_frame(number, ACK)


def talk(port, token, sid=None, **parameters):
    """An async context manager that gives a Talk once the server's application knows of it."""
    return _Connection(port, token, sid or uuid.uuid4(), parameters)


async def status_of(port, token, **parameters):
    """The HTTP status with which such a client is let in or refused."""
    try:
        async with talk(port, token, **parameters):
            return 101
    except InvalidStatusCode as refused:
        return refused.status_code


class _Connection:
    def __init__(self, port, token, sid, parameters):
        query = "".join(f"&{name}={quote(value)}" for name, value in parameters.items())
        self.url = f"ws://127.0.0.1:{port}/?authorization=Bearer%20{quote(token)}&x-cryo-sid={sid}{query}"
        self.sid = sid

    async def __aenter__(self):
        self.socket = await asyncio.wait_for(connect(self.url), PATIENCE)
        client = Talk(self.socket, self.sid)
        await client.announced()
        return client

    async def __aexit__(self, *_):
        await self.socket.close()
