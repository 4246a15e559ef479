"""Who is let in: validators that answer now, later, wrongly, or never."""

import asyncio
import threading
import unittest

import cryo

from .peer import Refused, connect
from .support import TOKEN, ServerTest


class ValidateTest(ServerTest):
    async def test_true_lets_in_and_false_refuses(self):
        asked = []
        server = self.serve(validate=lambda token: asked.append(token) or token == TOKEN)
        await self.meet(server)
        await self.assert_refused(server, token="wrong")
        self.assertEqual(asked, [TOKEN, "wrong"])

    async def test_the_token_arrives_as_it_was_sent(self):
        token = "påss wörd/+%&=☃"
        server = self.serve(validate=lambda got: got == token)
        _, session = await self.meet(server, token=token)
        self.assertEqual(session.token, token)

    async def test_an_exception_refuses_and_is_logged(self):
        def broken(token):
            raise LookupError("no database")

        server = self.serve(validate=broken)
        await self.assert_refused(server)
        self.assertEqual([str(error) for error in self.log.exceptions()], ["no database"])
        server.validate(lambda token: True)
        await self.meet(server)

    async def test_only_true_lets_in(self):
        async def coroutine(token):
            return True

        for answer in (1, "yes", None, object(), [True]):
            server = self.serve(validate=lambda token, answer=answer: answer)
            await self.assert_refused(server)
            self.assertIsInstance(self.log.exceptions()[-1], TypeError)
        for option in ("validate", "authorize"):
            await self.assert_refused(self.serve(**{option: coroutine}))
            self.assertIn("see cryo.aio.Server", str(self.log.exceptions()[-1]))

    async def test_system_exit_ends_nothing(self):
        def leave(token):
            raise SystemExit(3)

        server = self.serve(validate=leave)
        await self.assert_refused(server)
        server.validate(lambda token: True)
        await self.meet(server)

    async def test_decorators_set_the_validator(self):
        server = self.make(validate=None)

        @server.validate
        def check(token):
            return token == "other"

        server.start()
        await self.assert_refused(server)
        await self.meet(server, token="other")

    async def test_a_server_needs_a_validator(self):
        with self.assertRaisesRegex(ValueError, "needs a validator"):
            self.serve(validate=None)


class AuthorizeTest(ServerTest):
    async def test_the_ticket_tells_about_the_client(self):
        seen = []

        def look(auth):
            seen.append(
                (
                    auth.token,
                    auth.remote_address,
                    auth.path,
                    auth.parameter("name"),
                    auth.parameter("none", "x"),
                )
            )
            return auth.accept()

        server = self.serve(authorize=look)
        peer = await self.connect(server, path="/room/7", name="Ann & Bob")
        port = peer.websocket.local_address[1]
        self.assertEqual(seen, [(TOKEN, f"127.0.0.1:{port}", "/room/7", "Ann & Bob", "x")])

    async def test_an_answer_later_from_another_thread(self):
        def later(auth):
            threading.Thread(target=lambda: auth.accept() if auth.token == TOKEN else auth.reject()).start()

        server = self.serve(authorize=later)
        await self.meet(server)
        await self.assert_refused(server, token="wrong")

    async def test_true_and_false_answer_too(self):
        server = self.serve(authorize=lambda auth: auth.token == TOKEN)
        await self.meet(server)
        await self.assert_refused(server, token="wrong")

    async def test_the_first_answer_counts(self):
        answers = []

        def twice(auth):
            answers.extend([auth.accept(), auth.accept(), auth.reject("Changed my mind.")])

        server = self.serve(authorize=twice)
        await self.meet(server)
        self.assertEqual(answers, [True, False, False])

    async def test_a_settled_ticket_tells_nothing_more(self):
        tickets = []
        server = self.serve(authorize=lambda auth: tickets.append(auth) or True)
        await self.meet(server)
        self.assertIn("settled", repr(tickets[0]))
        self.assertEqual(tickets[0].token, TOKEN)
        with self.assertRaises((cryo.StateError, cryo.HandleError)):
            tickets[0].remote_address

    async def test_an_exception_after_accepting_changes_nothing(self):
        def accept_and_fail(auth):
            auth.accept()
            raise RuntimeError("too late")

        server = self.serve(authorize=accept_and_fail)
        await self.meet(server)
        self.assertEqual([str(error) for error in self.log.exceptions()], ["too late"])

    async def test_an_exception_refuses(self):
        server = self.serve(authorize=lambda auth: 1 // 0)
        await self.assert_refused(server)
        self.assertIsInstance(self.log.exceptions()[0], ZeroDivisionError)

    async def test_a_dropped_ticket_is_refused_at_once(self):
        server = self.serve(authorize=lambda auth: None, validation_timeout_ms=3600_000)
        await self.assert_refused(server)

    async def test_a_ticket_left_alone_is_refused_after_the_timeout(self):
        tickets = []
        server = self.serve(authorize=tickets.append, validation_timeout_ms=50)
        await self.assert_refused(server)
        self.assertFalse(tickets[0].accept())
        self.assertFalse(tickets[0].accept())

    async def test_too_many_pending_validations_get_503(self):
        tickets = []
        server = self.serve(authorize=tickets.append, max_pending_validations=1)
        first = asyncio.ensure_future(connect(server.port))
        await self.until(lambda: tickets)
        await self.assert_refused(server, status=503)
        tickets[0].reject("Not today.")
        with self.assertRaises(Refused):
            await first


if __name__ == "__main__":
    unittest.main()
