"""What goes back and forth between sessions and peers."""

import array
import asyncio
import contextlib
import threading
import unittest

import cryo

from .peer import BINARYDATA, HEAD, UTF8DATA
from .support import ServerTest, TOKEN


class ReceiveTest(ServerTest):
    async def test_text_and_binary_of_every_size_arrive_and_are_acknowledged(self):
        server = self.serve()
        peer, session = await self.meet(server)
        messages = [
            "",
            b"",
            "a",
            b"\0",
            "null",
            "wörld ☃ \U0001f600",
            "a\0b",
            bytes(range(256)),
            "x" * 70_000,
        ]
        messages.append(bytes(3_000_000))
        for message in messages:
            number = await peer.send(message)
            got_session, got = await self.events.next_of("message")
            self.assertIs(got_session, session)
            self.assertEqual(got, message)
            self.assertIs(type(got), type(message))
            await peer.acked(number)

    async def test_many_messages_keep_their_order(self):
        server = self.serve()
        peer, _ = await self.meet(server)
        for number in range(500):
            await peer.send(str(number))
        for number in range(500):
            self.assertEqual((await self.events.next_of("message"))[1], str(number))

    async def test_an_exception_in_every_callback_ends_nothing(self):
        server = self.make(keepalive_ms=500)
        calls = []

        def failing(name):
            def call(*arguments):
                calls.append(name)
                self.events.put(name, *arguments)
                raise ValueError(name)

            return call

        for name in ("on_listening", "on_session", "on_message", "on_closed", "on_stat"):
            getattr(server, name)(failing(name))
        server.start()
        async with await self.connect(server) as peer:
            (session,) = await self.events.next_of("on_session")
            for text in ("one", "two"):
                await peer.send(text)
                self.assertEqual(await self.events.next_of("on_message"), (session, text))
            session.send("still here")
            self.assertEqual(await peer.message(), "still here")
            await self.events.next_of("on_stat")
        await self.events.next_of("on_closed")
        await self.until(lambda: "on_closed" in {str(error) for error in self.log.exceptions()})
        self.assertEqual(
            {str(error) for error in self.log.exceptions()},
            {"on_listening", "on_session", "on_message", "on_closed", "on_stat"},
        )

    async def test_functions_can_be_replaced_while_it_runs(self):
        server = self.serve()
        peer, _ = await self.meet(server)
        server.on_message(lambda session, message: self.events.put("other", message))
        await peer.send("x")
        self.assertEqual(await self.events.next_of("other"), ("x",))

    async def test_without_functions_a_server_listens_and_acknowledges(self):
        server = cryo.Server(port=0, validate=lambda token: True)
        self.addAsyncCleanup(self.in_thread, server.close)
        server.start()
        peer = await self.connect(server)
        await peer.acked(await peer.send("x"))


