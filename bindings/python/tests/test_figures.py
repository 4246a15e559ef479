"""What a server counts, what it answers to balancers and scrapers, and how it empties itself."""

import asyncio
import unittest
import urllib.error
import urllib.request

import cryo
import cryo.aio

from .peer import PATIENCE, Refused, connect
from .support import TOKEN, ServerTest, knows_the_token


def fetch(port, path, **headers):
    """(status, body)"""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


class FiguresTest(ServerTest):
    async def test_off_by_default(self):
        server = self.serve()
        for path in ("/healthz", "/readyz", "/metrics"):
            self.assertEqual((await self.in_thread(fetch, server.port, path))[0], 426)

    async def test_health_and_metrics(self):
        server = self.serve(health=True, metrics=True)
        self.assertEqual(await self.in_thread(fetch, server.port, "/healthz"), (200, "ok\n"))
        self.assertEqual(await self.in_thread(fetch, server.port, "/readyz"), (200, "ready\n"))
        status, text = await self.in_thread(fetch, server.port, "/metrics")
        self.assertEqual(status, 200)
        self.assertIn("\ncryo_health_checks_total 3\n", text)
        self.assertIn("\ncryo_health_checks_total 3\n", server.metrics())
        self.assertEqual(server.stat(cryo.ServerStat.HEALTH_CHECKS), 3)

    async def test_metrics_by_token(self):
        server = self.serve(metrics="scraper")
        ask = lambda **headers: self.in_thread(lambda: fetch(server.port, "/metrics", **headers))  # noqa: E731
        self.assertEqual((await ask())[0], 401)
        self.assertEqual((await ask(Authorization="Bearer scraper"))[0], 200)
        with self.assertRaises(cryo.InvalidError):
            cryo.Server(validate=knows_the_token, metrics="")

    async def test_what_happens_is_counted(self):
        server = self.make()
        self.assertEqual((server.stat(cryo.ServerStat.SESSIONS), server.metrics()), (0, ""))
        server.start()
        peer, _ = await self.meet(server)
        await peer.send("x")
        await self.events.next_of("message")
        await self.assert_refused(server, token="wrong")
        self.assertEqual(server.stat(cryo.ServerStat.SESSIONS), 1)
        self.assertEqual(server.stat(cryo.ServerStat.MESSAGES_RX), 1)
        self.assertEqual(server.stat(cryo.ServerStat.REFUSED), 1)
        self.assertEqual(server.stat(cryo.ServerStat.REFUSED, 401), 1)
        self.assertEqual(server.stat(cryo.ServerStat.RECEIPTS, cryo.Outcome.TIMED_OUT), 0)
        with self.assertRaises(cryo.InvalidError):
            server.stat(cryo.ServerStat.SESSIONS, 5)

    async def test_drain(self):
        server = self.make(health=True)
        with self.assertRaises(cryo.StateError):
            server.drain(1000)
        server.start()
        peer, _ = await self.meet(server)
        with self.assertRaises(ValueError):
            server.drain(-1)
        with self.assertRaises(ValueError):
            server.drain(2**32)
        with self.assertRaises(cryo.InvalidError):
            server.drain(1000, code=1005)
        server.drain(3_600_000)
        await self.assert_refused(server, status=503)
        self.assertEqual((await self.in_thread(fetch, server.port, "/readyz"))[0], 503)
        self.assertEqual(server.stat(cryo.ServerStat.DRAINING), 1)
        server.drain(0, code=1012, reason="New version.", retry_ms=1500)
        self.assertEqual(await peer.closed(), (1012, "New version. (retry in 1500 ms)"))
        self.assertTrue(await self.in_thread(server.wait, PATIENCE))
        server.close()
        server.drain(0)  # nothing

    async def test_drain_in_an_event_loop(self):
        server = cryo.aio.Server(port=0, validate=knows_the_token)
        with self.assertRaises(cryo.StateError):
            server.drain(0)
        async with server:
            came = asyncio.Event()
            server.on_session(lambda session: came.set())
            dispatching = asyncio.ensure_future(server.serve())
            peer = await connect(server.port, TOKEN)
            await asyncio.wait_for(came.wait(), PATIENCE)
            self.assertEqual(server.stat(cryo.ServerStat.SESSIONS), 1)
            self.assertIn("\ncryo_sessions 1\n", server.metrics())
            server.drain(3_600_000)
            with self.assertRaises(Refused):
                await connect(server.port, TOKEN)
            await peer.close()
            await asyncio.wait_for(server.wait(), PATIENCE)
            await asyncio.wait_for(dispatching, PATIENCE)

    async def test_stop_ends_a_drain_in_an_event_loop(self):
        handles = {"on_session": lambda session: None}
        async with cryo.aio.Server(port=0, validate=knows_the_token, **handles) as server:
            peer = await connect(server.port, TOKEN)
            server.drain(3_600_000)
            server.stop()
            self.assertEqual(await peer.closed(), (4000, "Server shutdown."))
            await asyncio.wait_for(server.wait(), PATIENCE)


if __name__ == "__main__":
    unittest.main()
