"""`cryo connect` to a server that breaks the rules of WebSocket: the close frame that it gets, and what is told."""

import asyncio
import base64
import hashlib
import struct
import unittest

from connect_program import connect, events_of
from json_program import run

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
CASES = {
    "masked": (b"\x82\x82\1\2\3\4\0\0", 1002),
    "a reserved bit": (b"\xc2\x00", 1002),
    "a close code that is not for the wire": (b"\x88\x02" + struct.pack("!H", 1006), 1002),
    "half a close code": (b"\x88\x01\x03", 1002),
    "a reason that is not UTF-8": (b"\x88\x03" + struct.pack("!H", 1000) + b"\xff", 1007),
    "a text": (b"\x81\x02hi", 1003),
}


class RuleBreaker:
    """Takes the upgrade, sends some bytes, and keeps the client's close code."""

    def __init__(self, data):
        self.data = data
        self.code = None

    async def __aenter__(self):
        self.server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.url = "ws://127.0.0.1:%d" % self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_):
        self.server.close()
        await self.server.wait_closed()

    async def _talk(self, reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        key = next(line[19:] for line in head.split(b"\r\n") if line.startswith(b"Sec-WebSocket-Key: "))
        accept = base64.b64encode(hashlib.sha1(key + GUID).digest())
        writer.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n" + self.data
        )
        while True:
            first, size = await reader.readexactly(2)
            key = await reader.readexactly(4)
            payload = await reader.readexactly(size & 0x7F)
            if first == 0x88:
                self.code = struct.unpack("!H", bytes(a ^ b for a, b in zip(payload[:2], key)))[0]
                break
        writer.close()


class Rules(unittest.IsolatedAsyncioTestCase):
    async def test_each_breach_is_answered_and_told(self):
        for name, (data, code) in CASES.items():
            with self.subTest(name):
                async with RuleBreaker(data) as server:
                    result = await asyncio.to_thread(run, *connect(server.url, "--json", "--stay", "--no-reconnect"))
                self.assertEqual(server.code, code)
                closed = events_of(result.stdout)[-1]
                self.assertEqual((closed["event"], closed["code"]), ("closed", code))
                self.assertEqual(result.returncode, 1)


if __name__ == "__main__":
    unittest.main()
