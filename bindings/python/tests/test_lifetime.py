"""Nothing leaks, and nothing crashes: closing at odd moments, threads=0, and the end of the program."""

import asyncio
import contextlib
import os
import select
import signal
import subprocess
import sys
import threading
import time
import unittest
import weakref
from pathlib import Path

import cryo
from cryo import _callbacks

from .peer import Refused, websockets
from .support import ServerTest

FOLDER = Path(__file__).resolve().parents[1]


class LeakTest(ServerTest):
    async def test_sessions_go_when_they_are_closed_and_not_held(self):
        server = self.serve()
        watched = []
        for _ in range(20):
            peer, session = await self.meet(server)
            session["self"] = session  # a cycle
            watched.append(weakref.ref(session))
            self.assertEqual(server.sessions, [session])
            del session
            await peer.close()
            await self.events.next_of("closed")
        await self.until(lambda: not any(reference() for reference in watched))

    async def test_a_closed_server_goes(self):
        server = self.serve()
        await self.meet(server)
        watched = weakref.ref(server)
        await self.in_thread(server.close)
        self._cleanups.clear()  # they hold the server
        del server, self.events
        await self.until(lambda: watched() is None)
        self.assertFalse(_callbacks.any_registered())

    async def test_a_server_that_was_never_started_goes(self):
        server = self.make()
        watched = weakref.ref(server)
        self._cleanups.clear()
        del server
        await self.until(lambda: watched() is None)
        self.assertFalse(_callbacks.any_registered())

    async def test_a_server_that_could_not_be_started_goes(self):
        first = self.serve()
        server = self.make(port=first.port)
        with self.assertRaises(cryo.AddressError):
            server.start()
        await self.in_thread(first.close)
        self.assertFalse(_callbacks.any_registered())

    async def test_a_session_that_is_held_outlives_its_server(self):
        server = self.serve()
        _, session = await self.meet(server)
        await self.in_thread(server.close)
        await self.events.next_of("closed")
        identity = session.id
        watched = weakref.ref(session)
        self.assertEqual(session.id, identity)
        self.assertFalse(session.is_open)
        del session, self.events
        await self.until(lambda: watched() is None)

    async def test_tickets_go(self):
        tickets = []
        server = self.serve(authorize=lambda auth: tickets.append(weakref.ref(auth)) or True)
        for _ in range(10):
            await (await self.connect(server)).close()
        await self.until(lambda: len(tickets) == 10 and not any(ticket() for ticket in tickets))


class CloseTest(ServerTest):
    async def test_closing_inside_every_callback(self):
        for event in ("on_listening", "on_session", "on_message", "on_closed", "on_stat"):
            with self.subTest(event):
                server = self.make(keepalive_ms=500)
                closed = threading.Event()

                def close(*_, server=server, closed=closed):
                    server.close()
                    closed.set()

                getattr(server, event)(close)
                server.start()
                if event != "on_listening":
                    peer = await self.connect(server)
                    if event != "on_session":
                        await self.events.next_of("session")
                    with contextlib.suppress(websockets.ConnectionClosed):  # it may be over already
                        await peer.send("x")
                    if event == "on_closed":
                        await peer.close()
                    else:
                        await peer.closed()
                self.assertTrue(await self.in_thread(closed.wait, 15))
                await self.until(lambda: not _callbacks.any_registered())

    async def test_closing_inside_the_validator(self):
        server = self.make()

        @server.validate
        def leave(token):
            server.close()
            return True

        server.start()
        try:
            peer = await self.connect(server)
        except Refused as refused:
            self.assertEqual(refused.status, 503)
        except (OSError, websockets.InvalidMessage):
            pass  # the server was gone before it answered
        else:
            self.assertEqual((await peer.closed())[0], 4000)
        await self.until(lambda: not _callbacks.any_registered())

    async def test_many_threads_close_at_once(self):
        server = self.serve()
        peer, _ = await self.meet(server)
        threads = [threading.Thread(target=server.close) for _ in range(8)]
        for thread in threads:
            thread.start()
        self.assertEqual((await peer.closed())[0], 4000)
        for thread in threads:
            await self.in_thread(thread.join)
        self.assertEqual((server.session_count, server.sessions), (0, []))
        self.assertIsNone(server.find("12345678-1234-1234-1234-123456789abc"))
        server.stop()
        self.assertTrue(server.wait())

    async def test_a_server_is_started_once(self):
        server = self.serve()
        with self.assertRaises(cryo.StateError):
            server.start()
        await self.in_thread(server.close)
        with self.assertRaises(cryo.StateError):
            server.start()

    async def test_before_the_start(self):
        server = self.make()
        server.stop()
        server.close()
        with self.assertRaises(cryo.StateError):
            server.wait()
        with self.assertRaises(cryo.StateError):
            server.run_once()
        self.assertEqual((server.port, server.session_count, server.sessions), (0, 0, []))

    async def test_waiting(self):
        server = self.serve()
        self.assertFalse(server.wait(0))
        self.assertFalse(server.wait(0.01))
        server.stop()
        self.assertTrue(await self.in_thread(server.wait))

    async def test_a_with_statement_closes(self):
        with self.make() as server:
            peer, session = await self.meet(server)
            task = asyncio.ensure_future(peer.closed())
            await self.in_thread(server.close)
        self.assertEqual((await task)[0], 4000)
        self.assertFalse(session.is_open)

    async def test_run_ends_when_it_is_stopped(self):
        server = self.make()
        running = asyncio.ensure_future(self.in_thread(server.run))
        await self.events.next_of("listening")
        server.stop()
        await running
        self.assertIn("closed", repr(server))


