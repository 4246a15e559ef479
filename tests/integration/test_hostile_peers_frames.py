"""What bad input gets (the protocol's table), each on a session of its own, while another one goes on talking."""

import time
import unittest

from raw_cryo import RawPeer, frame, pack
from watched_server import WatchedServer, cryo_peer

ACK, ERROR, PING_PONG, UTF8DATA, BINARYDATA, SERVER_HELLO, CLIENT_HELLO, HANDSHAKE_DONE = range(8)
MAX_MESSAGE = 16 * 2**20


class BadInput(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = WatchedServer("--threads", "2")
        cls.good = RawPeer(cls.server)
        cls.number = 0

    @classmethod
    def tearDownClass(cls):
        cls.good.socket.close()
        cls.server.__exit__(None)

    def tearDown(self):
        """Nobody else was disturbed."""
        self.good.send_cryo(UTF8DATA, self.number, b"%d" % self.number)
        self.assertEqual(self.good.expect(UTF8DATA).payload, b"%d" % self.number)
        type(self).number += 1

    def expect_code(self, data, code, reason=None):
        with RawPeer(self.server).announce() as peer:
            peer.send(data(peer) if callable(data) else data)
            got = peer.expect_close()
            self.assertEqual(got[0], code, got)
            self.server.wait(lambda: self.server.closed_of(peer.sid))
            self.assertEqual(self.server.closed_of(peer.sid)[0][0], code)

    def malformed(self, peer):
        """(frame, number that the error has)"""
        sid = peer.sid.bytes
        head = cryo_peer.HEAD
        yield b"", 0
        yield b"x", 0
        yield sid, 0
        yield head.pack(sid, 7, UTF8DATA)[:-1], None  # whether it has a number is a matter of taste
        for type in (8, 9, 127, 128, 255):
            yield head.pack(sid, 11, type) + b"payload", 11
        yield head.pack(bytes(16), 12, UTF8DATA) + b"another's", 12
        yield head.pack(sid[:-1] + bytes([sid[-1] ^ 1]), 2**32 - 1, BINARYDATA), 2**32 - 1
        yield head.pack(sid, 13, ACK) + b"!", 13
        for payload in (b"", b"p", b"pingg", b"tick", b"PING", b"pong\0"):
            yield head.pack(sid, 14, PING_PONG) + payload, 14
        yield head.pack(sid, 15, SERVER_HELLO) + b"\4" * 65, 15

    def test_malformed_frames_are_told_with_their_number(self):
        with RawPeer(self.server) as counter:
            cases = len(list(self.malformed(counter)))
        for at in range(cases):
            with RawPeer(self.server).announce() as peer:
                data, number = list(self.malformed(peer))[at]
                with self.subTest(data):
                    peer.send(frame(2, data))
                    error = peer.expect(ERROR)
                    self.assertEqual(error.payload, b"invalid_operation")
                    if number is not None:
                        self.assertEqual(error.number, number)
                    peer.announce()  # one is forgiven

    def test_sixteen_are_forgiven(self):
        with RawPeer(self.server).announce() as peer:
            for _ in range(16):
                peer.send(frame(2, b"short"))
                self.assertEqual(peer.expect(ERROR).payload, b"invalid_operation")
            peer.announce()
            peer.send(frame(2, b"short"))
            self.assertEqual(peer.expect_close()[0], 4001)

    def test_text_messages_and_bad_texts(self):
        self.expect_code(frame(1, b"hello"), 1003)
        self.expect_code(frame(1, b""), 1003)
        for bad in (b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"ok\xe2\x82", b"\xf4\x90\x80\x80", b"a" * 9999 + b"\x80"):
            self.expect_code(lambda peer: frame(2, pack(peer.sid, 0, UTF8DATA, bad)), 1007)

    def test_a_client_that_wants_cale(self):
        self.expect_code(lambda peer: frame(2, pack(peer.sid, 0, CLIENT_HELLO, b"\4" * 65)), 4010)

    def test_broken_framing(self):
        for bad in (
            frame(2, b"x", mask=False), frame(2, b"x", rsv=4), frame(2, b"x", rsv=2), frame(2, b"x", rsv=1),
            frame(3, b"x"), frame(7), frame(11), frame(15), frame(9, b"x" * 126), frame(9, b"x", fin=False),
            frame(8, fin=False), frame(0, b"x"), frame(2, b"x", fin=False) + frame(2, b"y"),
            frame(2, b"x" * 10, length_bytes=2), frame(2, b"x" * 200, length_bytes=8), frame(2, declared=2**63, length_bytes=8),
            frame(8, b"x"), frame(8, b"\x03\xed"), frame(8, b"\x03\xee"), frame(8, b"\x00\x00"), frame(8, b"\xff\xff"),
        ):  # fmt: skip
            with self.subTest(bad):
                self.expect_code(bad, 1002)
        self.expect_code(frame(8, b"\x03\xe8\xff\xfe"), 1007)

    def test_messages_that_are_too_big(self):
        """Told from the header, before a byte of it is held."""
        self.expect_code(frame(2, declared=MAX_MESSAGE + 1), 1009)
        self.expect_code(frame(2, declared=2**62), 1009)
        self.expect_code(frame(2, b"x" * 1000, fin=False) + frame(0, declared=MAX_MESSAGE - 999), 1009)
        self.expect_code(frame(2, b"x", fin=False) + frame(0, declared=2**63 - 1), 1009)

    def test_a_declared_length_costs_nothing(self):
        before = self.server.memory()
        peers = [RawPeer(self.server) for _ in range(40)]
        for peer in peers:
            peer.send(frame(2, b"", declared=MAX_MESSAGE))
            peer.announce_began = peer.send(b"only these")
        self.tearDown()
        self.assertLess(self.server.memory() - before, 64 * 2**20)  # 40 of them would be 640 MiB
        for peer in peers:
            peer.socket.close()
        self.server.wait(lambda: True)

    def test_too_many_fragments(self):
        self.expect_code(frame(2, b"x", fin=False) + frame(0, b"", fin=False) * 1024, 1008)
        with RawPeer(self.server).announce() as peer:  # as many as allowed
            whole = pack(peer.sid, 1, BINARYDATA, b"")
            peer.send(frame(2, whole, fin=False) + frame(0, b"y", fin=False) * 1022 + frame(0, b"y"))
            self.assertEqual(peer.expect(BINARYDATA).payload, b"")  # of announce()
            self.assertEqual(peer.expect(BINARYDATA).payload, b"y" * 1023)

    def test_acks_for_what_was_never_sent(self):
        with RawPeer(self.server).announce() as peer:
            for number in (0, 5, 77, 2**31, 2**32 - 1):
                peer.send_cryo(ACK, number)
            for _ in range(3):
                peer.send_cryo(HANDSHAKE_DONE, 0, b"null")
            peer.send_cryo(PING_PONG, 99, b"pong")
            peer.send_cryo(UTF8DATA, 1, b"all the same")
            while True:
                echo = peer.expect(UTF8DATA, ERROR)
                if echo.type == UTF8DATA:
                    break
            self.assertEqual(echo.payload, b"all the same")

    def test_a_burst_of_pings_is_answered_one_by_one(self):
        with RawPeer(self.server).announce() as peer:
            peer.send(b"".join(frame(9, b"%d" % n) for n in range(300)))
            for number in range(300):
                opcode, payload = peer.read_frame()
                while opcode != 10:
                    opcode, payload = peer.read_frame()
                self.assertEqual(payload, b"%d" % number)
            for number in range(300):
                peer.send_cryo(PING_PONG, number, b"ping")
            for number in range(300):
                self.assertEqual(peer.expect(PING_PONG).number, number)


if __name__ == "__main__":
    unittest.main()
