"""Which threads the functions of servers and clients run on, and what stays with these."""

import asyncio
import os
import subprocess
import sys
import threading
import unittest

import cryo

from .peer import PATIENCE
from .support import ServerTest, TOKEN, knows_the_token


class Seen:
    """Counts the calls on each thread in what Python keeps of that thread: it is gone where that is made anew."""

    def __init__(self, wanted):
        self._local = threading.local()
        self._wanted = wanted
        self.enough = threading.Event()
        self.threads = {}
        self._most = {}

    def __call__(self, session, message):
        self._local.count = getattr(self._local, "count", 0) + 1
        ident = threading.get_ident()
        self.threads[ident] = threading.current_thread()
        self._most[ident] = max(self._most.get(ident, 0), self._local.count)
        if sum(self._most.values()) >= self._wanted:
            self.enough.set()


def threads_of(name):
    return [thread for thread in threading.enumerate() if thread.name == name]


class ServerThreadTest(ServerTest):
    async def test_one_thread_is_pythons_and_keeps_its_state(self):
        seen = Seen(100)
        server = self.serve()
        server.on_message(seen)
        peer = await self.connect(server)
        for number in range(100):
            await peer.send(str(number))
        self.assertTrue(await self.in_thread(seen.enough.wait, PATIENCE))
        (thread,) = seen.threads.values()
        self.assertEqual(thread.name, "cryo-server")
        self.assertIn(thread, threading.enumerate())
        self.assertTrue(thread.daemon)
        await self.in_thread(server.close)
        self.assertFalse(thread.is_alive())

    async def test_several_threads_keep_their_state(self):
        seen = Seen(300)
        server = self.serve(threads=3)
        server.on_message(seen)
        peers = [await self.connect(server) for _ in range(6)]
        for number in range(50):
            for peer in peers:
                await peer.send(str(number))
        self.assertTrue(await self.in_thread(seen.enough.wait, PATIENCE))
        self.assertEqual(len(seen.threads), 3)

    async def test_waiting(self):
        server = self.serve()
        self.assertFalse(server.wait(0))
        told = []

        def stop_here(session, message):
            try:
                server.wait()
            except cryo.StateError as error:
                told.append(error)
            server.stop()

        server.on_message(stop_here)
        peer = await self.connect(server)
        await peer.send("stop")
        self.assertTrue(await self.in_thread(server.wait))
        self.assertEqual(len(told), 1)
        self.assertTrue(server.wait())
        self.assertTrue(server.wait(0))

    async def test_its_loop_is_not_to_be_run(self):
        server = self.serve()
        for call in (server.run_once, server.fileno, server.timeout):
            with self.assertRaises(cryo.StateError):
                call()

    async def test_no_thread_is_left(self):
        for _ in range(20):
            server = cryo.Server(port=0, validate=knows_the_token).start()
            self.assertEqual(len(threads_of("cryo-server")), 1)
            await self.in_thread(server.close)
            self.assertEqual(threads_of("cryo-server"), [])

    async def test_a_failed_start_leaves_none(self):
        first = self.serve()
        second = cryo.Server(port=first.port, validate=knows_the_token)
        with self.assertRaises(cryo.AddressError):
            second.start()
        self.assertEqual(len(threads_of("cryo-server")), 1)
        first.close()
        second.start()  # it can be tried again
        await self.in_thread(second.close)


class ClientThreadTest(ServerTest):
    async def test_clients_share_a_thread_that_keeps_its_state(self):
        server = self.serve()
        seen = Seen(3 * 50)
        clients = [cryo.Client(f"ws://127.0.0.1:{server.port}", TOKEN, on_message=seen).start() for _ in range(3)]
        for _ in clients:
            (session,) = await self.events.next_of("session")
            for number in range(50):
                session.send(str(number))
        self.assertTrue(await self.in_thread(seen.enough.wait, PATIENCE))
        (thread,) = seen.threads.values()
        self.assertEqual(thread.name, "cryo-clients")
        for client in clients:
            self.assertTrue(thread.is_alive())
            await self.in_thread(client.close)
        await self.in_thread(thread.join, PATIENCE)
        self.assertFalse(thread.is_alive())  # with the last of them
        again = cryo.Client(f"ws://127.0.0.1:{server.port}", TOKEN).start()
        await self.events.next_of("session")
        await self.in_thread(again.close)

    async def test_waiting_inside_of_a_callback(self):
        server = self.serve()
        told = asyncio.Queue()
        loop = asyncio.get_running_loop()

        def connected(session):
            for each in (client, other):
                try:
                    each.wait()
                except cryo.StateError as error:
                    loop.call_soon_threadsafe(told.put_nowait, error)
            client.close()  # only begins to

        other = cryo.Client(f"ws://127.0.0.1:{server.port}", TOKEN)
        client = cryo.Client(f"ws://127.0.0.1:{server.port}", TOKEN, on_connected=connected)
        other.start()
        client.start()
        for _ in range(2):
            self.assertIsInstance(await asyncio.wait_for(told.get(), PATIENCE), cryo.StateError)
        self.assertTrue(await self.in_thread(client.wait, PATIENCE))
        await self.in_thread(other.close)

    async def test_one_that_never_connects(self):
        client = cryo.Client("ws://127.0.0.1:1", TOKEN, reconnect_attempts=0).start()
        self.assertTrue(await self.in_thread(client.wait, PATIENCE))
        await self.in_thread(client.close)

    async def test_a_failed_start_leaves_no_member(self):
        client = cryo.Client("wss://127.0.0.1:1", TOKEN, tls_ca="/nonexistent")
        for _ in range(2):
            with self.assertRaises(cryo.Error):
                client.start()
        server = self.serve()
        other = cryo.Client(f"ws://127.0.0.1:{server.port}", TOKEN).start()
        await self.events.next_of("session")
        await self.in_thread(other.close)


PROGRAM = """
import cryo
server = cryo.Server(port=0, validate=lambda token: True).start()
said = []
client = cryo.Client(f"ws://127.0.0.1:{server.port}", "t", on_connected=lambda session: said.append(1)).start()
while not said:
    pass
print("running")
"""


class EndTest(unittest.TestCase):
    def test_a_program_ends_while_they_run(self):
        done = subprocess.run(
            [sys.executable, "-X", "dev", "-c", PROGRAM], capture_output=True, text=True, timeout=PATIENCE, env=os.environ
        )
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "running\n", ""))
