"""The echo server under clients that stop, vanish, or are many: bounded memory, no spinning, nothing lost."""

import os
import select
import socket
import struct
import time
import unittest

from echo_server import BINARY, CONTINUATION, PING, PONG, TEXT, Client, Server, close_frame, frame

MEGABYTE = 1 << 20
# With a sanitizer the memory and the time are the sanitizer's.
MEASURED = os.environ.get("CRYO_SANITIZE", "") == ""


class Load(unittest.TestCase):
    def setUp(self):
        self.server = Server("--max-message", str(MEGABYTE))

    def tearDown(self):
        status, errors = self.server.stop()
        self.assertEqual((status, errors), (0, ""))

    def witness(self):
        """A client that stays, and knows how many descriptors there are with it alone."""
        client = Client(self.server)
        self.addCleanup(client.socket.close)
        client.send(frame(TEXT, b"warm"))
        client.read_frame()
        client.descriptors = self.server.descriptors()
        return client

    def wait_until_only(self, witness, seconds=30):
        """Until all others are gone. Each echo is a turn that the server has had."""
        limit = time.monotonic() + seconds
        while self.server.descriptors() > witness.descriptors:
            self.assertLess(time.monotonic(), limit, "descriptors are kept")
            witness.send(frame(TEXT, b"a turn"))
            self.assertEqual(witness.read_frame(), (TEXT, b"a turn"))

    def test_reader_that_stops(self):
        """The server stops reading it, holds a bounded amount, does not spin, and loses nothing."""
        message = frame(BINARY, bytes(range(256)) * 256)
        payload = bytes(range(256)) * 256
        before = self.server.memory()
        with Client(self.server, receive_buffer=4096) as client:
            client.socket.setblocking(False)
            data = message * 8
            sent = 0
            while select.select([], [client.socket], [], 0.5)[1]:
                sent += client.socket.send(data[sent % len(message) :])
                self.assertLess(sent, 200 * MEGABYTE)
            spent = self.server.cpu_seconds()
            self.assertFalse(select.select([], [client.socket], [], 1)[1], "it reads on")
            if MEASURED:
                self.assertLess(self.server.cpu_seconds() - spent, 0.05)
                self.assertLess(self.server.memory() - before, 20 * MEGABYTE)
            client.socket.settimeout(30)
            whole, rest = divmod(sent, len(message))
            for i in range(whole):
                self.assertEqual(client.read_frame(), (BINARY, payload))
            if rest:
                client.send(message[rest:])
                self.assertEqual(client.read_frame(), (BINARY, payload))
            client.send(close_frame(1000))
            self.assertEqual(client.read_close(), 1000)

    def test_still_read_while_choked(self):
        """Output that waits does not keep the server from reading: pings are answered in their turn."""
        with Client(self.server, receive_buffer=4096) as client:
            for i in range(4):
                client.send(frame(BINARY, b"x" * (MEGABYTE // 2)) + frame(PING, str(i).encode()))
            for i in range(4):
                self.assertEqual(client.read_frame()[0], BINARY)
                self.assertEqual(client.read_frame(), (PONG, str(i).encode()))

    def test_thousand_connections(self):
        """Each is served, an idle one costs little, and all are gone with their clients."""
        witness = self.witness()
        before = self.server.memory()
        clients = [Client(self.server) for _ in range(1000)]
        for i, client in enumerate(clients):
            client.send(frame(TEXT, str(i).encode()))
        for i, client in enumerate(clients):
            self.assertEqual(client.read_frame(), (TEXT, str(i).encode()))
        if MEASURED:
            self.assertLess((self.server.memory() - before) / 1000, 4096)
        spent = self.server.cpu_seconds()
        all_of_them = select.poll()
        for client in clients:
            all_of_them.register(client.socket, select.POLLIN)
        self.assertEqual(all_of_them.poll(500), [], "something is said to who says nothing")
        if MEASURED:
            self.assertLess(self.server.cpu_seconds() - spent, 0.05)
        for i, client in enumerate(clients):
            if i % 3 == 0:
                client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            elif i % 3 == 1:
                client.send(close_frame(1001))
            client.socket.close()
        self.wait_until_only(witness)

    def test_end_in_the_middle(self):
        """FIN and RST inside a frame, a fragment, a header, and the request."""
        witness = self.witness()
        for data in (b"", frame(BINARY, b"x" * 1000)[:1], frame(BINARY, b"x" * 1000)[:500],
                     frame(TEXT, b"abc", fin=False), frame(TEXT, b"abc", fin=False) + frame(CONTINUATION, b"d")[:3]):
            for reset in (False, True):
                for upgrade in (True, False):
                    client = Client(self.server, upgrade=upgrade)
                    client.send(data if upgrade else Client.request()[: len(data) % 100])
                    if reset:
                        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    client.socket.close()
        client = Client(self.server)
        client.send(frame(BINARY, b"x" * 1000)[:500])
        client.socket.shutdown(socket.SHUT_WR)  # half-open: the server ends too
        self.assertEqual(client.socket.recv(1), b"")
        client.socket.close()
        self.wait_until_only(witness)

    def test_close_frame_and_end_together(self):
        """A client that closes and shuts down at once still gets its answer."""
        for _ in range(20):
            with Client(self.server) as client:
                client.send(close_frame(4000))
                client.socket.shutdown(socket.SHUT_WR)
                self.assertEqual(client.read_close(), 4000)

    def test_declared_lengths_cost_no_memory(self):
        before = self.server.memory()
        clients = [Client(self.server) for _ in range(100)]
        for client in clients:
            client.send(frame(BINARY, b"", declared=MEGABYTE))
        for client in clients:
            client.send(b"x")
        with Client(self.server) as last:
            last.send(frame(TEXT, b"done"))
            self.assertEqual(last.read_frame(), (TEXT, b"done"))
        if MEASURED:
            self.assertLess(self.server.memory() - before, 16 * MEGABYTE)
        for client in clients:
            client.socket.close()

    def test_silent_connections_are_dropped(self):
        with Client(self.server, upgrade=False) as silent, Client(self.server, upgrade=False) as slow:
            slow.send(b"GET / HTTP/1.1\r\n")
            begin = time.monotonic()
            silent.socket.settimeout(20)
            for client in (silent, slow):
                try:
                    self.assertEqual(client.socket.recv(1), b"")
                except ConnectionResetError:
                    pass
            self.assertGreater(time.monotonic() - begin, 9)

    def test_ends_with_clients_connected(self):
        clients = [Client(self.server) for _ in range(10)]
        clients[0].send(frame(BINARY, b"half", declared=1000))
        status, errors = self.server.stop()
        self.assertEqual((status, errors), (0, ""))
        for client in clients:
            try:
                self.assertEqual(client.socket.recv(1), b"")
            except ConnectionResetError:
                pass
            client.socket.close()


if __name__ == "__main__":
    unittest.main()
