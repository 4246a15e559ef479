"""What a validator says of a client besides yes, and who is refused otherwise than with 401."""

import asyncio
import math
import unittest
import weakref

import cryo
import cryo.aio

from .peer import Refused, connect
from .support import TOKEN, ServerTest


class User:
    pass


class AcceptedTest(ServerTest):
    async def test_a_mapping_lets_in_and_is_the_sessions_user(self):
        server = self.serve(validate=lambda token: {"name": "Ada"} if token == TOKEN else False)
        _, session = await self.meet(server)
        self.assertEqual(session.user, {"name": "Ada"})
        await self.assert_refused(server, token="wrong")

    async def test_an_empty_mapping_lets_nobody_in(self):
        server = self.serve(validate=lambda token: {})
        await self.assert_refused(server)
        self.assertIsInstance(self.log.exceptions()[-1], TypeError)

    async def test_true_gives_no_user(self):
        _, session = await self.meet(self.serve())
        self.assertIsNone(session.user)
        self.assertIsNone(session.claim("name"))

    async def test_a_ticket_gives_anything(self):
        user = User()
        tickets = []

        def authorize(auth):
            auth.set_claim("tenant", "example")
            tickets.append((auth, auth.header("host"), auth.header("nothing", "default")))
            auth.accept(user)

        server = self.serve(authorize=authorize)
        peer, session = await self.meet(server)
        self.assertIs(session.user, user)
        self.assertEqual(session.claim("tenant"), "example")
        self.assertEqual(session.claim("nothing", "default"), "default")
        self.assertEqual(tickets[0][1:], (f"127.0.0.1:{server.port}", "default"))
        self.assertFalse(tickets[0][0].accept(user))
        with self.assertRaises(cryo.StateError):
            tickets[0][0].set_claim("late", "x")

    async def test_the_user_goes_with_the_session(self):
        users = []

        def authorize(auth):
            user = User()
            users.append(weakref.ref(user))
            auth.accept(user)

        server = self.serve(authorize=authorize)
        peer, session = await self.meet(server)
        self.assertIsNotNone(users[0]())
        await peer.close()
        await self.events.next_of("closed")
        del session
        await self.until(lambda: users[0]() is None)

    async def test_a_refusal_has_the_status_and_the_words_of_the_application(self):
        def authorize(auth):
            with self.assertRaises(cryo.InvalidError):
                auth.refuse(200)
            auth.refuse(503, "Come back later.", retry_after=1.5)

        server = self.serve(authorize=authorize)
        with self.assertRaises(Refused) as caught:
            await connect(server.port, TOKEN)
        self.assertEqual(caught.exception.status, 503)

    async def test_a_session_expires(self):
        server = self.serve(authorize=lambda auth: auth.set_expiry(3600) or True)
        events = self.events
        _, session = await self.meet(server)
        session.set_expiry(math.inf)
        session.set_expiry(0)
        _, code, reason = await events.next_of("closed")
        self.assertEqual((code, reason), (cryo.CloseCode.CLIENT_ERROR, "Token expired."))
        with self.assertRaises(cryo.Closed):
            session.set_expiry(1)

    async def test_options(self):
        server = self.serve(allowed_origins=["https://example.com"], session_headers=["User-Agent"])
        _, session = await self.meet(server)
        self.assertIn("websockets", session.header("user-agent"))
        self.assertIsNone(session.header("host"))  # it is there, and not kept
        self.assertEqual(session.header("X-Other", "none"), "none")
        for wrong in ("https://example.com", ["https://example.com/path"]):
            with self.assertRaises((TypeError, cryo.InvalidError)):
                cryo.Server(validate=lambda token: True, allowed_origins=wrong)
        limited = self.serve(max_attempts_per_address=1, address_window_ms=3600_000)
        await self.meet(limited)
        with self.assertRaises(Refused) as caught:
            await connect(limited.port, TOKEN)
        self.assertEqual(caught.exception.status, 429)


class AsyncAcceptedTest(ServerTest):
    async def test_an_async_validator_gives_a_user(self):
        async def validate(token):
            await asyncio.sleep(0)
            return {"name": token}

        seen = asyncio.get_running_loop().create_future()
        async with cryo.aio.Server(port=0, validate=validate, on_session=lambda s: seen.set_result(s.user)) as server:
            peer = await connect(server.port, TOKEN)
            self.assertEqual(await asyncio.wait_for(seen, 30), {"name": TOKEN})
            await peer.close()


if __name__ == "__main__":
    unittest.main()
