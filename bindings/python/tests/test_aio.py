"""Cryo in an event loop."""

import asyncio
import gc
import threading
import unittest
import weakref

import cryo.aio

from .peer import PATIENCE, Refused, connect
from .support import TOKEN, ServerTest


async def check(token):
    await asyncio.sleep(0)
    return token == TOKEN


class AioTest(ServerTest):
    async def aio(self, **options):
        server = self.new(**options)
        return await server.start()

    def new(self, **options):
        options.setdefault("validate", check)
        server = cryo.aio.Server(port=0, **options)
        self.addAsyncCleanup(server.close)
        return server

    def collect(self, server):
        """Iterates in a task: gives the queue in which the events come, None at the end."""
        queue = asyncio.Queue()

        async def iterate():
            async for event in server.events():
                queue.put_nowait(event)
            queue.put_nowait(None)

        self.task = asyncio.ensure_future(iterate())
        return queue

    @staticmethod
    async def take(queue, kind):
        while True:
            event = await asyncio.wait_for(queue.get(), PATIENCE)
            if isinstance(event, kind):
                return event


class EventsTest(AioTest):
    async def test_the_life_of_a_session(self):
        async with self.new(keepalive_ms=500) as server:
            queue = self.collect(server)
            await self.take(queue, cryo.ListeningEvent)
            peer = await self.connect(server)
            session = (await self.take(queue, cryo.SessionEvent)).session
            for message in ("text", b"bytes", "", b""):
                await peer.send(message)
                self.assertEqual(
                    await self.take(queue, cryo.MessageEvent), cryo.MessageEvent(session, message)
                )
            self.assertIs((await self.take(queue, cryo.StatEvent)).session, session)
            session.send("hello")
            self.assertEqual(await peer.message(), "hello")
            await peer.close(4000, "bye")
            closed = await self.take(queue, cryo.ClosedEvent)
            self.assertEqual(closed, cryo.ClosedEvent(session, 4000, "bye"))
        self.assertIsNone(await self.take(queue, type(None)))

    async def test_validators_plain_and_async(self):
        for validate in (check, lambda token: token == TOKEN):
            server = await self.aio(validate=validate)
            self.collect(server)
            await self.connect(server)
            with self.assertRaises(Refused):
                await connect(server.port, "wrong")

    async def test_a_validator_that_fails_or_never_answers_refuses(self):
        async def failing(token):
            raise LookupError("no database")

        async def never(token):
            await asyncio.Event().wait()

        async def wrong(token):
            return 1

        for validate, error in ((failing, LookupError), (never, asyncio.TimeoutError), (wrong, TypeError)):
            server = await self.aio(validate=validate, validation_timeout_ms=50)
            self.collect(server)
            await self.assert_refused(server)
            await self.until(lambda: self.log.exceptions())
            self.assertIsInstance(self.log.exceptions()[-1], error)
            self.log.records.clear()

    async def test_authorize_gets_the_ticket(self):
        tickets = []

        async def authorize(auth):
            if auth.parameter("later"):
                tickets.append(auth)
                return None
            return auth.path == "/in"

        server = await self.aio(validate=None, authorize=authorize)
        self.collect(server)
        await self.connect(server, path="/in")
        with self.assertRaises(Refused):
            await connect(server.port, path="/out")
        waiting = asyncio.ensure_future(connect(server.port, later="1"))
        await self.until(lambda: tickets)
        tickets.pop().accept()
        await (await waiting).close()

    async def test_without_a_validator_the_iteration_yields_tickets(self):
        server = await self.aio(validate=None)
        queue = self.collect(server)
        waiting = asyncio.ensure_future(connect(server.port))
        auth = (await self.take(queue, cryo.AuthEvent)).auth
        self.assertEqual(auth.token, TOKEN)
        auth.accept()
        await (await waiting).close()

    async def test_what_nobody_asks_for_stays_in_the_bounded_queue(self):
        server = await self.aio(queue_capacity=(4, 1 << 20), validate=None)
        iteration = server.events().__aiter__()
        self.assertIsInstance(await iteration.__anext__(), cryo.ListeningEvent)
        waiting = asyncio.ensure_future(connect(server.port))
        (await iteration.__anext__()).auth.accept()
        peer = await waiting
        for number in range(300):
            await peer.send(str(number))
        self.assertIsInstance(await iteration.__anext__(), cryo.SessionEvent)
        for number in range(300):
            self.assertEqual((await iteration.__anext__()).message, str(number))

    async def test_several_tasks_share_the_events(self):
        server = await self.aio()
        queues = [self.collect(server) for _ in range(3)]
        peer = await self.connect(server)
        for number in range(30):
            await peer.send(str(number))
        await self.until(lambda: sum(queue.qsize() for queue in queues) >= 32)
        got = []
        for queue in queues:
            while not queue.empty():
                event = queue.get_nowait()
                got += [event.message] if isinstance(event, cryo.MessageEvent) else []
        self.assertEqual(sorted(got, key=int), [str(number) for number in range(30)])

    async def test_a_busy_queue_leaves_other_tasks_their_turn(self):
        server = await self.aio()
        peer = await self.connect_while_collecting(server)
        for number in range(500):
            await peer.send(str(number))
        await self.until(lambda: peer.websocket.transport.get_write_buffer_size() == 0)
        turns = 0

        async def count():
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        counting = asyncio.ensure_future(count())
        got = 0
        async for event in server.events():
            got += isinstance(event, cryo.MessageEvent)
            if got == 500:
                break
        counting.cancel()
        self.assertGreaterEqual(turns, 5)

    async def connect_while_collecting(self, server):
        queue = self.collect(server)
        peer = await self.connect(server)
        await self.take(queue, cryo.SessionEvent)
        self.task.cancel()
        await asyncio.wait({self.task})
        return peer

    async def test_stopping_ends_the_iteration_after_the_last_event(self):
        server = await self.aio()
        queue = self.collect(server)
        peers = [await self.connect(server) for _ in range(3)]
        for _ in peers:
            await self.take(queue, cryo.SessionEvent)
        server.stop()
        server.stop()
        for _ in peers:
            closed = await self.take(queue, cryo.ClosedEvent)
            self.assertEqual((closed.code, closed.reason), (4000, "Server shutdown."))
        self.assertIsNone(await self.take(queue, type(None)))
        await asyncio.wait_for(server.wait(), PATIENCE)

    async def test_stopping_does_not_hold_up_the_loop(self):
        server = await self.aio(close_timeout_ms=300)
        peer = await self.connect_while_collecting(server)
        peer.websocket.transport.pause_reading()  # its half of the close does not come
        turns = 0
        closing = asyncio.ensure_future(server.close())
        while not closing.done():
            turns += 1
            await self.in_thread(int)
        self.assertGreater(turns, 5)
        peer.websocket.transport.resume_reading()

    async def test_sessions_can_be_used_from_other_threads(self):
        server = await self.aio()
        queue = self.collect(server)
        peer = await self.connect(server)
        session = (await self.take(queue, cryo.SessionEvent)).session
        thread = threading.Thread(target=session.send, args=("from a thread",))
        thread.start()
        self.assertEqual(await peer.message(), "from a thread")
        await self.in_thread(thread.join)
        self.assertEqual(server.sessions, [session])
        self.assertIs(server.find(peer.sid), session)
        self.assertEqual(server.broadcast("all"), 1)
        self.assertEqual(await peer.message(), "all")

    async def test_threads_0_is_refused(self):
        with self.assertRaises(ValueError):
            self.new(threads=0)

    async def test_before_the_start(self):
        server = self.new()
        with self.assertRaises(cryo.StateError):
            async for _ in server.events():
                pass
        with self.assertRaises(cryo.StateError):
            await server.wait()
        server.stop()
        await server.close()
        self.assertEqual(server.port, 0)


