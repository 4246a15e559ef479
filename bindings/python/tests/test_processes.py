"""Signals, forks, and processes with a server each."""

import multiprocessing
import os
import signal
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import unittest
import uuid
from pathlib import Path

import cryo

from .support import TOKEN, knows_the_token
from .test_tls import make_certificate

FOLDER = Path(__file__).resolve().parents[1]
PATIENCE = 60  # seconds


def converse(port):
    """A client in this process, its server in whatever process: "echo" comes back."""
    heard = threading.Event()
    client = cryo.Client(f"ws://127.0.0.1:{port}", TOKEN, on_message=lambda _session, message: heard.set())
    client.on_connected(lambda session: session.send("echo"))
    client.start()
    try:
        return heard.wait(PATIENCE)
    finally:
        client.close()


def echo_server(**options):
    return cryo.Server(
        **{"port": 0, **options}, validate=knows_the_token, on_message=lambda session, message: session.send(message)
    )


def leave_abruptly(port, reset):
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with context.wrap_socket(socket.create_connection(("127.0.0.1", port), PATIENCE)) as peer:
        peer.sendall(
            f"GET /?authorization=Bearer%20t&x-cryo-sid={uuid.uuid4()} HTTP/1.1\r\nHost: localhost\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        peer.recv(1)
        if reset:
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def serve_until_told(pipe, told, **options):
    with echo_server(**options) as server:
        pipe.send(server.port)
        told.wait(PATIENCE)


def have_both(result):
    with echo_server() as server:
        result.send(converse(server.port))


@unittest.skipIf(os.environ.get("CRYO_SANITIZE"), "a sanitizer's allocator may be locked in a child")
class Forks(unittest.TestCase):
    """A child has nothing of its parent's threads."""

    def setUp(self):
        self.server = echo_server()
        self.server.start()
        self.addCleanup(self.server.close)
        self.client = cryo.Client(f"ws://127.0.0.1:{self.server.port}", TOKEN)
        self.client.start()
        self.addCleanup(self.client.close)

    def in_child(self, work):
        """What work() leaves as exit status of a child; sys.exit and the like end it as they do a program."""
        pid = os.fork()
        if pid == 0:
            signal.alarm(PATIENCE)  # a hang is an end by a signal
            status = 1
            try:
                status = work()
            finally:
                os._exit(status)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

    def test_what_is_the_parents_is_told(self):
        def work():
            try:
                self.client.session.send("lost")
            except cryo.StateError as error:
                assert "forked" in str(error)
                self.server.stop()
                self.server.close()
                self.client.close()
                return 0
            return 2

        self.assertEqual(self.in_child(work), 0)
        self.assertTrue(converse(self.server.port))

    def test_a_child_begins_anew(self):
        def work():
            with echo_server() as server:
                return 0 if converse(server.port) and converse(self.server.port) else 2

        self.assertEqual(self.in_child(work), 0)

    def test_a_process_of_multiprocessing(self):
        fork = multiprocessing.get_context("fork")
        for _ in range(3):
            ours, theirs = fork.Pipe()
            process = fork.Process(target=have_both, args=(theirs,))
            process.start()
            self.assertTrue(ours.poll(PATIENCE) and ours.recv())
            process.join(PATIENCE)
            self.assertEqual(process.exitcode, 0)
        self.assertTrue(converse(self.server.port))

    def test_a_pool_of_multiprocessing(self):
        with multiprocessing.get_context("fork").Pool(2) as pool:
            self.assertEqual(pool.map(converse, [self.server.port] * 4), [True] * 4)

    def test_servers_before_and_after_a_fork(self):
        fork = multiprocessing.get_context("fork")
        told = fork.Event()
        workers = []
        for _ in range(3):
            ours, theirs = fork.Pipe()
            workers.append((fork.Process(target=serve_until_told, args=(theirs, told)), ours))
            workers[-1][0].start()
        for _, ours in workers:
            self.assertTrue(ours.poll(PATIENCE))
            self.assertTrue(converse(ours.recv()))
        told.set()
        for process, _ in workers:
            process.join(PATIENCE)
            self.assertEqual(process.exitcode, 0)


    def test_servers_at_one_port(self):
        fork = multiprocessing.get_context("fork")
        told = fork.Event()
        with echo_server(reuse_port=True) as first:
            options = {"port": first.port, "reuse_port": True}
            ours, theirs = fork.Pipe()
            process = fork.Process(target=serve_until_told, args=(theirs, told), kwargs=options)
            process.start()
            self.assertTrue(ours.poll(PATIENCE))
            self.assertEqual(ours.recv(), first.port)
            with self.assertRaises(cryo.AddressError):
                cryo.Server(port=first.port, validate=knows_the_token).start()
        self.assertTrue(converse(options["port"]))  # the other one is still there
        told.set()
        process.join(PATIENCE)
        self.assertEqual(process.exitcode, 0)


class Programs(unittest.TestCase):
    def run_program(self, text):
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(FOLDER), *sys.path])}
        program = subprocess.Popen(
            [sys.executable, "-c", text], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
        )
        self.addCleanup(program.communicate)
        self.addCleanup(program.kill)
        return program

    @unittest.skipIf(os.environ.get("CRYO_SANITIZE"), "a sanitizer's allocator may be locked in a child")
    def test_the_child_of_a_program_ends(self):
        program = self.run_program(
            "import os, sys, cryo\n"
            "server = cryo.Server(port=0, validate=lambda token: True).start()\n"
            "client = cryo.Client(f'ws://127.0.0.1:{server.port}', 't').start()\n"
            "cryo.set_log(cryo.LogLevel.ERROR, lambda level, line: None)\n"
            "pid = os.fork()\n"
            "if pid == 0: sys.exit(7)\n"
            "print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))\n"
        )
        self.assertEqual(program.communicate(timeout=PATIENCE), ("7\n", ""))
        self.assertEqual(program.returncode, 0)

    def test_sigterm_ends_run(self):
        for threads in (0, 1):
            with self.subTest(threads=threads):
                program = self.run_program(
                    "import signal, cryo\n"
                    f"server = cryo.Server(port=0, threads={threads}, validate=lambda token: True)\n"
                    "server.on_listening(lambda host, port: print(port, flush=True))\n"
                    "server.on_session(lambda session: print('here', flush=True))\n"
                    "server.on_closed(lambda session, code, reason: print(code, reason, flush=True))\n"
                    "server.run()\n"
                    "print(signal.getsignal(signal.SIGTERM).name)\n"
                )
                client = cryo.Client(f"ws://127.0.0.1:{program.stdout.readline().strip()}", "t")
                client.start()
                self.assertEqual(program.stdout.readline(), "here\n")
                program.send_signal(signal.SIGTERM)
                out, err = program.communicate(timeout=PATIENCE)
                client.close()
                self.assertEqual((program.returncode, err), (0, ""))
                self.assertEqual(out, "4000 Server shutdown.\nSIG_DFL\n")

    def test_no_peer_that_leaves_ends_a_program(self):
        """SIGPIPE as it is by default, TLS, and clients that are gone before they were written to."""
        with tempfile.TemporaryDirectory() as folder:
            certificate, key = map(str, make_certificate(Path(folder), "server"))
            for threads in (0, 1):
                with self.subTest(threads=threads):
                    program = self.run_program(
                        "import signal, cryo\n"
                        f"server = cryo.Server(port=0, threads={threads}, tls_cert={certificate!r}, tls_key={key!r},"
                        " validate=lambda token: True)\n"
                        "server.on_listening(lambda host, port: print(port, flush=True))\n"
                        "@server.on_session\n"
                        "def flood(session):\n"
                        "    for _ in range(100): session.send(b'x' * 20000)\n"
                        "signal.signal(signal.SIGPIPE, signal.SIG_DFL)\n"
                        "server.run()\n"
                    )
                    port = int(program.stdout.readline())
                    for i in range(30):
                        leave_abruptly(port, reset=i % 2 == 0)
                    self.assertIsNone(program.poll())
                    program.send_signal(signal.SIGTERM)
                    self.assertEqual(program.communicate(timeout=PATIENCE)[1], "")
                    self.assertEqual(program.returncode, 0)

    def test_a_handler_of_the_programs_stays(self):
        program = self.run_program(
            "import signal, cryo\n"
            "server = cryo.Server(port=0, validate=lambda token: True)\n"
            "def mine(number, frame): print('mine', flush=True); server.stop()\n"
            "signal.signal(signal.SIGTERM, mine)\n"
            "server.on_listening(lambda host, port: print(port, flush=True))\n"
            "server.run()\n"
            "print(signal.getsignal(signal.SIGTERM) is mine)\n"
        )
        program.stdout.readline()
        program.send_signal(signal.SIGTERM)
        self.assertEqual(program.communicate(timeout=PATIENCE), ("mine\nTrue\n", ""))
        self.assertEqual(program.returncode, 0)

    def test_run_works_on_any_thread(self):
        server = echo_server()
        thread = threading.Thread(target=server.run)
        thread.start()
        while server.port == 0:
            thread.join(0.001)
        self.assertTrue(converse(server.port))
        server.stop()
        thread.join(PATIENCE)
        self.assertFalse(thread.is_alive())

    def test_signals_reach_python(self):
        """The main thread takes them, whatever threads the library has."""
        with echo_server(threads=4):
            came = threading.Event()
            former = signal.signal(signal.SIGUSR1, lambda number, frame: came.set())
            self.addCleanup(signal.signal, signal.SIGUSR1, former)
            os.kill(os.getpid(), signal.SIGUSR1)
            self.assertTrue(came.wait(PATIENCE))

    def test_waking_a_loop(self):
        loop = cryo.Loop()
        loop.wake()
        loop.run_once(None)
        threading.Timer(0.01, loop.wake).start()
        loop.run_once(None)
        server = echo_server(threads=0)
        with self.assertRaises(cryo.HandleError):
            server.wake()
        server.start()
        for _ in range(10):
            server.wake()
            self.assertTrue(server.run_once(None))
        server.close()