class SendTest(ServerTest):
    async def test_text_and_binary_of_every_size(self):
        server = self.serve()
        peer, session = await self.meet(server)
        for message in ["", b"", "a", b"\0\1", "wörld ☃ \U0001f600", "a\0b", "x" * 70_000, bytes(3_000_000)]:
            session.send(message)
            got = await peer.message()
            self.assertEqual(got, message)
            self.assertIs(type(got), type(message))

    async def test_everything_with_the_buffer_protocol_is_binary(self):
        server = self.serve()
        peer, session = await self.meet(server)
        numbers = array.array("H", [1, 2, 3])
        strided = memoryview(b"abcdef")[::2]
        cases = [(bytearray(b"xy"), b"xy"), (memoryview(b"view"), b"view"), (numbers, numbers.tobytes())]
        for sent, expected in [*cases, (strided, b"ace")]:
            session.send(sent)
            self.assertEqual(await peer.message(), expected)

    async def test_what_is_no_message_is_a_type_error(self):
        server = self.serve()
        peer, session = await self.meet(server)
        for nothing in (None, 5, 1.5, [1, 2], {"a": 1}):
            with self.assertRaises(TypeError):
                session.send(nothing)
        with self.assertRaises(UnicodeEncodeError):
            session.send("\ud800")
        session.send("fine")
        self.assertEqual(await peer.message(), "fine")

    async def test_echo_from_inside_the_callbacks(self):
        server = self.make()
        server.on_session(lambda session: session.send("Welcome!"))
        server.on_message(lambda session, message: session.send(message))
        server.start()
        peer = await self.connect(server)
        self.assertEqual(await peer.message(), "Welcome!")
        for message in ("text", b"bytes"):
            await peer.send(message)
            self.assertEqual(await peer.message(), message)

    async def test_many_threads_send_at_once(self):
        server = self.serve(threads=2, max_queue_count=100_000)
        peer, session = await self.meet(server)

        def send_all(sender):
            for number in range(200):
                session.send(f"{sender} {number}")

        threads = [threading.Thread(target=send_all, args=(sender,)) for sender in range(4)]
        for thread in threads:
            thread.start()
        got = [(await peer.message()).split() for _ in range(800)]
        for thread in threads:
            await self.in_thread(thread.join)
        for sender in range(4):
            mine = [int(number) for who, number in got if who == str(sender)]
            self.assertEqual(mine, list(range(200)))

    async def test_a_peer_that_does_not_read_fills_the_queue(self):
        server = self.make(
            high_water_mark=65536, low_water_mark=1024, max_queued_bytes=1_000_000,
            drop_policy=cryo.DropPolicy.NEWEST,
        )  # fmt: skip
        dropped = []
        server.on_dropped(lambda session, reason, message: isinstance(message, bytes) and dropped.append(reason))
        server.start()
        peer, session = await self.meet(server)
        peer.websocket.transport.pause_reading()
        accepted, refused = 0, None
        while refused is None or session.stats.queued_bytes == 0:  # the system may take more after a refusal
            try:
                session.send(bytes(100_000))
                accepted += 1
            except cryo.Full as error:
                refused = error
        self.assertEqual(refused.status, cryo.Status.ERR_FULL)
        peer.websocket.transport.resume_reading()
        sizes = []

        async def read():
            while (message := await peer.message()) != "room again":
                sizes.append(len(message))

        reading = asyncio.ensure_future(read())
        while not reading.done():  # again and again: it is refused, too, while the queue is full
            with contextlib.suppress(cryo.Full):
                session.send("room again")
            await asyncio.sleep(0)
        await reading
        # Some may have been accepted, and found no room when they reached the queue.
        self.assertEqual(sizes, [100_000] * (accepted - len(dropped)))
        self.assertEqual(set(dropped), {cryo.DropReason.REFUSED} if dropped else set())

    async def test_ping_is_answered(self):
        server = self.serve(keepalive_ms=3600_000)
        peer, session = await self.meet(server)
        session.ping()
        await asyncio.wait_for(peer.ping(), 20)

    async def test_frames_carry_the_sessions_id_and_number(self):
        server = self.serve()
        peer, session = await self.meet(server)
        session.send("a")
        session.send(b"b")
        frames = [await peer.frame(), await peer.frame()]
        self.assertEqual(frames, [(0, UTF8DATA, b"a"), (1, BINARYDATA, b"b")])
        self.assertEqual(HEAD.size, 21)


class BroadcastTest(ServerTest):
    async def test_it_reaches_everybody_but_one(self):
        server = self.serve(threads=2)
        pairs = [await self.meet(server) for _ in range(4)]
        self.assertEqual(server.broadcast("all"), 4)
        self.assertEqual(server.broadcast(b"others", exclude=pairs[0][1]), 3)
        pairs[0][1].send("end")
        self.assertEqual([await pairs[0][0].message() for _ in range(2)], ["all", "end"])
        for peer, _ in pairs[1:]:
            self.assertEqual([await peer.message() for _ in range(2)], ["all", b"others"])

    async def test_it_reaches_nobody_once_the_server_stops(self):
        server = self.make()
        with self.assertRaises(cryo.StateError):
            server.broadcast("x")
        server.start()
        self.assertEqual(server.broadcast("nobody there"), 0)
        await self.meet(server)
        server.on_closed(lambda *_: self.events.put("closing", server.broadcast("x")))
        server.stop()
        self.assertEqual(await self.events.next_of("closing"), (0,))
        await self.in_thread(server.close)
        self.assertEqual(server.broadcast("x"), 0)


class ManyTest(ServerTest):
    async def test_many_sessions_at_once(self):
        server = self.make(threads=2)
        server.on_message(lambda session, message: session.send(f"{session.token} {message}"))
        server.on_closed(lambda session, code, reason: self.events.put("closed", code))
        server.validate(lambda token: True)
        server.start()

        async def talk(number):
            async with await self.connect(server, token=f"{TOKEN}{number}") as peer:
                for text in ("a", "b", "c"):
                    await peer.send(text)
                    self.assertEqual(await peer.message(), f"{TOKEN}{number} {text}")

        await asyncio.gather(*(talk(number) for number in range(200)))
        for _ in range(200):
            self.assertEqual(await self.events.next_of("closed"), (4000,))
        self.assertEqual(server.session_count, 0)


if __name__ == "__main__":
    unittest.main()
