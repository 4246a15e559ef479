"""Keep-alive, and closes in both directions, at every moment; what the other side sees, and how soon the id is free."""

import asyncio
import contextlib
import os
import socket
import struct
import time
import uuid

from conversation import Counted, converse
from judged_server import JudgedServer
from raw_cryo import RawPeer, close_frame, frame
from watched_server import AsyncTestCase, WatchedServer, cryo_peer, scaled
from websockets_asyncio import ConnectionClosed

CODES = [1000, 1001, 1003, 1007, 1008, 1009, 1011, 1012, 1013, 3000, 3999, 4000, 4001, 4002, 4010, 4011, 4321, 4999]
REASONS = ["", "x", "why not", "\u00fcber \U0001f600", "r" * 123]


class KeepAlive(AsyncTestCase):
    async def test_pings_come_when_they_are_due_and_pongs_only_when_asked(self):
        interval = 0.2
        with WatchedServer("--keepalive-ms", "200") as server:
            async with await server.connect() as peer:
                times = []
                while len(times) < 6:
                    frame = await peer.frame()
                    self.assertEqual((frame.type, frame.payload), (cryo_peer.PING_PONG, b"ping"))  # no pong
                    self.assertEqual(frame.number, len(times))
                    times.append(time.monotonic())
                # Each may be late, and this machine busy; but they are not early, and not lost.
                self.assertGreater(times[-1] - times[0], 5 * interval * 0.8)
                await server.until(lambda: len([s for s in server.stats if s[1] == "stat-bytes-tx"]) >= 5)

    def test_a_client_that_answers_nothing_is_closed(self):
        with WatchedServer("--keepalive-ms", "100") as server:
            with RawPeer(server) as mute:
                mute.send(frame(10, b"no answer to any ping"))  # a WebSocket pong is no Cryo frame
                self.assertEqual(mute.expect_close()[0], 4001)
            server.wait(lambda: server.closed_of(mute.sid))
            self.assertEqual(server.closed_of(mute.sid)[0][0], 4001)

    def test_any_valid_frame_is_life(self):
        with WatchedServer("--keepalive-ms", "500") as server, RawPeer(server) as busy:
            for number in range(6):  # answers pings by data alone
                self.assertEqual(busy.expect(cryo_peer.PING_PONG).payload, b"ping")
                busy.send_cryo(cryo_peer.BINARYDATA, number, b"alive")
                busy.expect(cryo_peer.ACK)


class FromTheClient(AsyncTestCase):
    async def test_every_code_and_reason(self):
        with WatchedServer() as server:
            sid = uuid.uuid4()
            expected = []
            for code in CODES:
                for reason in REASONS:
                    peer = await server.connect(sid=sid)
                    await peer.announced()
                    await peer.close(code, reason)
                    self.assertEqual(peer.websocket.close_code, code)  # echoed
                    expected.append((code, reason))
            await server.until(lambda: len(server.closed) == len(expected))
            self.assertEqual(server.closed_of(sid), expected)

    def test_no_code_fin_and_reset(self):
        for tls in (None, "ec"):
            with WatchedServer(tls=tls) as server:
                for end, expected in ((self.no_code, 1005), (self.fin, 1006), (self.reset, 1006)):
                    with RawPeer(server) as peer:
                        peer.send_cryo(cryo_peer.UTF8DATA, 0, b"hello")
                        peer.expect(cryo_peer.UTF8DATA)
                        end(peer)
                        server.wait(lambda: server.closed_of(peer.sid))
                    self.assertEqual(server.closed_of(peer.sid), [(expected, "")], end.__name__)

    def no_code(self, peer):
        peer.send(close_frame())
        self.assertEqual(peer.read_frame(), (8, b""))

    def fin(self, peer):
        peer.socket.shutdown(socket.SHUT_WR)

    def reset(self, peer):
        peer.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        peer.socket.close()

    def test_at_odd_moments(self):
        """Whatever the state, the close is answered and told."""
        before = {
            "with the upgrade": None,
            "before the pong": b"",
            "amid fragments": frame(2, b"x" * 50, fin=False) + frame(0, b"y", fin=False),
            "behind data": frame(2, b"short"),
        }
        with WatchedServer() as server:
            for name, data in before.items():
                with self.subTest(name), RawPeer(server, upgrade=False) as peer:
                    peer.answers_pings = False
                    close = close_frame(4123, name.encode())
                    if data is None:
                        peer.upgrade(close)
                    else:
                        peer.upgrade()
                        peer.send(data + close)
                    self.assertEqual(peer.expect_close()[0], 4123)
                    peer.expect_end()
                    with RawPeer(server, sid=peer.sid) as again:
                        again.send(close_frame(4124))
                        self.assertEqual(again.expect_close()[0], 4124)
            server.wait(lambda: len(server.closed) == server.sessions.total())


