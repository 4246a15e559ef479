"""The end of `cryo serve`: by a signal under load, and with everything given back, as Valgrind sees it."""

import asyncio
import os
import shutil
import signal
import time
import unittest

from conversation import Counted, converse
from serve_program import TOKEN
from watched_server import PATIENCE, SANITIZED, AsyncTestCase, WatchedServer, cryo_peer, scaled
from websockets_asyncio import ConnectionClosed


class UnderLoad(AsyncTestCase):
    async def test_every_session_gets_its_farewell(self):
        for tls, threads in ((None, "1"), (None, "2"), ("ec", "2")):
            with self.subTest(tls=tls, threads=threads):
                with WatchedServer("--threads", threads, "--verbose", tls=tls) as server:
                    peers = [await server.connect() for _ in range(scaled(100))]
                    talks = [asyncio.create_task(self.talk(peer)) for peer in peers]
                    await server.until(lambda: len(server.messages) == len(peers))  # all of them are at it
                    began = time.monotonic()
                    server.process.send_signal(signal.SIGTERM)
                    ends = await asyncio.wait_for(asyncio.gather(*talks), PATIENCE)
                    status = await asyncio.get_running_loop().run_in_executor(None, server.process.wait, PATIENCE)
                    self.assertEqual(status, 0)
                    self.assertLess(time.monotonic() - began, 20)
                    server.reader.join()
                    self.assertIsNone(server.failure)  # nothing but JSON on standard output
                    self.assertEqual([(end.code, end.reason) for end in ends], [(4000, "Server shutdown.")] * len(peers))
                    self.assertEqual(sorted(sid for sid, _, _ in server.closed), sorted(str(peer.sid) for peer in peers))
                    self.assertEqual({end[1:] for end in server.closed}, {(4000, "Server shutdown.")})
                    self.assertNotIn(TOKEN, server.log_text())
                    server.process.stdout.close()

    async def talk(self, peer, ahead=16):
        """Keeps so many messages on their way, until the server closes; gives how it did."""
        try:
            for _ in range(ahead):
                await peer.websocket.send(self.message(peer))
            while True:
                if (await peer.frame()).type == cryo_peer.BINARYDATA and peer.websocket.open:
                    # Once it closes, a send would wait for the end of reading, and so for this very task.
                    await asyncio.wait_for(peer.websocket.send(self.message(peer)), 0.5)
        except cryo_peer.Closed as end:
            return end
        except (ConnectionClosed, asyncio.TimeoutError):
            return await peer.closed()

    @staticmethod
    def message(peer):
        return cryo_peer.HEAD.pack(peer.sid.bytes, peer._take_number(), cryo_peer.BINARYDATA) + b"x" * 2000


@unittest.skipIf(SANITIZED or os.environ.get("CRYO_COVERAGE") == "1", "Valgrind and sanitizers do not mix")
class UnderValgrind(AsyncTestCase):
    """Not one error, and nothing lost."""

    async def converse_under(self, tls):
        self.assertIsNotNone(shutil.which("valgrind"), "Valgrind is not installed")
        wrapper = [
            "valgrind", "--quiet", "--leak-check=full", "--show-leak-kinds=definite,indirect",
            "--errors-for-leak-kinds=definite,indirect", "--error-exitcode=99", "--trace-children=no",
        ]  # fmt: skip
        with WatchedServer("--threads", "2", tls=tls, wrapper=wrapper) as server:
            peers = [Counted(await server.connect()) for _ in range(4)]
            for peer in peers:
                await converse(peer, ["text", b"bytes", "", b"x" * 100000] * 5)
            with self.assertRaises(cryo_peer.Refused):
                await server.connect(token="wrong")
            with self.assertRaises(cryo_peer.Refused):
                await server.connect(sid=peers[0].sid)
            _, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(b"GET / HTTP")
            writer.close()
            await peers[0].close(4000, "by")
            peers[1].drop()
            await peers[2].send_raw("a text")
            self.assertEqual((await peers[2].closed()).code, 1003)
            await server.until(lambda: len(server.closed) == 3)
            farewell = asyncio.create_task(peers[3].closed())
            status, log = await asyncio.get_running_loop().run_in_executor(None, server.stop)
            self.assertEqual((status, log), (0, ""))
            self.assertEqual((await farewell).code, 4000)

    async def test_plain(self):
        await self.converse_under(None)

    async def test_tls(self):
        await self.converse_under("ec")


if __name__ == "__main__":
    unittest.main()
