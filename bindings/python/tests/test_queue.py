"""Events that are pulled instead of called back."""

import select
import threading
import unittest

import cryo

from .support import TOKEN, ServerTest, knows_the_token


class QueueTest(ServerTest):
    def queue_server(self, **options):
        options.setdefault("validate", knows_the_token)
        server = cryo.QueueServer(port=0, **options)
        self.addAsyncCleanup(self.in_thread, server.close)
        return server.start()

    async def next_of(self, server, kind):
        while True:
            event = await self.in_thread(server.next_event, 15)
            self.assertIsNotNone(event)
            if isinstance(event, kind):
                return event

    async def test_the_life_of_a_session(self):
        server = self.queue_server(keepalive_ms=500)
        listening = await self.next_of(server, cryo.ListeningEvent)
        self.assertEqual(listening, cryo.ListeningEvent("127.0.0.1", server.port))
        peer = await self.connect(server)
        session = (await self.next_of(server, cryo.SessionEvent)).session
        session["kept"] = 1
        for message in ("text ☃", "", b"\0bytes", b""):
            await peer.send(message)
            event = await self.next_of(server, cryo.MessageEvent)
            self.assertIs(event.session, session)
            self.assertEqual(event.message, message)
            self.assertIs(type(event.message), type(message))
        stat = await self.next_of(server, cryo.StatEvent)
        self.assertIs(stat.session, session)
        session.send("hello")
        self.assertEqual(await peer.message(), "hello")
        await peer.close(4000, "bye")
        self.assertEqual(await self.next_of(server, cryo.ClosedEvent), cryo.ClosedEvent(session, 4000, "bye"))
        self.assertEqual(session["kept"], 1)

    async def test_without_a_validator_tickets_come_out_of_the_queue(self):
        server = self.queue_server(validate=None)

        def decide():
            for event in server.events():
                if isinstance(event, cryo.AuthEvent):
                    if event.auth.token == TOKEN:
                        event.auth.accept()
                    else:
                        event.auth.reject("No.")

        thread = threading.Thread(target=decide)
        thread.start()
        peer = await self.connect(server)
        await self.assert_refused(server, token="wrong")
        server.stop()
        self.assertEqual(await peer.closed(), (4000, "Server shutdown."))
        await self.in_thread(thread.join)

    async def test_a_ticket_in_the_queue_that_is_dropped_is_refused(self):
        server = self.queue_server(validate=None, validation_timeout_ms=3600_000)
        kinds = []

        def drop_all():
            while cryo.AuthEvent not in kinds:
                kinds.append(type(server.next_event(15)))

        thread = threading.Thread(target=drop_all)
        thread.start()
        await self.assert_refused(server)
        await self.in_thread(thread.join)

    async def test_the_iteration_ends_with_the_last_event(self):
        server = self.queue_server()
        events = []
        thread = threading.Thread(target=lambda: events.extend(server.events()))
        thread.start()
        peers = [await self.connect(server) for _ in range(3)]
        await self.until(lambda: server.session_count == 3)
        server.stop()
        for peer in peers:
            await peer.closed()
        await self.in_thread(thread.join)
        kinds = [type(event).__name__ for event in events]
        self.assertEqual(kinds.count("SessionEvent"), 3)
        self.assertEqual(kinds[-3:], ["ClosedEvent"] * 3)

    async def test_the_descriptor_is_readable_while_an_event_waits(self):
        server = self.queue_server()
        await self.next_of(server, cryo.ListeningEvent)
        descriptor = server.queue_fileno()
        self.assertEqual(select.select([descriptor], [], [], 0)[0], [])
        await self.connect(server)
        readable = await self.in_thread(lambda: select.select([descriptor], [], [], 15)[0])
        self.assertEqual(readable, [descriptor])
        self.assertIsInstance(server.next_event(0), cryo.SessionEvent)
        self.assertIsNone(server.next_event(0))
        self.assertEqual(select.select([descriptor], [], [], 0)[0], [])

    async def test_who_watches_the_descriptor_gets_one_event_each_time(self):
        server = self.queue_server()
        descriptor = server.queue_fileno()
        peer = await self.connect(server)
        for number in range(200):
            await peer.send(str(number))

        def take():
            got = []
            while len(got) < 200:
                if not select.select([descriptor], [], [], 15)[0]:
                    break
                event = server.next_event(0)
                if isinstance(event, cryo.MessageEvent):
                    got.append(event.message)
            return got

        self.assertEqual(await self.in_thread(take), [str(number) for number in range(200)])

    async def test_messages_of_all_sizes_are_answered_in_order(self):
        server = self.queue_server()
        peer = await self.connect(server)

        def echo():
            for event in server.events():
                if isinstance(event, cryo.MessageEvent):
                    event.session.send(event.message)

        thread = threading.Thread(target=echo)
        thread.start()
        sizes = (3, 5000, 0, 70000, 1, 1 << 20, 4095, 4096) + 100 * (7,)
        for number, size in enumerate(sizes):
            await peer.send(bytes([number]) + bytes(size))
        for number, size in enumerate(sizes):
            self.assertEqual(await peer.message(), bytes([number]) + bytes(size))
        await self.in_thread(server.close)
        await self.in_thread(thread.join, 15)
        self.assertFalse(thread.is_alive())

    async def test_waiting_can_be_ended(self):
        server = self.queue_server()
        await self.next_of(server, cryo.ListeningEvent)
        server.wake()
        self.assertIsNone(await self.in_thread(server.next_event, None))
        self.assertIsNone(server.next_event(0.01))
        await self.in_thread(server.close)
        self.assertIsNone(server.next_event(None))
        with self.assertRaises(cryo.HandleError):
            server.queue_fileno()

    async def test_a_full_queue_holds_the_peer_and_loses_nothing(self):
        server = self.queue_server(queue_capacity=(4, 1 << 20))
        peer = await self.connect(server)
        for number in range(300):
            await peer.send(str(number))
        got = [(await self.next_of(server, cryo.MessageEvent)).message for _ in range(300)]
        self.assertEqual(got, [str(number) for number in range(300)])

    async def test_a_capacity_of_nothing_is_refused(self):
        for capacity in ((0, 1), (1, 0), (2**32, 1), (1, 2**64)):
            with self.assertRaises(ValueError):
                cryo.QueueServer(port=0, queue_capacity=capacity)

    async def test_closing_with_events_that_nobody_took(self):
        server = self.queue_server()
        peer = await self.connect(server)
        await peer.send("x")
        await self.until(lambda: server.session_count == 1)
        await self.in_thread(server.close)
        await self.in_thread(server.close)
        self.assertEqual((await peer.closed())[0], 4000)


if __name__ == "__main__":
    unittest.main()