class TheIdIsFree(AsyncTestCase):
    """A client that comes back at once with its id finds it free."""

    async def test_after_each_kind_of_end(self):
        times = scaled(100)
        for tls in (None, "ec"):
            with WatchedServer("--threads", "2", tls=tls) as server:
                sid = uuid.uuid4()
                for number in range(times):
                    peer = await server.connect(sid=sid)
                    await peer.announced()
                    await peer.close(4000, str(number))
                await server.until(lambda: len(server.closed) == times)
                self.assertEqual(server.closed_of(sid), [(4000, str(number)) for number in range(times)])

    def test_after_a_close_frame_the_answer_of_which_was_read(self):
        with WatchedServer("--threads", "2") as server:
            sid = uuid.uuid4()
            for _ in range(scaled(100)):
                with RawPeer(server, sid=sid) as peer:
                    peer.send(close_frame())
                    self.assertEqual(peer.expect_close(), (1005, ""))
                    with RawPeer(server, sid=sid) as again:  # the first connection is still there
                        again.send(close_frame(4000))
                        self.assertEqual(again.expect_close(), (4000, ""))

    def test_after_a_violation(self):
        with WatchedServer("--threads", "2") as server:
            sid = uuid.uuid4()
            for _ in range(scaled(100)):
                peer = RawPeer(server, sid=sid)
                peer.send(frame(1, b"text"))
                self.assertEqual(peer.expect_close()[0], 1003)
                with RawPeer(server, sid=sid) as again, peer:  # the close is known to both; its answer is still owed
                    again.send(close_frame(4000))
                    self.assertEqual(again.expect_close(), (4000, ""))

    def test_after_a_connection_that_was_lost(self):
        with WatchedServer("--threads", "2") as server:
            sid = uuid.uuid4()
            for number in range(scaled(100)):
                with RawPeer(server, sid=sid) as peer:
                    peer.send_cryo(cryo_peer.BINARYDATA, 0, b"here")
                    peer.expect(cryo_peer.BINARYDATA)
                    if number % 2:
                        peer.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                # A loss is known when the server says so; a client may be quicker than that.
                server.wait(lambda: len(server.closed) == number + 1)
            self.assertEqual(server.closed_of(sid), [(1006, "")] * scaled(100))


class FromTheApplication(AsyncTestCase):
    def test_every_code_and_reason(self):
        with JudgedServer("now=t") as server:
            for code in CODES:
                for reason in REASONS:
                    with RawPeer(server, token="t") as peer:
                        peer.announce()
                        server.expect(f"session {peer.sid}")
                        server.say(f"close {peer.sid} {code} {reason}")
                        with self.assertRaises(cryo_peer.Closed) as end:
                            peer.read_cryo()
                        self.assertEqual((end.exception.code, end.exception.reason), (code, reason))
                        peer.send(close_frame(code))
                        server.expect(f"closed {peer.sid} {code} {reason}".rstrip(), strip=True)
                        peer.expect_end()

    def test_what_was_sent_before_it_arrives_first(self):
        with JudgedServer("now=t") as server, RawPeer(server, token="t") as peer:
            peer.announce()
            server.expect(f"session {peer.sid}")
            for number in range(50):
                server.say(f"send {peer.sid} {number}")
            server.say(f"close {peer.sid} 4000 enough")
            for number in range(50):
                self.assertEqual(peer.expect(cryo_peer.UTF8DATA).payload, b"%d" % number)
            self.assertEqual(peer.expect_close(), (4000, "enough"))

    def test_a_client_that_does_not_answer_is_waited_for_two_seconds(self):
        with JudgedServer("now=t") as server, RawPeer(server, token="t") as peer:
            peer.announce()
            server.expect(f"session {peer.sid}")
            server.say(f"close {peer.sid} 4000 anyone there?")
            self.assertEqual(peer.expect_close(), (4000, "anyone there?"))
            began = time.monotonic()
            with contextlib.suppress(ConnectionResetError):
                self.assertEqual(peer.socket.recv(1), b"")
            self.assertGreater(time.monotonic() - began, 1.5)
            server.expect(f"closed {peer.sid} 4000 anyone there?")

    def test_both_at_once(self):
        with JudgedServer("now=t") as server:
            for _ in range(scaled(50)):
                with RawPeer(server, token="t") as peer:
                    peer.announce()
                    server.expect(f"session {peer.sid}")
                    server.say(f"close {peer.sid} 4000 mine")
                    peer.send(close_frame(4001, b"yours"))
                    seen = peer.expect_close()
                    told = server.expect_start(f"closed {peer.sid} ").split(" ", 2)[2]
                    self.assertIn((seen, told), [((4000, "mine"), "4000 mine"), ((4001, ""), "4001 yours"),
                                                 ((4001, "yours"), "4001 yours"), ((4000, "mine"), "4001 yours")])  # fmt: skip


class UnderLoad(AsyncTestCase):
    async def test_closes_amid_a_stream_in_both_directions(self):
        with WatchedServer("--threads", "2") as server:
            for number in range(scaled(20)):
                peer = Counted(await server.connect())
                payload = os.urandom(20000)
                talk = asyncio.create_task(converse(peer, [payload] * 1000))
                await server.until(lambda: server.messages[str(peer.sid)] > number)
                peer.auto_ack = peer.auto_pong = False  # once it closes, a send would wait, and the reading with it
                await peer.close(4005, "in the middle")
                with self.assertRaises((cryo_peer.Closed, ConnectionClosed)):
                    await talk
                await server.until(lambda: server.closed_of(peer.sid))
                self.assertEqual(server.closed_of(peer.sid), [(4005, "in the middle")])


if __name__ == "__main__":
    import unittest

    unittest.main()
