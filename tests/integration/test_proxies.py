"""Who is where behind proxies: X-Forwarded-For, Forwarded and the PROXY protocol, also from those who are not trusted."""

import contextlib
import socket
import time
import unittest
import uuid

from edge import Watched, announce, answer_to, connection, over_tls, proxy_v1, proxy_v2, query
from raw_cryo import request
from serve_program import run


class Proxied(Watched):
    def remote_of(self, *headers, source="127.0.0.1", prefix=b"", pieces=None):
        """Where a client is that has sent these."""
        sid = uuid.uuid4()
        with contextlib.ExitStack() as resources:
            sock = resources.enter_context(contextlib.closing(connection(self, source)))
            if self.tls is not None:
                sock.sendall(prefix)
                sock = resources.enter_context(contextlib.closing(over_tls(sock)))
                prefix = b""
            head = prefix + request(query(sid), *headers)
            answer = answer_to(sock, head, pieces and pieces(head))
            if not answer.startswith("HTTP/1.1 101 "):
                return answer.split("\r\n")[0] or "dropped"
            announce(sock, sid)
            self.wait(lambda: str(sid) in self.remotes)
            own = "%s:%d" % sock.getsockname()
            assert self.proxies[str(sid)] == ("" if self.remotes[str(sid)] == own else own), self.proxies[str(sid)]
            return self.remotes[str(sid)].replace(own, "itself")


class Headers(unittest.TestCase):
    def test_what_a_trusted_proxy_says(self):
        with Proxied("--trusted-proxy", "127.0.0.2", "--trusted-proxy", "10.0.0.0/8") as server:
            for headers, expected in (
                (["X-Forwarded-For: 192.0.2.7"], "192.0.2.7"),
                (["X-Forwarded-For: 1.1.1.1, 192.0.2.7, 10.1.2.3"], "192.0.2.7"),
                (["X-Forwarded-For: 1.1.1.1", "X-Forwarded-For: 2001:db8::7"], "[2001:db8::7]"),
                (["Forwarded: for=1.1.1.1, for=\"[2001:db8::7]:99\";proto=https"], "[2001:db8::7]:99"),
                (["Forwarded: for=1.1.1.1", "Forwarded: for=192.0.2.7"], "192.0.2.7"),
                (["Forwarded: for=\"1.1.1.1", "Forwarded: for=192.0.2.7"], "192.0.2.7"),
                (["X-Forwarded-For: 192.0.2.7", "Forwarded: for=192.0.2.7"], "192.0.2.7"),
                (["X-Forwarded-For: 192.0.2.7", "Forwarded: for=1.1.1.1"], "HTTP/1.1 400 Bad Request"),
                (["X-Forwarded-For: unknown"], "itself"),
                (["Forwarded: for=_hidden"], "itself"),
                (["X-Real-IP: 1.1.1.1", "Client-IP: 1.1.1.1", "X-Forwarded-Host: 1.1.1.1"], "itself"),
                ([], "itself"),
            ):
                with self.subTest(headers):
                    self.assertEqual(server.remote_of(*headers, source="127.0.0.2"), expected)

    def test_nobody_else_is_believed(self):
        with Proxied("--trusted-proxy", "127.0.0.2", "--trusted-proxy", "192.0.2.0/24") as server:
            for headers in (["X-Forwarded-For: 192.0.2.7"], ["Forwarded: for=1.1.1.1"], ["X-Forwarded-For: 127.0.0.2, 1.1.1.1"],
                            ["X-Forwarded-For: 192.0.2.7", "Forwarded: for=1.1.1.1"], ["X-Forwarded-For: \xff\xfe"]):
                with self.subTest(headers):
                    self.assertEqual(server.remote_of(*headers, source="127.0.0.3"), "itself")
        with Proxied() as server:  # nobody at all
            self.assertEqual(server.remote_of("X-Forwarded-For: 192.0.2.7"), "itself")

    def test_one_header_is_chosen(self):
        both = ["X-Forwarded-For: 192.0.2.7", "Forwarded: for=192.0.2.8"]
        for which, expected in (("x-forwarded-for", "192.0.2.7"), ("forwarded", "192.0.2.8"), ("none", "itself")):
            with Proxied("--trusted-proxy", "127.0.0.1", "--forwarded-header", which) as server:
                self.assertEqual(server.remote_of(*both), expected)

    def test_garbage_ends_nothing(self):
        with Proxied("--trusted-proxy", "127.0.0.0/8", "--max-head-bytes", "65536") as server:
            for value in ("," * 60000, '"' * 60000, "\\" * 30000 + '"', 'for="' + '\\"' * 20000, "[" * 1000, "for=" * 5000,
                          "=;" * 9000, ";" * 9000, "1.1.1.1," * 7000, "\x80\xff" * 99, "%00", "for=\"[::]:_\"", "::1%lo0"):
                for name in ("X-Forwarded-For", "Forwarded"):
                    with self.subTest(name + value[:40]):
                        self.assertNotIn("dropped", server.remote_of(f"{name}: {value}"))

    def test_arguments(self):
        for bad in ("localhost", "10.0.0.0/33", "", "1.2.3"):
            got = run("serve", "--port", "0", "--token", "t", "--trusted-proxy", bad)
            self.assertEqual(got.returncode, 2, got.stderr)
        got = run("serve", "--port", "0", "--token", "t", "--proxy-protocol")
        self.assertEqual(got.returncode, 2)
        self.assertIn("trusted proxy", got.stderr)
        got = run("serve", "--port", "0", "--token", "t", "--forwarded-header", "via")
        self.assertEqual(got.returncode, 2)


