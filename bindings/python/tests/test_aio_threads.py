"""asyncio's executor stays the application's, and a server that only sends lets clients in."""

import asyncio
import os
import subprocess
import sys
import unittest
from concurrent.futures import ThreadPoolExecutor
from unittest import mock

import cryo.aio
from cryo import _aio_kept

from .peer import PATIENCE, Refused, connect
from .support import TOKEN, ServerTest, knows_the_token

MORE_THAN_THREADS = min(32, (os.cpu_count() or 1) + 4) + 2


class ExecutorTest(ServerTest):
    async def test_many_clients_leave_it_alone(self):
        server = cryo.aio.Server(port=0, validate=knows_the_token, on_message=lambda session, message: None)
        await server.start()
        clients = [cryo.aio.Client(f"ws://127.0.0.1:{server.port}", TOKEN) for _ in range(MORE_THAN_THREADS)]
        for client in clients:
            await client.start()
        for client in clients:
            async for event in client.events():
                if isinstance(event, cryo.ConnectedEvent):
                    break
        await asyncio.wait_for(asyncio.to_thread(int), PATIENCE)
        await asyncio.wait_for(server.close(), PATIENCE)
        for client in clients:
            await asyncio.wait_for(client.close(), PATIENCE)

    async def test_a_full_one_holds_nobody_up(self):
        loop = asyncio.get_running_loop()
        executor = Stuffed()
        loop.set_default_executor(executor)
        server = cryo.aio.Server(port=0, validate=knows_the_token)
        await server.start()
        client = cryo.aio.Client(f"ws://127.0.0.1:{server.port}", TOKEN)
        await client.start()
        await asyncio.wait_for(client.close(), PATIENCE)
        await asyncio.wait_for(client.wait(), PATIENCE)
        await asyncio.wait_for(server.close(), PATIENCE)
        self.assertEqual(executor.asked, 0)

    async def test_the_end_is_the_last_event_whoever_takes_them(self):
        server = cryo.aio.Server(port=0, validate=knows_the_token)
        async with server:
            client = cryo.aio.Client(f"ws://127.0.0.1:{server.port}", TOKEN)
            await client.start()
            async for event in server.events():
                if isinstance(event, cryo.SessionEvent):
                    for number in range(10):
                        event.session.send(str(number))
                    event.session.close(reason="enough")
                    break
            await asyncio.wait_for(client.wait(), PATIENCE)  # nobody has taken one yet
            events = [event async for event in client.events()]
            messages = [event.message for event in events if isinstance(event, cryo.MessageEvent)]
            self.assertEqual(messages, [str(number) for number in range(10)])
            self.assertIsInstance(events[0], cryo.ConnectedEvent)
            self.assertIsInstance(events[-1], cryo.ClosedEvent)
            self.assertEqual((events[-1].session, events[-1].reason), (client.session, "enough"))
            self.assertEqual([event async for event in client.events()], [])
            await client.close()

    async def test_one_that_never_connects(self):
        client = cryo.aio.Client("ws://127.0.0.1:1", TOKEN, reconnect_attempts=0)
        async with client:
            events = await asyncio.wait_for(self.all_of(client), PATIENCE)
        self.assertEqual(
            [type(event) for event in events if not isinstance(event, cryo.StatEvent)],
            [cryo.AttemptFailedEvent, cryo.ClosedEvent],
        )

    @staticmethod
    async def all_of(client):
        return [event async for event in client.events()]


class Stuffed(ThreadPoolExecutor):
    """Takes nothing in."""

    asked = 0

    def submit(self, *arguments, **keywords):
        self.asked += 1
        raise RuntimeError("it is full")


class PushOnlyTest(ServerTest):
    async def test_the_validator_is_asked(self):
        asked = []

        async def check(token):
            asked.append(token)
            return token == TOKEN

        async with cryo.aio.Server(port=0, validate=check) as server:
            peer = await self.connect(server)
            await self.until(lambda: server.session_count == 1)
            self.assertEqual(server.broadcast("news"), 1)
            self.assertEqual(await peer.message(), "news")
            with self.assertRaises(Refused):
                await connect(server.port, "wrong")
            self.assertEqual(asked, [TOKEN, "wrong"])

    async def test_one_that_is_authorized(self):
        async with cryo.aio.Server(port=0, authorize=lambda auth: auth.token == TOKEN) as server:
            await self.connect(server)
            await self.assert_refused(server, "wrong")

    async def test_who_iterates_later_gets_what_was_before(self):
        async with cryo.aio.Server(port=0, validate=knows_the_token) as server:
            peer = await self.connect(server)
            for number in range(100):
                await peer.send(str(number))
            await self.until(lambda: server._kept is not None and len(server._kept._events) == 102)
            await peer.send("and this one")
            texts = []
            async for event in server.events():
                if isinstance(event, cryo.MessageEvent):
                    texts.append(event.message)
                    if event.message == "and this one":
                        break
            self.assertEqual(texts, [*map(str, range(100)), "and this one"])

    async def test_what_nobody_takes_is_bounded(self):
        with mock.patch.object(_aio_kept, "MAX_EVENTS", 50), mock.patch.object(_aio_kept, "MAX_BYTES", 1000):
            async with cryo.aio.Server(port=0, validate=knows_the_token) as server:
                peer = await self.connect(server)
                for number in range(200):
                    await peer.send(str(number))
                await self.until(lambda: getattr(server._kept._events[-1], "message", "") == "199")
                self.assertEqual(len(server._kept._events), 50)
                for number in range(5):
                    await peer.send(bytes(400))
                await self.until(lambda: server._kept._bytes == 800 and len(server._kept._events) == 2)
        (record,) = self.log.records
        self.assertIn("nobody takes", record.getMessage())

    async def test_a_slow_iteration_holds_no_newcomer_up(self):
        async with cryo.aio.Server(port=0, validate=knows_the_token) as server:
            async for event in server.events():
                if isinstance(event, cryo.ListeningEvent):
                    for _ in range(3):
                        await self.connect(server)  # inside of the iteration
                    break
            await self.until(lambda: server.session_count == 3)


PROGRAM = """
import asyncio, cryo.aio
async def main():
    server = cryo.aio.Server(port=0, validate=lambda token: True)
    await server.start()
    client = cryo.aio.Client(f"ws://127.0.0.1:{server.port}", "t")
    await client.start()
    async for event in client.events():
        break
asyncio.run(main())
"""


class EndTest(unittest.TestCase):
    def test_a_program_that_closes_nothing_ends(self):
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=PATIENCE, env=os.environ
        )
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
