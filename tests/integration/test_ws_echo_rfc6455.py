"""The echo server against RFC 6455, section by section, on a raw socket."""

import random
import struct
import unittest

from echo_server import (BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, Client, Server, close_frame, frame)

MAX_MESSAGE = 1 << 20
MAX_FRAGMENTS = 100


class Rfc6455(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server("--max-message", str(MAX_MESSAGE), "--max-fragments", str(MAX_FRAGMENTS))

    @classmethod
    def tearDownClass(cls):
        status, errors = cls.server.stop()
        assert status == 0, (status, errors)

    def expect_echo(self, sent, opcode, payload):
        """However the bytes are cut."""
        for step in (len(sent), 1, 7):
            if len(sent) // step > 3000:
                continue
            with self.subTest(step=step), Client(self.server) as client:
                for i in range(0, len(sent), step):
                    client.send(sent[i : i + step])
                self.assertEqual(client.read_frame(), (opcode, payload))

    def expect_failure(self, sent, code):
        for step in (len(sent), 1):
            if len(sent) // step > 3000:
                continue
            with self.subTest(sent=sent[:40], step=step), Client(self.server) as client:
                try:
                    for i in range(0, len(sent), step):
                        client.send(sent[i : i + step])
                except (BrokenPipeError, ConnectionResetError):
                    pass  # it has seen enough
                self.assertEqual(client.read_close(), code)

    # 5.2 and 5.6: lengths

    def test_lengths(self):
        for size in (0, 1, 124, 125, 126, 127, 128, 65535, 65536, 65537, MAX_MESSAGE):
            payload = random.Random(size).randbytes(size)
            self.expect_echo(frame(BINARY, payload), BINARY, payload)
            text = b"*" * size
            self.expect_echo(frame(TEXT, text), TEXT, text)

    def test_length_encodings_must_be_minimal(self):
        self.expect_failure(frame(BINARY, b"x", length_bytes=2), 1002)
        self.expect_failure(frame(BINARY, b"x", length_bytes=8), 1002)
        self.expect_failure(frame(BINARY, b"x" * 126, length_bytes=8), 1002)
        self.expect_failure(frame(BINARY, b"", length_bytes=8, declared=1 << 63), 1002)

    def test_too_big_is_told_at_the_header(self):
        self.expect_failure(frame(BINARY, b"", declared=MAX_MESSAGE + 1), 1009)
        self.expect_failure(frame(BINARY, b"", length_bytes=8, declared=(1 << 63) - 1), 1009)
        self.expect_failure(
            frame(BINARY, b"x" * 1000, fin=False) + frame(CONTINUATION, b"", declared=MAX_MESSAGE - 999), 1009
        )

    # 5.1: masking

    def test_unmasked_frames_are_refused(self):
        self.expect_failure(frame(TEXT, b"hello", mask=False), 1002)
        self.expect_failure(frame(PING, b"", mask=False), 1002)

    # 5.2: reserved bits and opcodes

    def test_reserved_bits(self):
        for rsv in range(1, 8):
            for opcode in (TEXT, BINARY, PING, CLOSE):
                self.expect_failure(frame(opcode, b"", rsv=rsv), 1002)
        self.expect_failure(frame(TEXT, b"a", fin=False) + frame(CONTINUATION, b"b", rsv=1), 1002)

    def test_reserved_opcodes(self):
        for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15):
            self.expect_failure(frame(opcode, b""), 1002)
            self.expect_failure(frame(opcode, b"abc"), 1002)

    def test_what_came_before_a_failure_is_still_echoed(self):
        with Client(self.server) as client:
            client.send(frame(TEXT, b"first") + frame(TEXT, b"second", rsv=4) + frame(PING, b"never seen"))
            self.assertEqual(client.read_frame(), (TEXT, b"first"))
            self.assertEqual(client.read_close(), 1002)

    # 5.4: fragments

    def test_fragments(self):
        self.expect_echo(frame(TEXT, b"frag", fin=False) + frame(CONTINUATION, b"ment"), TEXT, b"fragment")
        self.expect_echo(frame(TEXT, b"", fin=False) + frame(CONTINUATION, b""), TEXT, b"")
        parts = [bytes([i]) * i for i in range(MAX_FRAGMENTS)]
        sent = b"".join(
            frame(CONTINUATION if i else BINARY, part, fin=i == MAX_FRAGMENTS - 1) for i, part in enumerate(parts)
        )
        self.expect_echo(sent, BINARY, b"".join(parts))

    def test_control_frames_between_fragments(self):
        with Client(self.server) as client:
            client.send(frame(TEXT, b"a", fin=False) + frame(PING, b"1"))
            self.assertEqual(client.read_frame(), (PONG, b"1"))
            client.send(frame(CONTINUATION, b"b", fin=False) + frame(PONG, b"unasked") + frame(PING, b"2"))
            self.assertEqual(client.read_frame(), (PONG, b"2"))
            client.send(frame(CONTINUATION, b"c"))
            self.assertEqual(client.read_frame(), (TEXT, b"abc"))

    def test_wrong_orders(self):
        self.expect_failure(frame(CONTINUATION, b"x"), 1002)
        self.expect_failure(frame(CONTINUATION, b"x", fin=False), 1002)
        self.expect_failure(frame(TEXT, b"a", fin=False) + frame(TEXT, b"b"), 1002)
        self.expect_failure(frame(TEXT, b"a", fin=False) + frame(BINARY, b"b", fin=False), 1002)
        with Client(self.server) as client:
            client.send(frame(TEXT, b"a", fin=False) + frame(CONTINUATION, b"b") + frame(CONTINUATION, b"c"))
            self.assertEqual(client.read_frame(), (TEXT, b"ab"))
            self.assertEqual(client.read_close(), 1002)

    def test_too_many_fragments(self):
        sent = frame(BINARY, b"", fin=False) + frame(CONTINUATION, b"", fin=False) * MAX_FRAGMENTS
        self.expect_failure(sent, 1008)

    # 5.5: control frames

    def test_pings(self):
        for size in (0, 1, 125):
            self.expect_echo(frame(PING, b"p" * size), PONG, b"p" * size)

    def test_every_ping_of_a_run_is_answered(self):
        with Client(self.server) as client:
            client.send(b"".join(frame(PING, str(i).encode()) for i in range(1000)))
            for i in range(1000):
                self.assertEqual(client.read_frame(), (PONG, str(i).encode()))

    def test_pongs_are_ignored(self):
        with Client(self.server) as client:
            client.send(frame(PONG, b"nobody asked") + frame(PING, b"x"))
            self.assertEqual(client.read_frame(), (PONG, b"x"))

    def test_long_or_fragmented_control_frames(self):
        for opcode in (PING, PONG, CLOSE):
            self.expect_failure(frame(opcode, b"x" * 126), 1002)
            self.expect_failure(frame(opcode, b"", fin=False), 1002)

    # 5.5.1 and 7: closing

    def test_closes(self):
        with Client(self.server) as client:
            client.send(close_frame())
            self.assertIsNone(client.read_close())
        for code in (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999):
            with self.subTest(code=code), Client(self.server) as client:
                client.send(close_frame(code, b"bye") + frame(PING, b"not answered any more"))
                opcode, payload = client.read_frame()
                self.assertEqual((opcode, payload), (CLOSE, struct.pack("!H", code) + b"bye"))
                client.expect_end()

    def test_longest_reason(self):
        self.expect_echo(close_frame(1000, b"r" * 123), CLOSE, struct.pack("!H", 1000) + b"r" * 123)

    def test_bad_closes(self):
        for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535):
            self.expect_failure(close_frame(code), 1002)
        self.expect_failure(frame(CLOSE, b"\x03"), 1002)
        self.expect_failure(close_frame(1000, b"\xff"), 1007)
        self.expect_failure(close_frame(1000, b"\xce\xba\xe1"), 1007)

    # 8.1: UTF-8

    def test_good_text(self):
        for text in ("", "a", "κόσμε", "\U0010ffff\ufffd", "\x00\x7f\u0080\u07ff\u0800\uffff", "日本語" * 1000):
            payload = text.encode()
            self.expect_echo(frame(TEXT, payload), TEXT, payload)
            if len(payload) < 50:
                sent = b"".join(frame(CONTINUATION if i else TEXT, payload[i : i + 1], fin=False) for i in range(len(payload)))
                if payload:
                    self.expect_echo(sent + frame(CONTINUATION), TEXT, payload)

    def test_bad_text(self):
        for payload in (b"\xff", b"\x80", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xf8\x88\x80\x80\x80",
                        b"\xe1\x80", b"abc\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80edited"):
            self.expect_failure(frame(TEXT, payload), 1007)

    def test_bad_text_is_told_before_the_message_ends(self):
        with Client(self.server) as client:
            client.send(frame(TEXT, b"\xce\xba\xf4", fin=False) + frame(CONTINUATION, b"\x90", fin=False))
            self.assertEqual(client.read_close(), 1007)
        with Client(self.server) as client:
            client.send(frame(TEXT, b"ab\xffcd" + b"x" * 1000)[:20])
            self.assertEqual(client.read_close(), 1007)


