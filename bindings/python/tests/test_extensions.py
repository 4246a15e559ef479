"""Extensions: what hooks may do with messages, when, and what becomes of their mistakes."""

import asyncio
import gc
import unittest
import weakref

import cryo
import cryo.aio

from .peer import PATIENCE
from .support import TOKEN, ServerTest, knows_the_token


class Shouting(cryo.Extension):
    name = "shouting"

    def __init__(self):
        super().__init__()
        self.told = []

    def before_send_utf8(self, session, hook):
        self.told.append((session, hook.direction, hook.kind))
        return hook.message.upper()

    def on_receive_binary(self, session, hook):
        self.told.append((session, hook.direction, hook.kind))
        hook.replace(hook.message + b"!")

    def on_register(self):
        self.told.append("registered")

    def on_unregister(self):
        self.told.append("unregistered")


class HooksTest(ServerTest):
    async def test_only_what_is_overridden_is_asked(self):
        server = self.serve()
        peer, session = await self.meet(server)
        extension = Shouting()
        server.add_extension(extension)
        session.send("hello")
        session.send(b"hello")
        self.assertEqual([await peer.message(), await peer.message()], ["HELLO", b"hello"])
        await peer.send("text")
        await peer.send(b"bytes")
        got = [(await self.events.next_of("message"))[1] for _ in range(2)]
        self.assertEqual(got, ["text", b"bytes!"])
        expected = [
            "registered",
            (session, cryo.Direction.BEFORE_SEND, cryo.MessageKind.UTF8),
            (session, cryo.Direction.ON_RECEIVE, cryo.MessageKind.BINARY),
        ]
        self.assertEqual(extension.told, expected)

    async def test_names_are_unique_and_found(self):
        server = self.make()
        extension = Shouting()
        for started in (False, True):
            server.add_extension(extension)
            with self.assertRaises(cryo.Exists):
                server.add_extension(Shouting())
            self.assertIs(server.find_extension("shouting"), extension)
            self.assertIsNone(server.find_extension("whispering"))
            with self.assertRaises(cryo.NotFound):
                server.remove_extension("whispering")
            server.remove_extension("shouting")
            with self.assertRaises(cryo.NotFound):
                server.remove_extension("shouting")
            self.assertIsNone(server.find_extension("shouting"))
            for wrong in (cryo.Extension(), cryo.Extension("n" * 256), cryo.Extension("x", timeout_ms=0)):
                with self.assertRaises(cryo.InvalidError):
                    server.add_extension(wrong)
            with self.assertRaises(ValueError):
                server.add_extension(cryo.Extension("a\0b"))
            if not started:
                server.start()
        await self.until(lambda: extension.told == ["registered", "unregistered"])
        await self.in_thread(server.close)
        with self.assertRaises(cryo.StateError):
            server.add_extension(extension)
        with self.assertRaises(cryo.StateError):
            server.remove_extension("shouting")
        self.assertIsNone(server.find_extension("shouting"))

    async def test_answers_of_every_kind(self):
        server = self.make()

        def judge(session, hook):
            answers = {"true": True, "false": False, "none": None, "other": "another"}
            if hook.message == "stop":
                self.assertTrue(hook.stop())
                self.assertFalse(hook.pass_() or hook.stop() or hook.fail("x") or hook.replace("x"))
                return None
            if hook.message == "wrong kind":
                with self.assertRaises(TypeError):
                    hook.replace(b"bytes")
                return None
            return answers[hook.message]

        server.add_extension(cryo.Extension("judge", on_receive_utf8=judge))
        server.start()
        peer, _ = await self.meet(server)
        for text in ("true", "false", "none", "stop", "wrong kind", "other"):
            await peer.send(text)
        got = [(await self.events.next_of("message"))[1] for _ in range(4)]
        self.assertEqual(got, ["true", "none", "wrong kind", "another"])
        self.assertEqual(self.log.exceptions(), [])

    async def test_the_first_that_stops_ends_the_way(self):
        server = self.serve()
        order = []
        for name, answer in (("one", True), ("two", False), ("three", True)):
            server.add_extension(
                cryo.Extension(name, before_send_utf8=lambda *_, name=name, answer=answer: order.append(name) or answer)
            )
        _, session = await self.meet(server)
        session.send("x", on_receipt=lambda receipt: self.events.put("receipt", receipt))
        (receipt,) = await self.events.next_of("receipt")
        self.assertEqual(receipt, cryo.Receipt(cryo.Outcome.VETOED, None, "two"))
        self.assertEqual(order, ["one", "two"])

    async def test_tickets_may_be_answered_later(self):
        server = self.serve()
        tickets = []
        server.add_extension(cryo.Extension("later", on_receive_utf8=lambda session, hook: tickets.append(hook)))
        peer, session = await self.meet(server)
        other, _ = await self.meet(server)
        await peer.send("one")
        await peer.send(b"two")
        await self.until(lambda: len(tickets) == 1)
        await other.send(b"others go on")
        self.assertEqual((await self.events.next_of("message"))[1], b"others go on")
        self.assertIs(tickets[0].session, session)
        self.assertTrue(await self.in_thread(tickets.pop().replace, "ONE"))
        self.assertEqual(await self.events.next_of("message"), (session, "ONE"))
        self.assertEqual(await self.events.next_of("message"), (session, b"two"))
        await peer.send("three")
        await self.until(lambda: len(tickets) == 1)
        tickets.clear()  # nobody holds it any more: it has failed
        gc.collect()
        await peer.send(b"four")
        self.assertEqual(await self.events.next_of("message"), (session, b"four"))

    async def test_a_ticket_that_is_let_go_of(self):
        server = self.serve()
        tickets = []

        def look(session, hook):
            if hook.message.startswith("keep"):
                tickets.append(hook)

        for name, on_failure in (("filter", cryo.Verdict.STOP), ("watcher", cryo.Verdict.PASS)):
            server.add_extension(cryo.Extension(name, on_receive_utf8=look, on_failure=on_failure))
            peer, session = await self.meet(server)
            await peer.send("look")  # neither answered nor kept
            self.assertEqual(await self.events.next_of("message"), (session, "look"))
            await peer.send("keep")
            await self.until(lambda: len(tickets) == 1)
            await self.in_thread(tickets.clear)
            gc.collect()
            await peer.send(b"behind it")
            if on_failure == cryo.Verdict.PASS:
                self.assertEqual(await self.events.next_of("message"), (session, "keep"))
            self.assertEqual(await self.events.next_of("message"), (session, b"behind it"))
            server.remove_extension(name)

    async def test_exceptions_fail_the_hook(self):
        server = self.serve()

        async def wrong(session, hook):
            return True

        def raise_it(session, hook):
            raise LookupError("no luck")

        failing = {"raise": raise_it, "wrong": lambda session, hook: 42, "async": wrong}
        for name, hook in failing.items():
            server.add_extension(
                cryo.Extension(name, before_send_utf8=hook, on_failure=cryo.Verdict.PASS)
            )
        peer, session = await self.meet(server)
        session.send("passes")
        self.assertEqual(await peer.message(), "passes")
        kinds = [type(error) for error in self.log.exceptions()]
        self.assertEqual(kinds, [LookupError, TypeError, TypeError])
        server.add_extension(
            cryo.Extension("strict", before_send_utf8=raise_it)  # no default that leaks
        )
        session.send("stops", on_receipt=lambda receipt: self.events.put("receipt", receipt))
        (receipt,) = await self.events.next_of("receipt")
        self.assertEqual((receipt.outcome, receipt.by), (cryo.Outcome.VETOED, "strict"))

    async def test_a_ticket_that_is_kept_too_long(self):
        server = self.serve()
        tickets = []
        keep = cryo.Extension("slow", on_receive_utf8=lambda session, hook: tickets.append(hook), timeout_ms=20)
        keep.on_failure = cryo.Verdict.PASS
        server.add_extension(keep)
        peer, _ = await self.meet(server)
        await peer.send("x")
        self.assertEqual((await self.events.next_of("message"))[1], "x")
        self.assertFalse(tickets[0].stop())
        server.remove_extension("slow")
        keep.on_failure = cryo.Verdict.STOP
        server.add_extension(keep)
        await peer.send("stopped")
        await peer.send(b"behind it")
        self.assertEqual((await self.events.next_of("message"))[1], b"behind it")

    async def test_exceptions_of_registering_go_to_the_log(self):
        class Failing(cryo.Extension):
            name = "failing"

            def on_register(self):
                raise LookupError("no luck")

        server = self.serve()
        server.add_extension(Failing())
        self.assertIsInstance(self.log.exceptions()[0], LookupError)
        self.assertIsNotNone(server.find_extension("failing"))

    async def test_extensions_go_with_their_server(self):
        server = self.serve()
        extension = Shouting()
        server.add_extension(extension)
        gone = weakref.ref(extension)
        del extension
        self.assertIsNotNone(gone())
        server.remove_extension("shouting")
        await self.until(lambda: gone() is None)

    async def test_a_clients(self):
        server = self.serve()
        client = cryo.Client(
            f"ws://127.0.0.1:{server.port}/", TOKEN,
            on_connected=lambda session: session.send("hello"),
        )  # fmt: skip
        client.add_extension(Shouting())
        self.addAsyncCleanup(self.in_thread, client.close)
        client.start()
        self.assertEqual((await self.events.next_of("message"))[1], "HELLO")
        self.assertEqual(client.find_extension("shouting").name, "shouting")
        client.remove_extension("shouting")
        client.session.send("quiet")
        self.assertEqual((await self.events.next_of("message"))[1], "quiet")

    async def test_with_a_queue_they_are_called_all_the_same(self):
        server = cryo.QueueServer(port=0, validate=knows_the_token)
        server.add_extension(Shouting())
        server.start()
        self.addAsyncCleanup(self.in_thread, server.close)
        peer = await self.connect(server)
        await self.until(lambda: server.sessions)
        server.sessions[0].send("hello")
        self.assertEqual(await peer.message(), "HELLO")


