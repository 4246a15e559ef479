"""The echo server with Debian's websockets package as client."""

import asyncio
import os
import random
import sys
import unittest

from echo_server import Server, client_context

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))

from websockets_asyncio import ConnectionClosed, connect  # noqa: E402

LIMIT = 16 << 20


class Library(unittest.IsolatedAsyncioTestCase):
    tls = None

    @classmethod
    def setUpClass(cls):
        cls.server = Server("--threads", "2", tls=cls.tls)

    @classmethod
    def tearDownClass(cls):
        status, errors = cls.server.stop()
        assert (status, errors) == (0, ""), (status, errors)

    def connect(self, **options):
        scheme = "ws"
        if self.tls is not None:
            scheme = "wss"
            options["ssl"] = client_context(self.server)
            options["server_hostname"] = "localhost"
        options = {"max_size": LIMIT, "compression": None, **options}
        return connect(f"{scheme}://127.0.0.1:{self.server.port}/any/path?a=b", **options)

    async def test_text_and_binary(self):
        async with self.connect() as client:
            for message in ("", "a", "grüße", b"", b"\0", bytes(range(256))):
                await client.send(message)
                self.assertEqual(await client.recv(), message)

    async def test_sizes(self):
        async with self.connect() as client:
            for size in (1, 125, 126, 4096, 65535, 65536, 1 << 20, (16 << 20) - 1, 16 << 20):
                message = random.Random(size).randbytes(size)
                await client.send(message)
                self.assertEqual(await client.recv(), message)

    async def test_fragments(self):
        async with self.connect() as client:
            await client.send(["frag", "men", "", "ts"])
            self.assertEqual(await client.recv(), "fragments")
            parts = [bytes([i]) * 20000 for i in range(200)]
            await client.send(parts)
            self.assertEqual(await client.recv(), b"".join(parts))

    async def test_pings(self):
        async with self.connect() as client:
            pongs = [await client.ping() for _ in range(100)]
            await asyncio.gather(*pongs)

    async def test_compression_is_not_agreed_to(self):
        async with self.connect(compression="deflate") as client:
            self.assertEqual(client.extensions, [])
            await client.send("a" * 10000)
            self.assertEqual(await client.recv(), "a" * 10000)

    async def test_close_codes(self):
        for code in (1000, 1001, 1011, 3000, 4000, 4999):
            async with self.connect() as client:
                await client.close(code, "bye")
                self.assertEqual((client.close_code, client.close_reason), (code, "bye"))

    async def test_too_big(self):
        async with self.connect() as client:
            await client.send(b"x" * (LIMIT + 1))
            with self.assertRaises(ConnectionClosed):
                await client.recv()
            self.assertEqual(client.close_code, 1009)

    async def test_many_messages_in_flight(self):
        messages = [random.Random(i).randbytes(i % 3000) for i in range(5000)]
        async with self.connect() as client:

            async def send_all():
                for message in messages:
                    await client.send(message)

            sending = asyncio.create_task(send_all())
            for message in messages:
                self.assertEqual(await client.recv(), message)
            await sending

    async def test_many_clients(self):
        async def talk(number):
            async with self.connect(open_timeout=60) as client:
                for i in range(5):
                    await client.send(f"{number} {i}")
                    self.assertEqual(await client.recv(), f"{number} {i}")

        await asyncio.gather(*(talk(i) for i in range(100)))


class LibraryTls(Library):
    tls = "ec"


if __name__ == "__main__":
    unittest.main()