class Upgrade(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def test_byte_by_byte_with_a_frame_behind(self):
        with Client(self.server, upgrade=False) as client:
            for byte in Client.request() + frame(TEXT, b"early"):
                client.send(bytes([byte]))
            self.assertIn(" 101 ", client.read_head())
            self.assertEqual(client.read_frame(), (TEXT, b"early"))

    def test_all_at_once(self):
        with Client(self.server, upgrade=False) as client:
            client.send(Client.request() + frame(TEXT, b"early") + close_frame(1000))
            self.assertIn(" 101 ", client.read_head())
            self.assertEqual(client.read_frame(), (TEXT, b"early"))
            self.assertEqual(client.read_close(), 1000)

    def test_refusals_arrive_whole(self):
        for request, status in ((b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "426"), (b"GET  / HTTP/1.1\r\n\r\n", "400"),
                                (b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 17000, "431")):
            with self.subTest(status=status), Client(self.server, upgrade=False) as client:
                client.send(request + b"\r\n" + b"unread " * 1000)
                self.assertTrue(client.read_head().startswith(f"HTTP/1.1 {status} "))

    def test_what_is_not_http_is_dropped(self):
        with Client(self.server, upgrade=False) as client:
            client.send(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")
            self.assertEqual(client.socket.recv(1), b"")


if __name__ == "__main__":
    unittest.main()
