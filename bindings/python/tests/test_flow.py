"""Pausing, acknowledging by hand, posting, sending to many."""

import asyncio
import threading
import unittest

import cryo
import cryo.aio

from .peer import connect
from .support import TOKEN, ServerTest


class FlowTest(ServerTest):
    async def test_pause_and_resume(self):
        server = self.serve()
        peer, session = await self.meet(server)
        session.pause_reading()
        number = await peer.send("a")
        await peer.acked(number)
        session.post(lambda who: self.events.put("posted", who))
        self.assertEqual(await self.events.next(), ("posted", session))  # and no message in front of it
        session.resume_reading()
        self.assertEqual(await self.events.next_of("message"), (session, "a"))

    async def test_acknowledging_by_hand(self):
        server = self.serve(manual_ack=True, max_unacknowledged=2)
        ids = []
        server.on_message(lambda session, message: ids.append(session.message_id))
        peer, session = await self.meet(server)
        for _ in range(3):
            await peer.send("x")
        await self.until(lambda: len(ids) == 2)
        self.assertEqual(session.message_id, 0)
        self.assertFalse(session.ack(1))
        self.assertTrue(session.ack(ids[1]))
        await peer.acked(1)
        self.assertEqual(peer.acks, [1])
        await self.until(lambda: len(ids) == 3)
        server.on_message(lambda session, message: session.ack())
        await peer.acked(await peer.send("y")) if session.ack(ids[0]) else self.fail()

    async def test_posting(self):
        server = self.make()
        with self.assertRaises(cryo.StateError):
            server.post(print)
        server.start()
        threads = []
        server.post(lambda: threads.append(threading.get_ident()))
        server.post(lambda: threads.append(threading.get_ident()), after=0.01)
        server.post(lambda: 1 / 0)
        _, session = await self.meet(server)
        session.post(lambda who: threads.append(who), after=0.001)
        await self.until(lambda: len(threads) == 3)
        self.assertNotIn(threading.get_ident(), threads)
        self.assertIn(session, threads)
        await self.until(lambda: self.log.exceptions())
        self.assertIsInstance(self.log.exceptions()[0], ZeroDivisionError)
        server.post(self.fail, after=3600)
        await self.in_thread(server.close)
        with self.assertRaises(cryo.Closed):
            session.post(print)
        with self.assertRaises(cryo.Error):
            server.post(print)

    async def test_sending_to_many(self):
        server = self.serve()
        met = [await self.meet(server) for _ in range(3)]
        sessions = [session for _, session in met]
        self.assertEqual(cryo.send_to(sessions, "all"), [0, 0, 0])
        self.assertEqual([await peer.message() for peer, _ in met], ["all"] * 3)
        self.assertEqual(cryo.send_to([], b""), [])
        sessions[1].close()
        await self.events.next_of("closed")
        self.assertEqual(cryo.send_to(sessions, b"x"), [0, cryo.Status.ERR_CLOSED, 0])


class AsyncFlowTest(ServerTest):
    async def test_acknowledging_by_hand(self):
        done = asyncio.Event()

        async def on_message(session, message):
            if message == "later":
                await done.wait()
            session.ack()

        async with cryo.aio.Server(
            port=0, validate=lambda token: True, on_message=on_message, manual_ack=True
        ) as server:
            peer = await connect(server.port, TOKEN)
            await peer.acked(await peer.send("now"))
            number = await peer.send("later")
            done.set()
            await peer.acked(number)
            await peer.close()


if __name__ == "__main__":
    unittest.main()
