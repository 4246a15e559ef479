"""The configurations of docs/deploy.md: each proxy with TLS in front of the server, as it is printed there."""

import contextlib
import os
import socket
import unittest
import uuid

from connect_program import Connect, connect
from edge import Watched, announce, answer_to, over_tls, query
from raw_cryo import request
from reverse_proxies import EXAMPLES, Apache, Caddy, HAProxy, HAProxyTcp, Nginx, free_port
from serve_program import TOKEN, run
from watched_server import PATIENCE, AsyncTestCase

DOC = os.path.join(os.path.dirname(__file__), "..", "..", "docs", "deploy.md")
PROXIES = (Nginx, HAProxy, Apache, Caddy)


def says_hi(got):
    """Whether the client was answered, and has left as it wanted."""
    return got.returncode == 0 and "< hi\n" in got.stdout


def talk(proxy, *arguments, **options):
    url = options.pop("path", "")
    return run(*connect(proxy.url + url, "--ca", proxy.certificate, "-x", "hi", *arguments, **options), timeout=PATIENCE)


@contextlib.contextmanager
def raw(proxy, source="127.0.0.5"):
    """A connection over TLS from another address than the proxy's own."""
    with socket.socket() as sock:
        sock.settimeout(PATIENCE)
        sock.bind((source, 0))
        sock.connect(("127.0.0.1", proxy.port))
        with over_tls(sock) as secure:
            yield secure


