"""`cryo serve` when no descriptor is left: whoever is there is served, whoever comes is turned away at once, and it rests."""

import asyncio
import shutil
import time
import unittest

from watched_server import PATIENCE, SANITIZED, AsyncTestCase, WatchedServer
from websockets_asyncio import InvalidHandshake

TURNED_AWAY = (OSError, EOFError, InvalidHandshake)


@unittest.skipIf(SANITIZED, "the sanitizers need descriptors to judge what they see")
class Descriptors(AsyncTestCase):
    async def fill(self, server, most):
        peers = []
        while True:
            try:
                peers.append(await server.connect())
            except TURNED_AWAY:
                return peers
            self.assertLess(len(peers), most)

    async def echoes(self, peer):
        await peer.send_text("still here")
        self.assertEqual(await peer.message(), "still here")

    async def served_again(self, server):
        """It rests for a moment when it has turned somebody away: then a newcomer is let in."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return await server.serves()
            except TURNED_AWAY:
                self.assertLess(time.monotonic(), deadline, "nobody is let in")

    async def test_running_out_of_them(self):
        self.assertIsNotNone(shutil.which("prlimit"), "util-linux is not installed")
        for tls in (None, "ec"):
            with self.subTest(tls=tls):
                wrapper = ["prlimit", "--nofile=80:80"]
                with WatchedServer("--threads", "2", tls=tls, wrapper=wrapper, log_may_speak=True) as server:
                    peers = await self.fill(server, most=80)
                    self.assertGreater(len(peers), 20)
                    for _ in range(50):
                        with self.assertRaises(TURNED_AWAY):
                            await server.connect()
                    await asyncio.gather(*(self.echoes(peer) for peer in peers))
                    spent = server.cpu_seconds()
                    with self.assertRaises(asyncio.TimeoutError):
                        await peers[0].frame(timeout=1)
                    self.assertLess(server.cpu_seconds() - spent, 0.2)
                    await peers.pop().close(4000)
                    await self.served_again(server)
                    await asyncio.gather(*(self.echoes(peer) for peer in peers))
                    await asyncio.gather(*(peer.close(4000) for peer in peers))
                    await server.until(lambda: len(server.closed) == server.sessions.total())
                    await self.served_again(server)
                    status, log = server.stop()
                    self.assertEqual(status, 0)
                    self.assertIn("raise the limit of open files", log)
                    self.assertLess(len(log.splitlines()), 10)  # not a line for each


if __name__ == "__main__":
    unittest.main()