class HandlersTest(AioTest):
    async def test_functions_plain_and_async(self):
        server = self.new(keepalive_ms=500)
        got = asyncio.Queue()

        @server.on_listening
        def listening(host, port):
            got.put_nowait(("listening", host))

        @server.on_session
        async def greet(session):
            await asyncio.sleep(0)
            session.send("Welcome!")

        @server.on_message
        async def echo(session, message):
            session.send(message)

        @server.on_stat
        def stat(session, stat, value):
            got.put_nowait(("stat",))

        @server.on_closed
        def closed(session, code, reason):
            got.put_nowait(("closed", code, reason))

        serving = asyncio.ensure_future(server.serve())
        self.assertEqual(await asyncio.wait_for(got.get(), PATIENCE), ("listening", "127.0.0.1"))
        peer = await self.connect(server)
        self.assertEqual(await peer.message(), "Welcome!")
        for message in ("text", b"bytes"):
            await peer.send(message)
            self.assertEqual(await peer.message(), message)
        self.assertEqual(await asyncio.wait_for(got.get(), PATIENCE), ("stat",))
        await peer.close(4000, "bye")
        while (last := await asyncio.wait_for(got.get(), PATIENCE))[0] == "stat":
            pass
        self.assertEqual(last, ("closed", 4000, "bye"))
        server.stop()
        await asyncio.wait_for(serving, PATIENCE)

    async def test_one_session_keeps_its_order_and_others_do_not_wait(self):
        server = self.new()
        gate = asyncio.Event()
        done = []

        @server.on_message
        async def work(session, message):
            if message == "slow":
                await gate.wait()
            done.append(message)
            session.send(f"did {message}")

        await server.start()
        slow, quick = await self.connect(server), await self.connect(server)
        for message in ("slow", "second", "third"):
            await slow.send(message)
        await quick.send("quick")
        self.assertEqual(await quick.message(), "did quick")
        self.assertEqual(done, ["quick"])
        gate.set()
        self.assertEqual([await slow.message() for _ in range(3)], ["did slow", "did second", "did third"])

    async def test_slow_functions_hold_the_peer(self):
        from cryo import _aio_lanes

        limit, _aio_lanes.MAX_JOBS = _aio_lanes.MAX_JOBS, 8
        self.addCleanup(setattr, _aio_lanes, "MAX_JOBS", limit)
        server = self.new(queue_capacity=(8, 1 << 20))
        gate = asyncio.Event()
        done = []

        @server.on_message
        async def work(session, message):
            await gate.wait()
            done.append(message)

        await server.start()
        peer = await self.connect(server)
        for number in range(100):
            await peer.send(str(number))
        await self.until(lambda: server._lanes._jobs == 8)
        gate.set()
        await self.until(lambda: len(done) == 100)
        self.assertEqual(done, [str(number) for number in range(100)])
        await self.until(lambda: (server._lanes._jobs, server._lanes._bytes) == (0, 0))

    async def test_an_exception_in_every_function_ends_nothing(self):
        server = self.new(keepalive_ms=500)
        for name in ("on_listening", "on_session", "on_message", "on_closed", "on_stat"):

            async def failing(*arguments, name=name):
                raise ValueError(name)

            def plain(*arguments, name=name):
                raise ValueError(name)

            getattr(server, name)(plain if name in ("on_session", "on_closed") else failing)
        await server.start()
        peer = await self.connect(server)
        await peer.acked(await peer.send("one"))
        await peer.ping()
        await self.until(lambda: "on_stat" in {str(error) for error in self.log.exceptions()})
        await peer.close()
        await self.until(lambda: len({str(error) for error in self.log.exceptions()}) == 5)

    async def test_closing_waits_for_the_functions(self):
        server = self.new()
        begun, finish = asyncio.Event(), asyncio.Event()
        done = []

        @server.on_closed
        async def closed(session, code, reason):
            begun.set()
            await finish.wait()
            done.append(code)

        await server.start()
        await self.connect(server)
        await self.until(lambda: server.session_count == 1)
        closing = asyncio.ensure_future(server.close())
        await asyncio.wait_for(begun.wait(), PATIENCE)
        self.assertEqual(await asyncio.wait({closing}, timeout=0.05), (set(), {closing}))
        finish.set()
        await asyncio.wait_for(closing, PATIENCE)
        self.assertEqual(done, [4000])

    async def test_closing_inside_a_function(self):
        server = self.new()

        @server.on_message
        async def leave(session, message):
            await server.close()

        serving = asyncio.ensure_future(server.serve())
        await self.until(lambda: server.port)
        peer = await self.connect(server)
        await peer.send("x")
        self.assertEqual((await peer.closed())[0], 4000)
        await asyncio.wait_for(serving, PATIENCE)

    async def test_cancelling_serve_closes(self):
        server = self.new()
        codes = []
        server.on_closed(lambda session, code, reason: codes.append(code))
        serving = asyncio.ensure_future(server.serve())
        await self.until(lambda: server.port)
        peer = await self.connect(server)
        await self.until(lambda: server.session_count == 1)
        serving.cancel()
        await asyncio.wait({serving}, timeout=PATIENCE)
        self.assertTrue(serving.cancelled())
        self.assertEqual(await peer.closed(), (4000, "Server shutdown."))
        self.assertEqual(codes, [4000])

    async def test_iterating_beside_functions_is_told(self):
        server = self.new(on_message=print)
        await server.start()
        with self.assertRaises(cryo.StateError):
            async for _ in server.events():
                pass

    async def test_serving_without_any_function_still_answers(self):
        server = self.new()
        serving = asyncio.ensure_future(server.serve())
        await self.until(lambda: server.port)
        peer = await self.connect(server)
        await peer.acked(await peer.send("x"))
        server.stop()
        await asyncio.wait_for(serving, PATIENCE)

    async def test_nothing_is_left(self):
        server = self.new(on_message=lambda session, message: session.send(message))
        await server.start()
        async with await self.connect(server) as peer:
            await peer.send("x")
            self.assertEqual(await peer.message(), "x")
            watched = weakref.ref(server.sessions[0])
        await asyncio.wait_for(server.close(), PATIENCE)
        inner = weakref.ref(server._server)
        self._cleanups.clear()  # they hold the server
        del server
        gc.collect()
        await self.until(lambda: watched() is None and inner() is None)


if __name__ == "__main__":
    unittest.main()
