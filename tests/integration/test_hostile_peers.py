"""Peers that stall, flood, vanish and babble. After each of it a good client is served, and all they took is given back."""

import random
import socket
import ssl
import struct
import threading
import time

from raw_cryo import RawPeer, close_frame, frame, pack, request
from echo_server import client_context
from watched_server import AsyncTestCase, WatchedServer, cryo_peer, scaled


def plain_socket(server):
    return socket.create_connection(("127.0.0.1", server.port), 60)


def ends(peer):
    """Reads to the end of the stream, however it ends."""
    try:
        while peer.recv(65536):
            pass
    except ConnectionError:
        pass


def abort(peer):
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()


class Hostile(AsyncTestCase):
    tls = None
    slack = 24 * 2**20  # bytes that the allocator may keep

    async def asyncSetUp(self):
        await super().asyncSetUp()
        self.server = WatchedServer("--threads", "2", tls=self.tls, log_may_speak=self.tls is not None)
        for _ in range(3):
            await self.server.serves()
        await self.server.until(lambda: len(self.server.closed) == 3)
        self.before = None
        self.server.poll(self._idle, lambda: "connections of good clients stay")
        self.before = self.server.taken()

    def _idle(self):
        """As many descriptors as were there when last looked."""
        now = self.server.descriptors()
        same, self.before = now == self.before, now
        return same

    async def asyncTearDown(self):
        failed = self._outcome.result.failures + self._outcome.result.errors
        if not any(test is self for test, _ in failed):
            await self.server.serves()
            self.server.back_to(self.before, self.slack)
        self.server.__exit__(None)


class Heads(Hostile):
    async def test_slow_heads_are_dropped(self):
        peers = [plain_socket(self.server) for _ in range(scaled(100))]
        began = time.monotonic()
        for peer in peers:
            peer.sendall(b"GET / HTTP/1.1\r\nHost:")
        await self.server.serves()
        for peer in peers:
            ends(peer)
            peer.close()
        self.assertGreater(time.monotonic() - began, 4)
        self.assertLess(time.monotonic() - began, 30)

    async def test_giant_heads(self):
        for data in (b"GET /" + b"x" * 200000, b"\r\n" * 100000, b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 50000, b"\0" * 300000):
            with plain_socket(self.server) as peer:
                try:
                    peer.sendall(data)
                except ConnectionError:
                    pass
                ends(peer)

    async def test_tls_to_a_plain_port(self):
        context = ssl.create_default_context()
        for _ in range(scaled(20)):
            with plain_socket(self.server) as peer, self.assertRaises((ssl.SSLError, ConnectionError)):
                context.wrap_socket(peer, server_hostname="localhost")

    async def test_gone_before_the_head_is_whole(self):
        head = request(RawPeer(self.server, upgrade=False).query)
        for size in range(0, len(head), 7):
            for end in (abort, socket.socket.close):
                peer = plain_socket(self.server)
                peer.sendall(head[:size])
                end(peer)


