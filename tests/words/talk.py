"""One short conversation with a Cryo server, over a WebSocket client that is not ours."""

import asyncio
import contextlib
import struct
import uuid
from urllib.parse import quote

import websockets

HEAD = struct.Struct(">16sIB")
ACK, UTF8DATA, BINARYDATA = 0, 3, 4
PATIENCE = 20  # seconds


class Talk:
    def __init__(self, socket, sid):
        self.socket = socket
        self.sid = sid
        self.sent = 0
        self.acknowledged = []

    async def say(self, text):
        await self._send(UTF8DATA, text.encode())

    async def show(self, data):
        """Sends bytes."""
        await self._send(BINARYDATA, data)

    async def _send(self, kind, payload):
        await self.socket.send(HEAD.pack(self.sid.bytes, self.sent, kind) + payload)
        self.sent += 1

    async def hear(self):
        """The next text; ACKs on the way to it are kept."""
        while True:
            frame = await asyncio.wait_for(self.socket.recv(), PATIENCE)
            sid, number, kind = HEAD.unpack_from(frame)
            assert sid == self.sid.bytes, frame
            if kind == ACK:
                self.acknowledged.append(number)
            elif kind == UTF8DATA:
                with contextlib.suppress(websockets.ConnectionClosed):  # it may have been the last one
                    await self.socket.send(HEAD.pack(self.sid.bytes, number, ACK))
                return frame[HEAD.size :].decode()


def talk(port, token, sid=None, **parameters):
    """An async context manager that gives a Talk; websockets.InvalidStatusCode where the server refuses."""
    return _Connection(port, token, sid or uuid.uuid4(), parameters)


class _Connection:
    def __init__(self, port, token, sid, parameters):
        query = "".join(f"&{name}={quote(value)}" for name, value in parameters.items())
        self.url = f"ws://127.0.0.1:{port}/?authorization=Bearer%20{quote(token)}&x-cryo-sid={sid}{query}"
        self.sid = sid

    async def __aenter__(self):
        self.socket = await asyncio.wait_for(websockets.connect(self.url), PATIENCE)
        return Talk(self.socket, self.sid)

    async def __aexit__(self, *_):
        await self.socket.close()