class OwnThreadTest(ServerTest):
    """threads=0"""

    async def test_everything_happens_in_run_once(self):
        server = self.make(threads=0)
        names = set()
        server.on_message(lambda session, message: names.add(threading.get_ident()) or session.send(message))
        server.start()
        stop = threading.Event()

        def drive():
            names.add(threading.get_ident())
            while not stop.is_set():
                server.run_once(0.05)

        driver = threading.Thread(target=drive)
        driver.start()
        peer = await self.connect(server)
        await peer.send("x")
        self.assertEqual(await peer.message(), "x")
        await peer.close()
        stop.set()
        await self.in_thread(driver.join)
        self.assertEqual(len(names), 1)

    async def test_in_another_event_loop(self):
        server = self.make(threads=0)
        server.on_message(lambda session, message: session.send(message))
        server.start()
        loop, timer = asyncio.get_running_loop(), None

        def turn():
            nonlocal timer
            if timer is not None:
                timer.cancel()
            server.run_once(0)
            seconds = server.timeout()
            timer = None if seconds is None else loop.call_later(seconds, turn)

        loop.add_reader(server.fileno(), turn)
        turn()
        peer = await self.connect(server)
        await peer.send("x")
        self.assertEqual(await peer.message(), "x")
        await peer.close()
        loop.remove_reader(server.fileno())
        if timer is not None:
            timer.cancel()

    async def test_it_ends_when_it_has_stopped(self):
        server = self.make(threads=0).start()
        self.assertTrue(server.run_once(0))
        server.stop()
        deadline = time.monotonic() + 15
        while server.run_once(0.05):
            self.assertLess(time.monotonic(), deadline)
        self.assertFalse(server.run_once(0))
        server.close()
        self.assertFalse(server.run_once(0))

    async def test_closing_runs_the_last_callbacks(self):
        server = self.make(threads=0).start()
        connecting = asyncio.ensure_future(self.connect(server))
        while not connecting.done() or not server.session_count:
            server.run_once(0)
            await asyncio.sleep(0)
        answering = asyncio.ensure_future(connecting.result().closed())
        await self.in_thread(server.close)
        self.assertEqual((await answering)[0], 4000)
        self.assertEqual((await self.events.next_of("closed"))[1], 4000)

    async def test_interrupts_go_to_the_caller(self):
        for kind in (KeyboardInterrupt, SystemExit):
            server = self.make(threads=0)

            def interrupt(*_, kind=kind):
                raise kind

            server.on_listening(interrupt)
            with self.assertRaises(kind):
                server.start()
                for _ in range(100):
                    server.run_once(0.01)

    async def test_a_server_with_threads_has_neither(self):
        server = self.serve()
        for call in (server.run_once, server.fileno, server.timeout):
            with self.assertRaises(cryo.StateError):
                call()

    async def test_the_descriptor_tells_when_there_is_something_to_do(self):
        server = self.make(threads=0).start()
        while server.timeout() == 0 or select.select([server.fileno()], [], [], 0)[0]:
            server.run_once(0)
        connecting = asyncio.ensure_future(self.connect(server))
        await self.in_thread(lambda: self.assertTrue(select.select([server.fileno()], [], [], 15)[0]))
        while not connecting.done():
            server.run_once(0)
            await asyncio.sleep(0)
        connecting.result().websocket.transport.abort()  # nobody answers it any more


