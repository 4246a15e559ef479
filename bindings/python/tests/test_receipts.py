"""What becomes of messages that were sent: receipts, dropped ones, and queues that flow again."""

import asyncio
import contextlib
import threading
import time
import unittest
import weakref

import cryo
import cryo.aio

from .peer import PATIENCE
from .support import TOKEN, ServerTest, knows_the_token

NO_TIME_SOON = 600_000
NARROW = {"high_water_mark": 65536, "low_water_mark": 1024, "max_queued_bytes": 131072}
BLOCK = bytes(32768)


class ReceiptsTest(ServerTest):
    def teller(self, name="receipt"):
        return lambda receipt: self.events.put(name, receipt)

    async def test_an_acknowledgement_comes_with_its_round_trip(self):
        peer, session = await self.meet(self.serve())
        for message in ("text", b"bytes"):
            session.send(message, on_receipt=self.teller())
            self.assertEqual(await peer.message(), message)
            (receipt,) = await self.events.next_of("receipt")
            self.assertTrue(receipt.arrived)
            self.assertEqual((receipt.outcome, receipt.by), (cryo.Outcome.ACKNOWLEDGED, ""))
            self.assertGreater(receipt.rtt, 0)

    async def test_what_is_not_acknowledged_in_time(self):
        peer, session = await self.meet(self.serve(ack_timeout_ms=20))
        peer.acknowledges = False
        session.send("x", on_receipt=self.teller())
        await peer.message()
        (receipt,) = await self.events.next_of("receipt")
        self.assertEqual(receipt, cryo.Receipt(cryo.Outcome.TIMED_OUT, None, ""))
        self.assertFalse(receipt.arrived)

    async def test_a_session_that_ends_settles_them_before_it_is_told(self):
        peer, session = await self.meet(self.serve(ack_timeout_ms=NO_TIME_SOON))
        peer.acknowledges = False
        session.send("x", on_receipt=self.teller())
        await peer.message()
        peer.websocket.transport.abort()
        kinds = [(await self.events.next())[0] for _ in range(2)]
        self.assertEqual(kinds, ["receipt", "closed"])

    async def test_numbers_come_back_with_the_event(self):
        server = self.make()
        server.on_receipt(lambda session, number, receipt: self.events.put("number", session, number, receipt))
        server.start()
        peer, session = await self.meet(server)
        for number in (1, 2**63 - 1):
            session.send("x", receipt=number)
            await peer.message()
            got = await self.events.next_of("number")
            self.assertEqual(got[:2], (session, number))
            self.assertTrue(got[2].arrived)
        for wrong in ({"receipt": -1}, {"receipt": 2**63}, {"receipt": 1, "on_receipt": print}):
            with self.assertRaises(ValueError):
                session.send("x", **wrong)

    async def test_a_refused_message_has_none(self):
        peer, session = await self.meet(self.serve(max_receipts=1, ack_timeout_ms=NO_TIME_SOON))
        peer.acknowledges = False

        class Function:
            def __call__(self, receipt):
                raise AssertionError("told of what was refused")

        session.send("owed", on_receipt=self.teller())
        function = Function()
        gone = weakref.ref(function)
        with self.assertRaises(cryo.Full) as caught:
            session.send("one more", on_receipt=function)
        self.assertEqual(caught.exception.status, cryo.Status.ERR_RECEIPTS_FULL)
        for key in ("k" * 256, ""):
            with self.assertRaises(cryo.InvalidError):
                session.send("x", key=key, on_receipt=function)
        with self.assertRaises(ValueError):
            session.send("x", key="a\0b", on_receipt=function)
        del function, caught
        await self.until(lambda: gone() is None)

    async def test_an_exception_in_one_goes_to_the_log(self):
        peer, session = await self.meet(self.serve())
        session.send("x", on_receipt=lambda receipt: 1 / 0)
        await peer.message()
        await self.until(lambda: self.log.exceptions())
        self.assertIsInstance(self.log.exceptions()[0], ZeroDivisionError)

    async def test_out_of_a_queue(self):
        server = cryo.QueueServer(port=0, validate=knows_the_token).start()
        self.addAsyncCleanup(self.in_thread, server.close)

        async def next_of(kind):
            while True:
                event = await self.in_thread(server.next_event, PATIENCE)
                self.assertIsNotNone(event)
                if isinstance(event, kind):
                    return event

        peer = await self.connect(server)
        session = (await next_of(cryo.SessionEvent)).session
        told = []
        session.send("one", on_receipt=lambda receipt: told.append((receipt, threading.current_thread())))
        session.send("two", receipt=7)
        await peer.message()
        await peer.message()
        event = await next_of(cryo.ReceiptEvent)
        self.assertEqual((event.session, event.number, event.receipt.arrived), (session, 7, True))
        ((receipt, _),) = told  # on the thread that took the events
        self.assertTrue(receipt.arrived)

    async def test_a_clients(self):
        server = self.serve()
        told = []
        client = cryo.Client(
            f"ws://127.0.0.1:{server.port}/", TOKEN,
            on_connected=lambda session: session.send("hello", receipt=5),
            on_receipt=lambda session, number, receipt: told.append((session, number, receipt.arrived)),
        )  # fmt: skip
        self.addAsyncCleanup(self.in_thread, client.close)
        client.start()
        await self.until(lambda: told)
        self.assertEqual(told, [(client.session, 5, True)])


