"""Conversations with `cryo serve`: whatever is sent comes back whole, in order, numbered and acknowledged."""

import asyncio
import base64
import itertools
import socket
import ssl
import unittest

from conversation import Counted, converse, in_pieces
from raw_cryo import RawPeer, frame
from watched_server import AsyncTestCase, WatchedServer, cryo_peer, scaled

MAX_PAYLOAD = 16 * 2**20 - 21  # the limit is for the whole WebSocket message


class Payloads(AsyncTestCase):
    async def test_every_size(self):
        sizes = [0, 1, 2, 100, 103, 104, 105, 106, 125, 126, 127, 4096, 65513, 65514, 65515, 65536, 2**20 + 1]
        sizes += [scaled(MAX_PAYLOAD, 8), scaled(2**23, 8)]
        for tls in (None, "ec"):
            with WatchedServer(tls=tls) as server:
                async with Counted(await server.connect()) as peer:
                    for size in sizes:
                        payload = (bytes(range(251)) * (size // 251 + 1))[:size]
                        await converse(peer, [payload])
                    for size in sizes[:-2]:
                        await converse(peer, ["\u00fc" * (size // 2) + "x" * (size % 2)])

    async def test_texts_arrive_as_they_are(self):
        texts = [
            "", "null", "\0", "trailing NULs\0\0\0", "\0\0leading", "\u00e4\u00f6\u00fc", "\u20ac", "\U0001f600 \U0010ffff",
            "\ufeffa mark of order", "\ud7ff\ue000\uffff", "e\u0301", "\u202eright to left", '"\\/\b\f\n\r\t', "\x7f\x80",
            "ping", "pong", "\u4f60\u597d" * 5000, "cut and filled \u00e4".encode().decode()[:-1] + "\0\0",
        ]  # fmt: skip
        with WatchedServer(keep_messages=True) as server:
            async with Counted(await server.connect()) as peer:
                await converse(peer, texts)
                await server.until(lambda: len(server.kept) == len(texts))
                self.assertEqual(server.kept, [(str(peer.sid), "utf8", text) for text in texts])
                await converse(peer, [b"null", b"", b"\0" * 9])
                await server.until(lambda: len(server.kept) == len(texts) + 3)
                self.assertEqual([base64.b64decode(data) for _, _, data in server.kept[-3:]], [b"null", b"", b"\0" * 9])

    async def test_every_pattern_of_fragments(self):
        with WatchedServer() as server:
            async with Counted(await server.connect()) as peer:
                data = bytes(range(40))
                whole = cryo_peer.HEAD.pack(peer.sid.bytes, 0, cryo_peer.BINARYDATA) + data
                for size in range(1, len(whole) + 1):  # all of one size, the last one shorter
                    await converse(peer, [data], send=in_pieces([size] * (len(whole) // size)))
                for cuts in itertools.combinations(range(0, len(whole) + 1, 4), 2):  # with empty ones too
                    await converse(peer, [data], send=in_pieces([cuts[0], cuts[1] - cuts[0]]))
                await converse(peer, [data], send=in_pieces([0] * 900 + [1] * 30))
                await converse(peer, ["\u00e4\u20ac\U0001f600" * 9], send=in_pieces([1] * 98))  # amid characters
                await converse(peer, [data], send=in_pieces([3] * 20, ping_between=True))
                await converse(peer, [b"z" * 2**20], send=in_pieces([1024] * 1000))


class Numbers(AsyncTestCase):
    async def test_thousands_in_order_each_acknowledged(self):
        for tls, threads in ((None, "1"), ("ec", "1"), (None, "2"), ("rsa", "2")):
            with self.subTest(tls=tls, threads=threads), WatchedServer("--threads", threads, tls=tls) as server:
                async with Counted(await server.connect()) as peer:
                    count = scaled(2000)
                    await converse(peer, [f"{n} " * (n % 50) if n % 2 else b"%d" % n for n in range(count)])
                    self.assertEqual(peer.acks, list(range(count)))
                    await server.until(lambda: server.messages[str(peer.sid)] == count)

    async def test_a_long_conversation(self):
        with WatchedServer("--keepalive-ms", "1000") as server:
            async with Counted(await server.connect()) as peer:
                count = scaled(20000)
                await converse(peer, [f"message {n}" for n in range(count)])
                self.assertEqual(peer.acks, list(range(count)))
                await server.until(lambda: server.messages[str(peer.sid)] == count)
                timed_out = [data for _, name, data in server.stats if name == "stat-ack-timeout"]
                self.assertFalse(any(timed_out), timed_out)

    async def test_pings_take_numbers_on_both_sides(self):
        with WatchedServer("--keepalive-ms", "200") as server:
            async with Counted(await server.connect()) as peer:
                while peer.pings < 5:  # data and pings mixed; Counted holds the server's numbers to one row
                    first = await peer.ping()
                    await converse(peer, ["one", b"two"])
                    self.assertEqual(peer.pongs[-1], first)
                    self.assertEqual(peer.acks[-2:], [first + 1, first + 2])
                self.assertEqual(len(peer.pongs), len(set(peer.pongs)))

    def test_an_acknowledgement_travels_with_the_echo(self):
        with WatchedServer() as server, RawPeer(server) as peer:
            peer.send_cryo(cryo_peer.UTF8DATA, 0, b"the first waits for a pong")
            peer.expect(cryo_peer.UTF8DATA)
            turns, reads = 200, 0
            for number in range(1, turns + 1):
                payload = b"%03d" % number
                peer.send_cryo(cryo_peer.UTF8DATA, number, payload)
                expected = 2 * (2 + 21) + len(payload)
                while len(peer.buffer) < expected:
                    self.assertTrue(peer.fill())
                    reads += 1
                ack, echo = peer.read_cryo(), peer.read_cryo()
                self.assertEqual((ack.type, ack.number), (cryo_peer.ACK, number))
                self.assertEqual((echo.type, echo.payload), (cryo_peer.UTF8DATA, payload))
            self.assertLess(reads, turns * 1.1)
            peer.send(frame(8, b"\x03\xe8"))
            self.assertEqual(peer.expect_close(), (1000, ""))

    def test_what_comes_with_the_request_is_heard(self):
        with WatchedServer() as server, RawPeer(server, upgrade=False) as peer:
            ahead = b"".join(
                frame(2, cryo_peer.HEAD.pack(peer.sid.bytes, n, cryo_peer.BINARYDATA) + b"%d" % n) for n in range(100)
            )
            peer.upgrade(ahead)
            for number in range(100):
                self.assertEqual(peer.expect(cryo_peer.BINARYDATA).payload, b"%d" % number)


class Transports(AsyncTestCase):
    async def test_both_versions_of_tls(self):
        for certificate in ("ec", "rsa"):
            with WatchedServer(tls=certificate) as server:
                for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
                    server.options["ssl"] = context = ssl.create_default_context(cafile=server.certificate)
                    context.minimum_version = context.maximum_version = version
                    async with Counted(await server.connect()) as peer:
                        spoken = peer.websocket.transport.get_extra_info("ssl_object").version()
                        await converse(peer, [b"x" * 100000, "y" * 17000, b""])
                        self.assertEqual(spoken, version.name.replace("_", "."))

    @unittest.skipUnless(socket.has_dualstack_ipv6(), "this machine has no IPv6")
    async def test_ipv6_plain_and_tls(self):
        for tls in (None, "ec"):
            with WatchedServer(host="::1", tls=tls) as server:
                async with Counted(await server.connect()) as peer:
                    await converse(peer, ["over six", b"b" * 70000])


class Modes(AsyncTestCase):
    async def test_broadcast_keeps_the_order_for_each(self):
        with WatchedServer("--mode", "broadcast", "--threads", "2") as server:
            listeners = [await server.connect() for _ in range(5)]
            speaker = await server.connect()
            await server.until(lambda: server.sessions.total() == 6)
            count = scaled(500)
            await asyncio.gather(
                self.speak(speaker, count), *(self.listen(listener, speaker.sid, count) for listener in listeners)
            )
            for peer in (*listeners, speaker):
                await peer.close()

    async def speak(self, peer, count):
        for number in range(count):
            await peer.send_text(str(number))
        await peer.acknowledged(count - 1)

    async def listen(self, peer, speaker, count):
        for number in range(count):
            self.assertEqual(await peer.message(), str(number))

    async def test_sink_acknowledges_all_and_returns_nothing(self):
        with WatchedServer("--mode", "sink") as server:
            async with await server.connect() as peer:
                count = scaled(2000)
                sending = asyncio.create_task(self.speak(peer, count))
                await sending
                self.assertEqual(peer.acks, list(range(count)))
                await server.until(lambda: server.messages[str(peer.sid)] == count)


if __name__ == "__main__":
    unittest.main()
