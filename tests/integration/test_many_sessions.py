"""Many sessions at once, all of them talking, none mixed up with another, and all that they took given back."""

import asyncio

from watched_server import AsyncTestCase, WatchedServer, scaled


class Many(AsyncTestCase):
    async def crowd(self, server, count, rounds):
        await server.serves()
        await server.until(lambda: len(server.closed) == 1)
        before = server.taken()
        # As many handshakes under way as a listening socket's queue holds without a word lost.
        room = asyncio.Semaphore(100)

        async def come():
            async with room:
                return await server.connect()

        peers = await asyncio.gather(*(come() for _ in range(count)))

        async def talk(at, peer):
            for number in range(rounds):
                await peer.send_text(f"{number} of {at}")
            for number in range(rounds):
                self.assertEqual(await peer.message(), f"{number} of {at}")
            await peer.send_binary(peer.sid.bytes * (at % 100))
            self.assertEqual(await peer.message(), peer.sid.bytes * (at % 100))
            self.assertEqual(peer.acks, list(range(rounds + 1)))

        await asyncio.gather(*(talk(at, peer) for at, peer in enumerate(peers)))
        self.assertEqual(server.sessions.total(), count + 1)
        self.assertEqual(len(server.closed), 1)  # nobody has gone meanwhile
        self.assertGreaterEqual(server.descriptors(), count)
        held = server.memory() - before[2]
        await asyncio.gather(*(peer.close(4000, str(at)) for at, peer in enumerate(peers)))
        await server.until(lambda: len(server.closed) == count + 1)
        for at, peer in enumerate(peers):
            self.assertEqual(server.messages[str(peer.sid)], rounds + 1)
        self.assertEqual({reason for _, _, reason in server.closed[1:]}, {str(at) for at in range(count)})
        await server.serves()
        server.back_to(before, slack=max(24 * 2**20, held))
        return held

    async def test_a_thousand(self):
        with WatchedServer("--threads", "2") as server:
            count = scaled(1000)
            held = await self.crowd(server, count, rounds=5)
            if count == 1000:
                self.assertLess(held / count, 64 * 1024)  # of memory for each

    async def test_two_hundred_with_tls(self):
        with WatchedServer("--threads", "2", tls="ec") as server:
            await self.crowd(server, scaled(200), rounds=5)

    async def test_one_thread_has_time_for_all(self):
        with WatchedServer("--threads", "1") as server:
            await self.crowd(server, scaled(300), rounds=10)


if __name__ == "__main__":
    import unittest

    unittest.main()
