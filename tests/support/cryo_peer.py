"""A small Cryo client: asyncio, over Debian's `websockets` package. It shares no code with the library.

    async with await cryo_peer.connect("ws://127.0.0.1:8080", token="secret") as peer:
        await peer.send_text("hello")
        print(await peer.message())
"""

import asyncio
import contextlib
import struct
import uuid
from typing import NamedTuple, Optional, Union
from urllib.parse import quote

import websockets_asyncio as websockets

ACK, ERROR, PING_PONG, UTF8DATA, BINARYDATA, SERVER_HELLO, CLIENT_HELLO, HANDSHAKE_DONE = range(8)
HEAD = struct.Struct(">16sIB")
PATIENCE = 20  # seconds that anything may take before a test gives up


class Frame(NamedTuple):
    sid: bytes
    number: int
    type: int
    payload: bytes


class Refused(Exception):
    """The server did not upgrade the connection."""

    def __init__(self, status, headers):
        super().__init__(f"refused with {status}")
        self.status = status
        self.headers = headers


class Closed(Exception):
    """The server has closed; 1006 when it went without a close."""

    def __init__(self, code, reason):
        super().__init__(f"closed with {code} {reason!r}")
        self.code = code
        self.reason = reason


async def connect(url, token="secret", sid: Optional[uuid.UUID] = None, parameters="", **options):
    """Gives a Peer, or raises Refused. `parameters` is appended to the query as it is ("&name=value"); `options` go to
    websockets.connect."""
    sid = uuid.uuid4() if sid is None else sid
    full = f"{url}/?authorization=Bearer%20{quote(token, safe='')}&x-cryo-sid={sid}{parameters}"
    options = {"max_size": None, "ping_interval": None, "open_timeout": PATIENCE, "close_timeout": PATIENCE, **options}
    try:
        return Peer(await websockets.connect(full, **options), sid)
    except websockets.InvalidStatusCode as refusal:
        raise Refused(refusal.status_code, refusal.headers) from None


class Peer:
    """One session, seen from the client. `websocket` is there for what this class does not do."""

    def __init__(self, websocket, sid):
        self.websocket = websocket
        self.sid = sid
        self.next_number = 0
        self.auto_ack = True  # acknowledge data frames as they are received
        self.auto_pong = True  # answer Cryo pings as they are received
        self.acks = []  # numbers that the server has acknowledged, in the order of arrival

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        await self.close()

    # ---- sending ----

    async def send_raw(self, data):
        """One WebSocket message: bytes as binary, str as text, an iterable of them as fragments."""
        await self.websocket.send(data)

    async def send_frame(self, type, number, payload=b"", sid=None):
        await self.send_raw(HEAD.pack(self.sid.bytes if sid is None else sid, number, type) + payload)

    async def send_text(self, text: str) -> int:
        """Gives the number of the frame, as send_binary does."""
        return await self._send_data(UTF8DATA, text.encode())

    async def send_binary(self, data: bytes) -> int:
        return await self._send_data(BINARYDATA, data)

    async def ping(self) -> int:
        number = self._take_number()
        await self.send_frame(PING_PONG, number, b"ping")
        return number

    async def announced(self):
        """Returns when the server's application has been told of this session: not before broadcasts reach it, and its end
        is an event. The server waits for the pong to its first WebSocket ping, and answers a Cryo ping behind that. What
        comes before this answer is passed over."""
        number = await self.ping()
        while (await self.expect(PING_PONG))[1:] != (number, PING_PONG, b"pong"):
            pass

    # ---- receiving ----

    async def frame(self, timeout=PATIENCE) -> Frame:
        """The next frame, whatever it is. Raises Closed."""
        try:
            data = await asyncio.wait_for(self.websocket.recv(), timeout)
        except websockets.ConnectionClosed as end:
            raise Closed(end.rcvd.code if end.rcvd else 1006, end.rcvd.reason if end.rcvd else "") from None
        assert isinstance(data, bytes), "a text WebSocket message"
        frame = Frame(*HEAD.unpack_from(data), data[HEAD.size :])
        assert frame.sid == self.sid.bytes, "a frame with another session's id"
        await self._react(frame)
        return frame

    async def expect(self, *types) -> Frame:
        """The next frame of one of these types, whatever comes before it."""
        while True:
            frame = await self.frame()
            if frame.type in types:
                return frame

    async def message(self) -> Union[str, bytes]:
        """The next data message: str or bytes."""
        frame = await self.expect(UTF8DATA, BINARYDATA)
        return frame.payload.decode() if frame.type == UTF8DATA else frame.payload

    async def acknowledged(self, number):
        """Returns when the server has acknowledged this frame."""
        while number not in self.acks:
            await self.expect(ACK)

    # ---- the end ----

    async def close(self, code=4000, reason=""):
        await self.websocket.close(code, reason)

    async def closed(self) -> Closed:
        """Reads until the server closes, and gives its code and reason."""
        while True:
            try:
                await self.frame()
            except Closed as end:
                return end

    def drop(self):
        """Ends the connection without a word."""
        self.websocket.transport.abort()

    # ---- inside ----

    async def _send_data(self, type, payload):
        number = self._take_number()
        await self.send_frame(type, number, payload)
        return number

    def _take_number(self):
        number = self.next_number
        self.next_number = (number + 1) % 2**32
        return number

    async def _react(self, frame):
        with contextlib.suppress(websockets.ConnectionClosed):  # the frame may have been the last one
            if frame.type == ACK:
                self.acks.append(frame.number)
            elif frame.type in (UTF8DATA, BINARYDATA) and self.auto_ack:
                await self.send_frame(ACK, frame.number)
            elif frame.type == PING_PONG and frame.payload == b"ping" and self.auto_pong:
                await self.send_frame(PING_PONG, frame.number, b"pong")
