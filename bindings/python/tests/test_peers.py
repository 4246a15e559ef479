"""Sessions from a server to another one, with every kind of server."""

import unittest
import uuid

import cryo
import cryo.aio

from .support import TOKEN, Events, ServerTest

QUICK = {"reconnect_initial_ms": 1, "reconnect_max_ms": 20}


def url_of(server):
    return f"ws://127.0.0.1:{server.port}/"


class PeersTest(ServerTest):
    def other(self, **options):
        """A server that echoes, to which one connects."""
        other = cryo.Server(port=0, validate=lambda token: token == TOKEN, **options)
        other.on_message(lambda session, message: session.send(message))
        self.addAsyncCleanup(self.in_thread, other.close)
        return other.start()

    async def test_functions(self):
        other = self.other()
        told = Events()
        server = self.serve()
        server.on_disconnected(lambda session, code, reason: told.put("disconnected", session, code, reason))
        server.on_reconnected(lambda session: told.put("reconnected", session))
        server.on_attempt_failed(lambda session, failure: told.put("attempt failed", session, failure))
        server.on_lost(lambda session, message: told.put("lost", session, message))
        sid = uuid.uuid4()
        peer = server.connect_peer(url_of(other), TOKEN, session_id=sid, **QUICK)
        self.assertTrue(peer.is_peer)
        self.assertEqual(peer.id, sid)
        self.assertEqual(await self.events.next_of("session"), (peer,))
        self.assertEqual(server.sessions, [peer])
        self.assertIs(server.find(sid), peer)
        with self.assertRaises(cryo.StateError):
            server.connect_peer(url_of(other), TOKEN, session_id=sid)
        peer.send("hello")
        self.assertEqual(await self.events.next_of("message"), (peer, "hello"))
        self.assertEqual(server.broadcast(b"all"), 1)
        self.assertEqual(await self.events.next_of("message"), (peer, b"all"))

        port = other.port
        await self.in_thread(other.close)
        self.assertEqual(await told.next_of("disconnected"), (peer, 4000, "Server shutdown."))
        _, failure = await told.next_of("attempt failed")
        self.assertEqual(failure.status, cryo.Status.ERR_CONNECT)
        again = cryo.Server(port=port, validate=lambda token: True)
        again.on_session(lambda session: self.assertFalse(session.is_peer))
        self.addAsyncCleanup(self.in_thread, again.close)
        again.start()
        self.assertEqual(await told.next_of("reconnected"), (peer,))
        peer.close(4321, "enough")
        self.assertEqual(await self.events.next_of("closed"), (peer, 4321, "enough"))
        self.assertEqual(server.sessions, [])

    async def test_a_refusal(self):
        other = self.other()
        failed = Events()
        server = self.serve()
        server.on_attempt_failed(lambda session, failure: failed.put("attempt failed", failure))
        peer = server.connect_peer(url_of(other), "wrong")
        (failure,) = await failed.next_of("attempt failed")
        self.assertEqual((failure.http_status, failure.retry_seconds), (401, None))
        session, _, _ = await self.events.next_of("closed")
        self.assertIs(session, peer)

    async def test_before_the_start_and_behind_the_end(self):
        server = cryo.Server(port=0, validate=lambda token: True)
        with self.assertRaises(cryo.StateError):
            server.connect_peer("ws://localhost:1/", TOKEN)
        server.start()
        with self.assertRaises(cryo.InvalidError):
            server.connect_peer("http://localhost/", TOKEN)
        with self.assertRaises(TypeError):
            server.connect_peer("ws://localhost/", TOKEN, no_such_option=1)
        server.stop()
        with self.assertRaises(cryo.Closed):
            server.connect_peer("ws://localhost:1/", TOKEN)
        await self.in_thread(server.close)

    async def test_pulled(self):
        other = self.other()
        with cryo.QueueServer(port=0) as server:
            peer = server.connect_peer(url_of(other), TOKEN)
            events = server.events()
            event = next(e for e in events if isinstance(e, cryo.SessionEvent))
            self.assertIs(event.session, peer)

    async def test_asyncio(self):
        other = self.other()
        told = Events()
        server = cryo.aio.Server(port=0, validate=lambda token: True)

        @server.on_session
        async def greet(session):
            session.send("hello")

        @server.on_message
        async def hear(session, message):
            told.put("message", session, message)

        @server.on_disconnected
        async def gone(session, code, reason):
            told.put("disconnected", session, code)

        @server.on_attempt_failed
        def failed(session, failure):
            told.put("attempt failed", session, failure.status)

        async with server:
            peer = server.connect_peer(url_of(other), TOKEN, **QUICK)
            self.assertEqual(await told.next_of("message"), (peer, "hello"))
            await self.in_thread(other.close)
            self.assertEqual(await told.next_of("disconnected"), (peer, 4000))
            self.assertEqual(await told.next_of("attempt failed"), (peer, cryo.Status.ERR_CONNECT))


if __name__ == "__main__":
    unittest.main()