class ExitTest(unittest.TestCase):
    """The end of the program, in a program of its own."""

    def run_program(self, lines, send=None):
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(FOLDER), *sys.path])}
        program = subprocess.Popen(
            [sys.executable, "-X", "faulthandler", "-c", "import cryo, sys\n" + lines],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )
        with program:
            if send is not None:
                self.assertEqual(program.stdout.readline(), "ready\n")
                program.send_signal(send)
            out, err = program.communicate(timeout=60)
        return program.returncode, out, err

    @unittest.skipUnless(os.path.isdir("/proc/self/fd"), "the system does not list descriptors")
    def test_no_descriptor_is_left_behind_the_last_client(self):
        lines = """
import os

def descriptors_behind_one():
    with cryo.Client("ws://127.0.0.1:1", "t", reconnect_attempts=0) as client:
        client.wait(30)
    return len(os.listdir("/proc/self/fd"))

first = descriptors_behind_one()
print([count for count in (descriptors_behind_one() for _ in range(20)) if count != first])
"""
        self.assertEqual(self.run_program(lines), (0, "[]\n", ""))

    def test_a_running_server_does_not_hold_up_or_crash_the_exit(self):
        code, _, err = self.run_program("server = cryo.Server(port=0, validate=lambda token: True).start()")
        self.assertEqual((code, err), (0, ""))

    def test_a_server_without_a_name(self):
        code, _, err = self.run_program(
            "cryo.QueueServer(port=0).start(); cryo.Server(port=0, validate=bool).start()"
        )
        self.assertEqual((code, err), (0, ""))

    def test_a_server_with_threads_0(self):
        lines = "server = cryo.Server(port=0, threads=0, validate=bool).start(); server.run_once(0)"
        self.assertEqual(self.run_program(lines)[::2], (0, ""))

    def test_a_log_function(self):
        lines = (
            "cryo.set_log(cryo.LogLevel.DEBUG, lambda *_: None); cryo.Server(port=0, validate=bool).start()"
        )
        before = time.monotonic()
        self.assertEqual(self.run_program(lines)[::2], (0, ""))
        self.assertLess(time.monotonic() - before, 5, "the exit waited for what never came")

    def test_leaving_by_an_exception(self):
        code, _, err = self.run_program(
            "cryo.Server(port=0, validate=bool).start(); raise ValueError('gone')"
        )
        self.assertEqual(code, 1)
        self.assertIn("ValueError: gone", err)

    def test_connected_sessions_at_the_exit(self):
        lines = """
import asyncio, os, threading
from tests.peer import connect
five = threading.Semaphore(0)
server = cryo.Server(port=0, threads=2, validate=lambda token: True)
server.on_session(lambda session: five.release())
server.on_closed(lambda session, code, reason: os.write(1, b"%d %s\\n" % (code, reason.encode())))
server.start()
async def talk():
    peers = [await connect(server.port) for _ in range(5)]
    await asyncio.gather(*(peer.closed() for peer in peers))
threading.Thread(target=lambda: asyncio.run(talk()), daemon=True).start()
for _ in range(5):
    five.acquire()
"""
        code, out, err = self.run_program(lines)
        self.assertEqual((code, err), (0, ""))
        self.assertEqual(out.splitlines(), ["4000 Server shutdown."] * 5)

    def test_closing_in_a_callback_and_leaving(self):
        lines = """
server = cryo.Server(port=0, validate=bool)
server.on_listening(lambda *_: server.close())
server.start()
"""
        self.assertEqual(self.run_program(lines)[::2], (0, ""))

    def test_ctrl_c_ends_run(self):
        for threads in (0, 1):
            lines = f"""
server = cryo.Server(port=0, threads={threads}, validate=lambda token: True)
server.on_listening(lambda host, port: print("ready", flush=True))
server.run()
print("went on")
"""
            code, out, err = self.run_program(lines, send=signal.SIGINT)
            self.assertEqual((code, out, err), (0, "went on\n", ""))

    def test_ctrl_c_ends_asyncio(self):
        lines = """
import asyncio, cryo.aio
server = cryo.aio.Server(port=0, validate=lambda token: True)
server.on_listening(lambda host, port: print("ready", flush=True))
try:
    asyncio.run(server.serve())
except KeyboardInterrupt:
    print("interrupted")
"""
        code, out, err = self.run_program(lines, send=signal.SIGINT)
        self.assertEqual((code, out), (0, "interrupted\n"))
        if sys.version_info >= (3, 11):  # before, asyncio reports the interrupt on the way
            self.assertEqual(err, "")

    def test_sigterm_as_the_readme_says(self):
        lines = """
import signal
server = cryo.Server(port=0, validate=lambda token: True)
signal.signal(signal.SIGTERM, lambda *_: server.stop())
server.on_listening(lambda host, port: print("ready", flush=True))
server.run()
"""
        self.assertEqual(self.run_program(lines, send=signal.SIGTERM)[::2], (0, ""))


if __name__ == "__main__":
    unittest.main()
