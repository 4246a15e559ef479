"""A Cryo client for the tests: asyncio, over Debian's `websockets` package."""

import asyncio
import contextlib
import struct
import sys
import uuid
from pathlib import Path
from urllib.parse import quote, urlencode

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "tests" / "support"))

import websockets_asyncio as websockets  # noqa: E402

ACK, ERROR, PING_PONG, UTF8DATA, BINARYDATA = range(5)
HEAD = struct.Struct(">16sIB")
PATIENCE = 20  # seconds that anything may take before a test gives up


class Refused(Exception):
    """The server did not upgrade the connection."""

    def __init__(self, status):
        super().__init__(f"status {status}")
        self.status = status


class Peer:
    def __init__(self, websocket, sid):
        self.websocket = websocket
        self.sid = sid
        self.sent = 0
        self.acks = []
        self.acknowledges = True

    async def send(self, message):
        """Sends str as text and bytes as binary; gives the frame's number."""
        kind = UTF8DATA if isinstance(message, str) else BINARYDATA
        payload = message.encode() if isinstance(message, str) else message
        number, self.sent = self.sent, self.sent + 1
        await self.send_frame(number, kind, payload)
        return number

    async def send_frame(self, number, kind, payload=b""):
        await self.websocket.send(HEAD.pack(self.sid.bytes, number, kind) + payload)

    async def frame(self):
        """The next frame: (number, type, payload)."""
        data = await asyncio.wait_for(self.websocket.recv(), PATIENCE)
        sid, number, kind = HEAD.unpack_from(data)
        assert sid == self.sid.bytes, "a frame with another session's id"
        return number, kind, data[HEAD.size :]

    async def message(self):
        """The next data message; acknowledges it, answers pings, and keeps ACKs in `acks`, on the way to it."""
        while True:
            number, kind, payload = await self.frame()
            if kind == ACK:
                self.acks.append(number)
            elif kind == PING_PONG and payload == b"ping":
                await self.send_frame(number, PING_PONG, b"pong")
            elif kind in (UTF8DATA, BINARYDATA):
                if self.acknowledges:
                    with contextlib.suppress(websockets.ConnectionClosed):  # it may have been the last one
                        await self.send_frame(number, ACK)
                return payload.decode() if kind == UTF8DATA else payload

    async def ping(self):
        """Waits for a ping and answers it."""
        while True:
            number, kind, payload = await self.frame()
            if kind == PING_PONG and payload == b"ping":
                return await self.send_frame(number, PING_PONG, b"pong")
            if kind == ACK:
                self.acks.append(number)

    async def acked(self, number):
        """Waits until the frame with this number is acknowledged."""
        while number not in self.acks:
            got, kind, _ = await self.frame()
            if kind == ACK:
                self.acks.append(got)

    async def closed(self):
        """Waits for the end: (code, reason)."""
        try:
            while True:
                await self.frame()
        except websockets.ConnectionClosed:
            return self.websocket.close_code, self.websocket.close_reason

    async def close(self, code=4000, reason=""):
        await asyncio.wait_for(self.websocket.close(code, reason), PATIENCE)

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        await self.close()


def url(port, token, sid, path="/", scheme="ws", host="127.0.0.1", **parameters):
    query = f"authorization=Bearer%20{quote(token, safe='')}&x-cryo-sid={sid}"
    if parameters:
        query += "&" + urlencode(parameters)
    return f"{scheme}://{host}:{port}{path}?{query}"


async def connect(port, token="secret", sid=None, ssl=None, server_hostname=None, **rest):
    """A connected peer. Raises Refused with the status when there was no upgrade."""
    sid = sid or uuid.uuid4()
    address = url(port, token, sid, scheme="wss" if ssl else "ws", **rest)
    options = {"max_size": None, "max_queue": None, "ping_interval": None, "compression": None, "ssl": ssl}
    if server_hostname is not None:
        options["server_hostname"] = server_hostname
    try:
        websocket = await asyncio.wait_for(websockets.connect(address, **options), PATIENCE)
    except websockets.InvalidStatusCode as error:
        raise Refused(error.status_code) from None
    return Peer(websocket, sid)
