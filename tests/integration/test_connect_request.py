"""What `cryo connect` asks a server for: the headers of its request."""

import asyncio
import unittest

from connect_program import connect
from json_program import run


class Asked:
    """A server that keeps each request, and refuses it."""

    async def __aenter__(self):
        self.heads = []
        self.server = await asyncio.start_server(self._refuse, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_):
        self.server.close()
        await self.server.wait_closed()

    async def _refuse(self, reader, writer):
        self.heads.append((await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n"))
        writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()


class Headers(unittest.IsolatedAsyncioTestCase):
    async def test_are_sent_in_their_order(self):
        async with Asked() as server:
            result = await asyncio.to_thread(
                run,
                *connect(f"ws://127.0.0.1:{server.port}", "-x", "hi"),
                *("--header", "Origin: https://example.org", "--header", "X-One:1", "--header", "X-One:  2 3"),
            )
        self.assertEqual(result.returncode, 3)
        self.assertEqual(server.heads[0][-5:], ["Origin: https://example.org", "X-One: 1", "X-One: 2 3", "", ""])

    async def test_are_checked(self):
        for header in ("no colon", "Host: other", ": x", "A\x01: x", "sec-websocket-protocol: chat"):
            result = await asyncio.to_thread(run, *connect("ws://127.0.0.1:1", "-x", "hi", "--header", header))
            self.assertEqual(result.returncode, 2, (header, result.stderr))


if __name__ == "__main__":
    unittest.main()