class AioTest(ServerTest):
    async def test_hooks_run_in_the_loop_and_may_be_async(self):
        loop, going = asyncio.get_running_loop(), asyncio.Event()

        async def later(session, hook):
            self.assertIs(asyncio.get_running_loop(), loop)
            if hook.message == "fail":
                raise LookupError("no luck")
            await going.wait()
            return hook.message.upper()

        def plain(session, hook):
            self.assertIs(asyncio.get_running_loop(), loop)
            return hook.message + b"!"

        server = cryo.aio.Server(port=0, validate=knows_the_token, on_message=lambda s, m: s.send(m))
        server.add_extension(cryo.Extension("later", on_receive_utf8=later, on_receive_binary=plain))
        await server.start()
        self.addAsyncCleanup(server.close)
        peer = await self.connect(server)
        await peer.send(b"plain")
        self.assertEqual(await peer.message(), b"plain!")
        await peer.send("one")
        await peer.send(b"two")
        going.set()
        self.assertEqual([await peer.message(), await peer.message()], ["ONE", b"two!"])
        await peer.send("fail")  # and so it is stopped
        await peer.send("behind it")
        self.assertEqual(await peer.message(), "BEHIND IT")
        self.assertIsInstance(self.log.exceptions()[0], LookupError)
        self.assertEqual(server.find_extension("later").name, "later")
        server.remove_extension("later")
        await peer.send("untouched")
        self.assertEqual(await peer.message(), "untouched")

    async def test_hooks_that_still_run_at_the_end_are_cancelled(self):
        cancelled = asyncio.Event()

        async def for_ever(session, hook):
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                cancelled.set()
                raise

        server = cryo.aio.Server(port=0, validate=knows_the_token, on_message=lambda session, message: None)
        server.add_extension(cryo.Extension("for ever", on_receive_utf8=for_ever, timeout_ms=600_000))
        await server.start()
        peer = await self.connect(server)
        await peer.send("x")
        await self.until(lambda: server._bridge._tasks)
        closing = asyncio.ensure_future(server.close())
        await peer.closed()
        await asyncio.wait_for(closing, PATIENCE)
        await asyncio.wait_for(cancelled.wait(), PATIENCE)

    async def test_a_clients(self):
        server = self.serve()
        async with cryo.aio.Client(f"ws://127.0.0.1:{server.port}/", TOKEN) as client:
            client.add_extension(Shouting())
            async for event in client.events():
                if isinstance(event, cryo.SessionEvent):
                    self.assertTrue((await client.send_acknowledged("hello")).arrived)
                    break
            self.assertIsNotNone(client.find_extension("shouting"))
            client.remove_extension("shouting")
        self.assertEqual((await self.events.next_of("message"))[1], "HELLO")


if __name__ == "__main__":
    unittest.main()
