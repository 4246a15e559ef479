"""What a session tells, keeps, and how it ends."""

import asyncio
import unittest
import uuid

import cryo

from .support import TOKEN, ServerTest


class FactsTest(ServerTest):
    async def test_what_came_with_the_request(self):
        server = self.serve()
        sid = uuid.uuid4()
        peer, session = await self.meet(server, sid=sid, path="/a/b", name="Ann & Bob", empty="", sign="☃")
        self.assertEqual(session.id, sid)
        self.assertEqual(session.token, TOKEN)
        self.assertEqual(session.path, "/a/b")
        host, port = session.remote_address.rsplit(":", 1)
        self.assertEqual((host, int(port)), ("127.0.0.1", peer.websocket.local_address[1]))
        parameters = dict(session.parameters)
        parameters.pop("x-cryo-sid", None)
        self.assertEqual(parameters, {"name": "Ann & Bob", "empty": "", "sign": "☃"})
        self.assertIn("name", session.parameters)
        with self.assertRaises(TypeError):
            session.parameters["name"] = "other"
        names = [name for name, _ in session.parameter_list if name != "x-cryo-sid"]
        self.assertEqual(names, ["name", "empty", "sign"])
        self.assertIn(str(sid), repr(session))
        self.assertNotIn(TOKEN, repr(session))

    async def test_the_same_session_is_the_same_object(self):
        server = self.serve()
        peer, session = await self.meet(server)
        await peer.send("x")
        self.assertIs((await self.events.next_of("message"))[0], session)
        self.assertEqual(server.sessions, [session])
        self.assertIs(server.sessions[0], session)
        self.assertIs(server.find(peer.sid), session)
        self.assertIs(server.find(str(peer.sid)), session)
        self.assertIsNone(server.find(uuid.uuid4()))
        other_peer, other = await self.meet(server)
        self.assertNotEqual(other, session)
        self.assertEqual({other, session}, set(server.sessions))
        self.assertEqual(server.session_count, 2)
        await peer.close()
        self.assertIs((await self.events.next_of("closed"))[0], session)
        self.assertEqual(server.sessions, [other])
        self.assertNotEqual(session, None)

    async def test_the_list_of_many_sessions(self):
        server = self.serve()
        sessions = {(await self.meet(server))[1] for _ in range(40)}
        self.assertEqual(set(server.sessions), sessions)

    async def test_the_store_lives_as_long_as_the_session(self):
        server = self.serve()
        peer, session = await self.meet(server)
        session["user"] = {"name": "Ann"}
        session["n"] = 1
        del session, self.events._queue
        self.events._queue = asyncio.Queue()
        await peer.send("x")
        session, _ = await self.events.next_of("message")
        self.assertEqual(session["user"], {"name": "Ann"})
        self.assertIn("n", session)
        del session["n"]
        self.assertNotIn("n", session)
        self.assertIsNone(session.get("n"))
        self.assertEqual(session.get("n", 5), 5)
        with self.assertRaises(KeyError):
            session["n"]
        self.assertEqual(session.store, {"user": {"name": "Ann"}})

    async def test_stats_count(self):
        server = self.serve(keepalive_ms=3600_000)
        peer, session = await self.meet(server)
        self.assertIsNone(session.stats.rtt)
        await peer.send("12345")
        await self.events.next_of("message")
        self.assertEqual(session.stats.bytes_rx, 21 + 5)
        session.send("123")
        self.assertEqual(await peer.message(), "123")
        await self.until(lambda: session.stats.rtt is not None)
        self.assertGreater(session.stats.rtt, 0)
        self.assertLess(session.stats.rtt, 10_000)
        self.assertEqual(session.stats.bytes_tx, 21 + 21 + 3)  # its acknowledgement and our message
        self.assertEqual(session.stats.ack_timeouts, 0)
        self.assertEqual(session.stats.queued_bytes, 0)

    async def test_stats_are_announced_at_each_tick(self):
        server = self.serve(keepalive_ms=500, ack_timeout_ms=1)
        peer, session = await self.meet(server)
        peer.acknowledges = False
        session.send("x")
        await peer.message()
        answering = asyncio.ensure_future(self.answer_pings(peer))
        seen = {}
        while not (cryo.Stat.BYTES_RX in seen and seen.get(cryo.Stat.ACK_TIMEOUT)):
            who, stat, value = await self.events.next_of("stat")
            self.assertIs(who, session)
            self.assertIsInstance(stat, cryo.Stat)
            seen[stat] = max(value, seen.get(stat, 0))
        answering.cancel()
        self.assertEqual(seen[cryo.Stat.ACK_TIMEOUT], 1)
        self.assertGreater(seen[cryo.Stat.BYTES_TX], 0)
        self.assertEqual(session.stats.ack_timeouts, 1)

    @staticmethod
    async def answer_pings(peer):
        while True:
            await peer.ping()


