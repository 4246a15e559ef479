"""CALE as far as a peer without it can see: the options, and what becomes of who does not fit."""

import cryo

from .peer import PING_PONG
from .support import ServerTest

SERVER_HELLO, CLIENT_HELLO = 5, 6


class CaleTest(ServerTest):
    async def test_without_it_a_session_is_not_secure(self):
        for options in ({}, {"cale": False}, {"cale": False, "cale_timeout_ms": 1}):
            with self.subTest(options=options):
                _, session = await self.meet(self.serve(**options))
                self.assertFalse(session.is_secure)

    async def test_the_server_speaks_first_and_announces_nobody_yet(self):
        server = self.serve(cale=True)
        peer = await self.connect(server)
        number, kind, point = await peer.frame()
        self.assertEqual((number, kind, len(point), point[0]), (0, SERVER_HELLO, 65, 4))
        self.assertEqual(server.sessions, [])

    async def test_a_client_without_it_is_closed(self):
        server = self.serve(cale=True)
        peer = await self.connect(server)
        await peer.send("in the clear")
        self.assertEqual((await peer.closed())[0], cryo.CloseCode.CALE_MISMATCH)
        await self.in_thread(server.close)
        await self.nothing_was_told()

    async def test_a_client_that_lets_it_lie_is_closed(self):
        server = self.serve(cale=True, cale_timeout_ms=50)
        peer = await self.connect(server)
        await peer.send_frame(0, PING_PONG, b"ping")
        self.assertEqual((await peer.closed())[0], cryo.CloseCode.CALE_HANDSHAKE)
        await self.in_thread(server.close)
        await self.nothing_was_told()

    async def test_a_client_with_it_is_closed_by_a_server_without(self):
        server = self.serve()
        peer, session = await self.meet(server)
        await peer.send_frame(0, CLIENT_HELLO, bytes(65))
        code, reason = await peer.closed()
        self.assertEqual(code, cryo.CloseCode.CALE_MISMATCH)
        self.assertEqual(await self.events.next_of("closed"), (session, code, reason))

    async def nothing_was_told(self):
        """But that the server listened."""
        self.events.put("end")
        self.assertEqual([(await self.events.next())[0] for _ in range(2)], ["listening", "end"])