class SlowPeerTest(ServerTest):
    @staticmethod
    async def abort(peer):
        peer.websocket.transport.abort()

    async def held(self, **options):
        """A session whose peer does not read."""
        server = self.make(**{**NARROW, **options})
        server.on_dropped(lambda session, reason, message: self.events.put("dropped", session, reason, message))
        server.on_writable(lambda session: self.events.put("writable", session))
        server.start()
        peer, session = await self.meet(server)
        self.addAsyncCleanup(self.abort, peer)  # else it would be waited for
        peer.websocket.transport.pause_reading()
        return peer, session

    async def test_the_oldest_give_way(self):
        peer, session = await self.held()
        dropped = asyncio.ensure_future(self.events.next_of("dropped"))
        queued = session.stats
        # The system may take more at any time.
        while not dropped.done() or queued.queued_count < 1 or queued.queued_bytes < len(BLOCK):
            with contextlib.suppress(cryo.Full):  # while the library has not yet come to what was sent
                session.send(BLOCK)
            await asyncio.sleep(0)
            queued = session.stats
        self.assertEqual(await dropped, (session, cryo.DropReason.OLDEST, BLOCK))
        peer.websocket.transport.resume_reading()
        reading = asyncio.ensure_future(peer.closed())
        self.assertEqual(await self.events.next_of("writable"), (session,))
        session.close()
        await reading

    async def test_the_newest_is_refused(self):
        peer, session = await self.held(drop_policy=cryo.DropPolicy.NEWEST)
        with self.assertRaises(cryo.Full):
            for _ in range(10_000):
                session.send(BLOCK)
                await asyncio.sleep(0)

    async def test_a_newer_one_with_the_same_key_takes_its_place(self):
        server = self.make(drop_policy=cryo.DropPolicy.DEDUPE_LATEST, **NARROW)

        @server.on_message
        def answer(session, message):  # nothing leaves meanwhile: held, and not full
            for _ in range(3):
                session.send(BLOCK)
            for number in (1, 2):
                session.send(
                    f"position {number}",
                    key="position",
                    on_receipt=lambda receipt: self.events.put("r", receipt),
                )

        server.start()
        peer, _ = await self.meet(server)
        await peer.send("go")
        (receipt,) = await self.events.next_of("r")
        self.assertEqual((receipt.outcome, receipt.by), (cryo.Outcome.DROPPED, "replaced"))
        while isinstance(message := await peer.message(), bytes):
            pass
        self.assertEqual(message, "position 2")
        (receipt,) = await self.events.next_of("r")
        self.assertTrue(receipt.arrived)

    async def test_all_sessions_together(self):
        peer, session = await self.held(max_queued_bytes=1 << 30, max_total_queued_bytes=131072)
        status, deadline = None, time.monotonic() + PATIENCE
        while status != cryo.Status.ERR_TOTAL_FULL:  # the system takes some first
            self.assertLess(time.monotonic(), deadline)
            try:
                session.send(BLOCK)
            except cryo.Full as error:
                status = error.status