class Deploy(AsyncTestCase):
    def test_a_client_talks_through_it(self):
        for kind in PROXIES:
            with self.subTest(kind.program), Watched("--trusted-proxy", "127.0.0.1") as server, kind(server.port) as proxy:
                got = talk(proxy)
                self.assertTrue(says_hi(got), str(got) + proxy.log_text())
                got = talk(proxy, path="/a/b?c=d%2Fe")
                self.assertTrue(says_hi(got), str(got) + proxy.log_text())
                server.wait(lambda: len(server.closed) == 2)
                self.assertEqual({code for _, code, _ in server.closed}, {4000})

    def test_long_tokens_pass(self):
        token = "t" * 15 * 1024
        for kind in PROXIES:
            with self.subTest(kind.program), Watched("--token", token) as server, kind(server.port) as proxy:
                got = talk(proxy, token=token)
                self.assertTrue(says_hi(got), str(got) + proxy.log_text())

    def test_where_the_client_is(self):
        """And what it says itself of that does not count."""
        for kind in PROXIES:
            with self.subTest(kind.program), Watched("--trusted-proxy", "127.0.0.1") as server, kind(server.port) as proxy:
                forged = ["X-Forwarded-For: 192.0.2.7", "Forwarded: for=192.0.2.8", "X-Real-IP: 192.0.2.9"]
                for headers in ([], forged, ["X-Forwarded-For: 127.0.0.1"], forged[1:2], ["x-forwarded-for: a", "X-FORWARDED-FOR: b"]):
                    sid = uuid.uuid4()
                    with raw(proxy) as sock:
                        answer = answer_to(sock, request(query(sid), *headers).replace(b"Host: localhost", b"Host: localhost:%d" % proxy.port))
                        self.assertIn(" 101 ", answer)
                        announce(sock, sid)
                        server.wait(lambda: str(sid) in server.remotes)  # noqa: B023
                    self.assertEqual(server.remotes[str(sid)], "127.0.0.5", headers)

    def test_no_log_has_the_token(self):
        """Nor that of a request which is refused, or finds no server."""
        for kind in PROXIES:
            with self.subTest(kind.program), Watched("--trusted-proxy", "127.0.0.1") as server, kind(server.port) as proxy:
                self.assertEqual(talk(proxy, path="/the-path").returncode, 0)
                self.assertNotEqual(talk(proxy, token="a-wrong-token").returncode, 0)
                with raw(proxy) as sock:  # no WebSocket at all
                    answer_to(sock, request(query(), upgrade=False))
                log = proxy.wait_for_log("/the-path")
                self.assertEqual(server.stop()[0], 0)
                self.assertNotEqual(talk(proxy, "--no-reconnect").returncode, 0)
                log = proxy.wait_for_log("502" if kind in (Nginx, Caddy) else "503")
                for secret in (TOKEN, "wrong-token", "Bearer%20", "authorization"):
                    self.assertNotIn(secret, log)

    async def test_the_keep_alive_outlives_idle_time_outs(self):
        """Nobody says anything for three times the proxy's idle time-out but the keep-alive."""
        for kind in PROXIES:
            with self.subTest(kind.program), Watched("--keepalive-ms", "250") as server, kind(server.port, idle="1s") as proxy:
                async with Connect(proxy.url, "--ca", proxy.certificate, "--keepalive-ms", "60000") as client:
                    sid = client.connected["session"]
                    pings = lambda: sum(1 for of, name, _ in server.stats if (of, name) == (sid, "stat-bytes-rx"))  # noqa: E731, B023
                    await server.until(lambda: pings() >= 12)  # noqa: B023
                    self.assertEqual(server.closed, [])
                    self.assertEqual(len(server.sessions), 1)

    async def test_without_it_they_cut(self):
        """So that the test above says something."""
        for kind in (Nginx, HAProxy, Apache):
            with self.subTest(kind.program), Watched("--keepalive-ms", "600000") as server, kind(server.port, idle="1s") as proxy:
                async with Connect(proxy.url, "--ca", proxy.certificate, "--keepalive-ms", "600000"):
                    await server.until(lambda: len(server.closed) == 1)

    def test_tls_at_the_server(self):
        """HAProxy passes bytes on, and the PROXY protocol says whose they are."""
        with Watched("--trusted-proxy", "127.0.0.1", "--proxy-protocol", tls="ec") as server, HAProxyTcp(server.port) as proxy:
            got = talk(proxy)
            self.assertTrue(says_hi(got), str(got) + proxy.log_text())
            sid = uuid.uuid4()
            with raw(proxy) as sock:
                own = "127.0.0.5:%d" % sock.getsockname()[1]
                self.assertIn(" 101 ", answer_to(sock, request(query(sid), "X-Forwarded-For: 192.0.2.7")))
                announce(sock, sid)
                server.wait(lambda: str(sid) in server.remotes)
            self.assertEqual(server.remotes[str(sid)], own)
            self.assertNotIn("authorization", proxy.wait_for_log("cryo1"))

    def test_no_upgrade_passed_on(self):
        """nginx as it is without the lines that pass the upgrade on: the client is told what the proxy needs."""
        left_out = [("proxy_http_version 1.1;", ""), ("proxy_set_header Upgrade $http_upgrade;", ""), ("proxy_set_header Connection $cryo_connection;", "")]
        with Watched() as server, Nginx(server.port, replace=left_out) as proxy:
            got = talk(proxy)
            self.assertNotEqual(got.returncode, 0)
            for word in ("426", "HTTP/1.0", "proxy", "Upgrade"):
                self.assertIn(word, got.stderr)

    def test_nobody_behind_it(self):
        for kind in PROXIES:
            with self.subTest(kind.program), kind(free_port()) as proxy:
                got = talk(proxy, "--no-reconnect")
                self.assertNotEqual(got.returncode, 0)
                self.assertIn("50", got.stderr)


class Doc(unittest.TestCase):
    def test_what_is_printed_is_what_is_tested(self):
        with open(DOC, encoding="utf-8") as file:
            doc = file.read()
        for kind in (*PROXIES, HAProxyTcp):
            with open(os.path.join(EXAMPLES, kind.example), encoding="utf-8") as file:
                self.assertIn("\n" + file.read() + "```\n", doc, kind.example)


if __name__ == "__main__":
    unittest.main()