class ProxyProtocol(unittest.TestCase):
    def test_both_versions(self):
        for tls in (None, "ec"):
            with Proxied("--trusted-proxy", "127.0.0.1", "--proxy-protocol", "--threads", "2", tls=tls) as server:
                for prefix, expected in (
                    (proxy_v1("192.0.2.7"), "192.0.2.7:54321"),
                    (proxy_v1("2001:db8::7", 9, "TCP6"), "[2001:db8::7]:9"),
                    (b"PROXY UNKNOWN\r\n", "itself"),
                    (b"PROXY UNKNOWN ::1 ::1 1 2\r\n", "itself"),
                    (proxy_v2("192.0.2.7"), "192.0.2.7:54321"),
                    (proxy_v2("2001:db8::7", 9), "[2001:db8::7]:9"),
                    (proxy_v2("192.0.2.7", records=b"\x04\0\x02ab\xee\x10\0" + b"x" * 4096), "192.0.2.7:54321"),
                    (proxy_v2(), "itself"),
                    (proxy_v2("192.0.2.7", command=0x20), "itself"),
                ):
                    with self.subTest(prefix[:40], tls=tls):
                        self.assertEqual(server.remote_of(prefix=prefix), expected)

    def test_cut_into_pieces(self):
        with Proxied("--trusted-proxy", "127.0.0.1", "--proxy-protocol") as server:
            for prefix in (proxy_v1("192.0.2.7"), proxy_v2("192.0.2.7", records=b"\x04\0\x02ab")):
                for size in (1, 5, 13):
                    cut = lambda data: [data[i : i + size] for i in range(0, len(data), size)]  # noqa: E731, B023
                    self.assertEqual(server.remote_of(prefix=prefix, pieces=cut), "192.0.2.7:54321")

    def test_headers_behind_it(self):
        """A proxy behind a balancer: both are walked past."""
        with Proxied("--trusted-proxy", "127.0.0.1", "--trusted-proxy", "10.0.0.0/8", "--proxy-protocol") as server:
            forwarded = "X-Forwarded-For: 192.0.2.9"
            self.assertEqual(server.remote_of(forwarded, prefix=proxy_v1("10.0.0.9")), "192.0.2.9")
            self.assertEqual(server.remote_of(forwarded, prefix=proxy_v1("192.0.2.7")), "192.0.2.7:54321")

    def test_refusals(self):
        hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"x" * 500
        for tls in (None, "ec"):
            with Proxied("--trusted-proxy", "127.0.0.1", "--proxy-protocol", tls=tls) as server:
                for data in (request(query()), hello, b"PROXY " + b"x" * 200, b"PROXY TCP4 a b c d\r\n", b"PROXY TCP4 1.1.1.1\n",
                             proxy_v2("192.0.2.7")[:12] + b"\x31\x11\0\0", proxy_v2("192.0.2.7", records=b"\x03\0\x04abcd"),
                             b"\0" * 300, b"\r\n\r\n\0\r\nQUIX"):
                    with self.subTest(data[:30], tls=tls), contextlib.closing(connection(server)) as sock:
                        self.assertEqual(answer_to(sock, data), "")
                with contextlib.closing(connection(server)) as sock:  # a balancer that looks whether the port is open
                    sock.shutdown(socket.SHUT_WR)
                    self.assertEqual(sock.recv(1), b"")
                self.assertEqual(server.remote_of(prefix=proxy_v1("192.0.2.7")), "192.0.2.7:54321")
                self.assertIn("its PROXY header is refused: there is none", server.log_text())

    def test_from_one_who_is_not_trusted(self):
        with Proxied("--trusted-proxy", "127.0.0.1", "--proxy-protocol") as server:
            for data in (proxy_v1("192.0.2.7") + request(query()), proxy_v2("192.0.2.7"), request(query())):
                with contextlib.closing(connection(server, "127.0.0.2")) as sock:
                    self.assertEqual(answer_to(sock, data), "")
            self.assertRegex(server.log_text(), r"127\.0\.0\.2:\d+ is dropped: it is none of the trusted proxies")
            server.remote_of(prefix=proxy_v1("192.0.2.7"))

    def test_where_none_is_expected(self):
        with Proxied() as server:
            self.assertEqual(server.remote_of(prefix=proxy_v1("192.0.2.7")), "HTTP/1.1 400 Bad Request")
            self.assertEqual(server.remote_of(prefix=proxy_v2("192.0.2.7")), "dropped")

    def test_one_that_dawdles(self):
        """As for heads, five seconds; many of them hold nothing."""
        with Proxied("--trusted-proxy", "127.0.0.1", "--proxy-protocol") as server:
            before = server.descriptors()
            begun = time.monotonic()
            socks = [connection(server) for _ in range(20)]
            for sock in socks[:10]:
                sock.sendall(b"PROXY TCP4 192.0.2.7")
            for sock in socks:
                with contextlib.suppress(ConnectionError):
                    self.assertEqual(sock.recv(1), b"")
                sock.close()
            self.assertGreater(time.monotonic() - begun, 4)
            self.assertIn("has not come in time", server.log_text())
            server.poll(lambda: server.descriptors() <= before, lambda: f"{server.descriptors()} descriptors")

    def test_stops_while_some_are_awaited(self):
        with Proxied("--trusted-proxy", "127.0.0.1", "--proxy-protocol") as server:
            waiting = [connection(server) for _ in range(5)]
            server.remote_of(prefix=proxy_v1("192.0.2.7"))
            status, _ = server.stop()
            self.assertEqual(status, 0)
            for sock in waiting:
                sock.close()


if __name__ == "__main__":
    unittest.main()