class TlsHeads(Hostile):
    tls = "ec"

    async def test_no_tls_at_all(self):
        for data in (request(""), b"\x16\x03\x01\xff\xff" + b"\x00" * 1000, b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00", bytes(range(256)) * 80):
            for _ in range(scaled(10)):
                with plain_socket(self.server) as peer:
                    try:
                        peer.sendall(data)
                        peer.shutdown(socket.SHUT_WR)
                    except OSError:
                        pass
                    ends(peer)

    async def test_handshakes_that_are_not_finished(self):
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        hello = client_context(self.server).wrap_bio(incoming, outgoing, server_hostname="localhost")
        with self.assertRaises(ssl.SSLWantReadError):
            hello.do_handshake()
        data = outgoing.read()
        waiting = []
        for size in range(0, len(data) + 1, 40):
            peer = plain_socket(self.server)
            peer.sendall(data[:size])
            if size % 80:
                abort(peer)
            else:
                waiting.append(peer)
        await self.server.serves()
        for peer in waiting:
            ends(peer)
            peer.close()


class Connections(Hostile):
    async def test_a_thousand_that_do_nothing(self):
        peers = [plain_socket(self.server) for _ in range(scaled(1000))]
        await self.server.serves()
        for peer in peers:
            peer.close()

    async def test_half_open_sessions(self):
        """They close their sending side and stay."""
        peers = [RawPeer(self.server).announce() for _ in range(scaled(50))]
        for peer in peers:
            peer.socket.shutdown(socket.SHUT_WR)
        await self.server.until(lambda: all(self.server.closed_of(peer.sid) for peer in peers))
        for peer in peers:
            self.assertEqual(self.server.closed_of(peer.sid), [(1006, "")])
            ends(peer.socket)
            peer.socket.close()

    async def test_resets_at_each_stage(self):
        for stage in range(6):
            for _ in range(scaled(20)):
                peer = RawPeer(self.server, upgrade=stage >= 1)
                if stage == 0:
                    peer.send(request(peer.query))
                if stage >= 2:
                    peer.announce()
                if stage == 3:
                    peer.send(frame(2, pack(peer.sid, 0, cryo_peer.BINARYDATA, b"x" * 100000))[:50000])
                if stage == 4:
                    peer.send(frame(2, pack(peer.sid, 0, cryo_peer.BINARYDATA, b"x" * 100000)) * 5)
                if stage == 5:
                    peer.send(close_frame(4000))
                abort(peer.socket)
        await self.server.until(lambda: len(self.server.closed) == self.server.sessions.total())


class Floods(Hostile):
    # Each service thread keeps freed memory for the next flood: up to 32 MiB after one, and no more after eight.
    slack = 96 * 2**20

    async def test_sending_and_never_reading(self):
        """The answers to it are bounded, and so is what the server holds; others do not feel it, and the log is told once."""
        self.server.log_may_speak = True
        for _ in range(3):  # what leaked would add up
            self.server.log.truncate(0)
            await self.flood_for(2)

    async def flood_for(self, seconds):
        peers = [RawPeer(self.server, receive_buffer=4096) for _ in range(4)]
        stop = threading.Event()
        sent = [0] * len(peers)

        def flood(at):
            peer = peers[at]
            payload = (b"x" * 20, b"y" * 60000, b"")[at % 3]
            block = frame(2, pack(peer.sid, 0, cryo_peer.BINARYDATA, payload)) * (200 if len(payload) < 100 else 2)
            if at == 3:
                block = frame(9, b"z" * 100) * 500
            peer.socket.settimeout(0.5)
            while not stop.is_set():
                try:
                    sent[at] += peer.socket.send(block)
                except TimeoutError:
                    continue
                except ConnectionError:
                    return

        threads = [threading.Thread(target=flood, args=(at,)) for at in range(len(peers))]
        for thread in threads:
            thread.start()
        peak = 0
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            await self.server.serves()  # in between, all the time
            peak = max(peak, self.server.memory())
        stop.set()
        for thread, peer in zip(threads, peers):
            thread.join()
            abort(peer.socket)
        # For each the queue (8 MiB), the high-water mark (16 MiB) and what the kernel took; not what they sent.
        self.assertLess(peak - self.before[2], 160 * 2**20 * (3 if self.server.tls or scaled(10) == 1 else 1), sent)
        await self.server.until(lambda: len(self.server.closed) == self.server.sessions.total())
        lines = self.server.log_text().splitlines()
        self.assertLessEqual(len(lines), len(peers), lines[:9])
        for line in lines:
            self.assertIn("takes less than it is sent", line)

    async def test_random_bytes(self):
        for seed in range(scaled(300)):
            chance = random.Random(seed)
            with RawPeer(self.server, upgrade=False) as peer:
                data = chance.randbytes(chance.randrange(1, 3000))
                try:
                    if seed % 3 == 1:
                        peer.upgrade(data)
                    elif seed % 3 == 2:
                        head = bytearray(request(peer.query))
                        for _ in range(chance.randrange(1, 5)):
                            head[chance.randrange(len(head))] = chance.randrange(256)
                        peer.send(bytes(head))
                    else:
                        peer.send(data)
                    peer.socket.shutdown(socket.SHUT_WR)
                except OSError:
                    pass
                ends(peer.socket)

    async def test_random_frames(self):
        for seed in range(scaled(200)):
            chance = random.Random(seed)
            with RawPeer(self.server) as peer:
                data = b""
                for _ in range(chance.randrange(1, 40)):
                    payload = chance.choice([chance.randbytes(chance.randrange(200)), b"ping", b"null", b""])
                    content = pack(peer.sid, chance.randrange(2**32), chance.randrange(10), payload)
                    data += frame(chance.choice([2, 2, 2, 2, 2, 0, 9, 10]), content[:125], fin=chance.random() < 0.9)
                try:
                    peer.send(data)
                    peer.socket.shutdown(socket.SHUT_WR)
                except OSError:
                    pass
                ends(peer.socket)
        await self.server.until(lambda: len(self.server.closed) == self.server.sessions.total())


if __name__ == "__main__":
    import unittest

    unittest.main()