class CloseTest(ServerTest):
    async def test_the_peers_code_and_reason_are_told(self):
        server = self.serve()
        for code, reason in ((4000, "bye"), (1000, ""), (4321, "grüße"), (1001, "going")):
            peer, session = await self.meet(server)
            await peer.close(code, reason)
            self.assertEqual(await self.events.next_of("closed"), (session, code, reason))
            self.assertFalse(session.is_open)

    async def test_a_lost_connection_is_1006(self):
        server = self.serve()
        peer, session = await self.meet(server)
        peer.websocket.transport.abort()
        self.assertEqual((await self.events.next_of("closed"))[:2], (session, cryo.CloseCode.ABNORMAL))

    async def test_our_code_and_reason_reach_the_peer(self):
        server = self.serve()
        for code, reason in ((4000, ""), (1000, "done"), (4999, "grüße"), (1013, "later")):
            peer, session = await self.meet(server)
            session.send("last words")
            session.close(code, reason)
            self.assertFalse(session.is_open)
            self.assertEqual(await peer.message(), "last words")
            self.assertEqual(await peer.closed(), (code, reason))
            self.assertEqual(await self.events.next_of("closed"), (session, code, reason))

    async def test_closing_by_default_is_graceful(self):
        server = self.serve()
        peer, session = await self.meet(server)
        session.close()
        self.assertEqual(await peer.closed(), (4000, ""))

    async def test_codes_that_may_not_be_sent_are_refused(self):
        server = self.serve()
        _, session = await self.meet(server)
        for code in (0, 999, 1005, 1006, 1015, 2999, 5000, -1, 70000, 2**40):
            with self.subTest(code), self.assertRaises(cryo.InvalidError):
                session.close(code)
        with self.assertRaises(ValueError):
            session.close(4000, "a\0b")
        self.assertTrue(session.is_open)

    async def test_a_closed_session_does_no_harm(self):
        server = self.serve()
        peer, session = await self.meet(server)
        session["kept"] = 1
        session.close()
        session.close()
        await peer.closed()
        await self.events.next_of("closed")
        session.close()
        for call in (lambda: session.send("x"), session.ping):
            with self.assertRaises(cryo.Closed):
                call()
        await self.in_thread(server.close)
        with self.assertRaises(cryo.Closed):
            session.send("x")
        self.assertEqual((session.id, session.token, session["kept"]), (peer.sid, TOKEN, 1))
        self.assertGreaterEqual(session.stats.bytes_tx, 0)
        self.assertEqual(session.path, "/")

    async def test_closing_inside_each_callback(self):
        for event in ("on_session", "on_message"):
            server = self.make()
            getattr(server, event)(lambda session, *_: session.close(4005, "no"))
            server.start()
            peer = await self.connect(server)
            if event == "on_message":
                await peer.send("x")
            self.assertEqual(await peer.closed(), (4005, "no"))
            self.assertEqual((await self.events.next_of("closed"))[1:], (4005, "no"))

    async def test_stopping_closes_with_4000(self):
        server = self.serve()
        pairs = [await self.meet(server) for _ in range(3)]
        server.stop()
        for peer, _ in pairs:
            self.assertEqual(await peer.closed(), (4000, "Server shutdown."))
        for _ in pairs:
            self.assertEqual((await self.events.next_of("closed"))[1:], (4000, "Server shutdown."))
        self.assertTrue(await self.in_thread(server.wait, 10))

    async def test_a_silent_session_is_closed_with_4001(self):
        server = self.serve(keepalive_ms=50)
        peer, session = await self.meet(server)
        self.assertEqual((await peer.closed())[0], 4001)
        self.assertEqual((await self.events.next_of("closed"))[:2], (session, cryo.CloseCode.CLIENT_ERROR))


if __name__ == "__main__":
    unittest.main()