class AioTest(ServerTest):
    async def aio(self, **options):
        server = cryo.aio.Server(port=0, validate=knows_the_token, **options)
        self.addAsyncCleanup(server.close)
        return await server.start()

    async def test_a_receipt_can_be_waited_for_by_who_takes_the_events(self):
        server = await self.aio()
        receipts = []

        async def serve():
            async for event in server.events():
                if isinstance(event, cryo.SessionEvent):
                    receipts.append(await cryo.aio.send(event.session, "hello", key="k"))
                    event.session.send("bye", receipt=3)
                elif isinstance(event, cryo.ReceiptEvent):
                    receipts.append((event.number, event.receipt.arrived))

        task = asyncio.ensure_future(serve())
        peer = await self.connect(server)
        self.assertEqual([await peer.message(), await peer.message()], ["hello", "bye"])
        await self.until(lambda: len(receipts) == 2)
        self.assertTrue(receipts[0].arrived)
        self.assertEqual(receipts[1], (3, True))
        await peer.close()
        server.stop()
        await asyncio.wait_for(task, PATIENCE)

    async def test_functions_are_called_in_the_loop(self):
        told, loop = [], asyncio.get_running_loop()

        def note(name):
            def call(*arguments):
                self.assertIs(asyncio.get_running_loop(), loop)
                told.append((name, *arguments[1:]))

            return call

        server = await self.aio(
            on_dropped=note("dropped"), on_writable=note("writable"), on_receipt=note("receipt"),
            on_session=lambda session: session.send("x", receipt=9), **NARROW,
        )  # fmt: skip
        peer = await self.connect(server)
        await peer.message()
        await self.until(lambda: told)
        self.assertEqual(told[0][:2], ("receipt", 9))
        (session,) = server.sessions
        session.send("y", on_receipt=lambda receipt: note("own")(session, receipt.arrived))
        await peer.message()
        await self.until(lambda: len(told) == 2)
        self.assertEqual(told[1], ("own", True))
        peer.websocket.transport.pause_reading()
        while "dropped" not in [each[0] for each in told]:
            with contextlib.suppress(cryo.Full):
                session.send(BLOCK)
            await asyncio.sleep(0)
        peer.websocket.transport.resume_reading()
        reading = asyncio.ensure_future(peer.closed())
        await self.until(lambda: "writable" in [each[0] for each in told])
        session.close()
        await reading

    async def test_a_client_waits_as_well(self):
        server = self.serve()
        async with cryo.aio.Client(f"ws://127.0.0.1:{server.port}/", TOKEN) as client:
            async for event in client.events():
                if isinstance(event, cryo.SessionEvent):
                    receipt = await client.send_acknowledged("hello")
                    break
        self.assertTrue(receipt.arrived)
        self.assertEqual((await self.events.next_of("message"))[1], "hello")

    async def test_the_end_of_the_session_ends_the_waiting(self):
        server = await self.aio(ack_timeout_ms=NO_TIME_SOON)
        iteration = server.events().__aiter__()
        connecting = asyncio.ensure_future(self.connect(server))
        session = None
        while session is None:
            event = await iteration.__anext__()
            session = event.session if isinstance(event, cryo.SessionEvent) else None
        peer = await connecting
        waiting = asyncio.ensure_future(cryo.aio.send(session, "hello"))
        await peer.frame()
        peer.websocket.transport.abort()
        receipt = await asyncio.wait_for(waiting, PATIENCE)
        self.assertEqual(receipt.outcome, cryo.Outcome.CLOSED)
        with self.assertRaises(cryo.Closed):
            await cryo.aio.send(session, "too late")


if __name__ == "__main__":
    unittest.main()
