"""What a balancer, an orchestrator and a scraper ask, on the port of the WebSockets."""

import socket
import time
import unittest
import urllib.request

import prometheus
from raw_cryo import RawPeer, request
from serve_program import TOKEN
from watched_server import PATIENCE, WatchedServer

UPGRADE = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"


def ask(server, text, cut=None):
    """(status, headers, body) of the answer to this text, sent in pieces of so many bytes; the connection ends behind it."""
    with RawPeer(server, upgrade=False) as peer:
        data = text.encode("latin-1")
        for at in range(0, len(data), cut or len(data)):
            peer.send(data[at : at + (cut or len(data))])
        line, fields, body = peer.read_answer()
        return int(line.split()[1]), fields, body


class Health(unittest.TestCase):
    def test_each_way_to_ask(self):
        for tls in (None, "ec"):
            with WatchedServer(tls=tls) as server:
                for target in ("/healthz", "/readyz", "/"):
                    for version, headers in (("1.0", ""), ("1.1", "Host: x\r\n"), ("1.1", "Host: x\r\nConnection: keep-alive\r\n")):
                        for method in ("GET", "HEAD", "OPTIONS"):
                            with self.subTest(target=target, version=version, method=method, tls=tls):
                                status, fields, body = ask(server, f"{method} {target} HTTP/{version}\r\n{headers}\r\n")
                                self.assertEqual(status, 200)
                                self.assertEqual(fields["connection"], "close")
                                self.assertEqual(fields["cache-control"], "no-store")
                                self.assertEqual(body, "" if method == "HEAD" else "ok\n" if target == "/healthz" else "ready\n")
                                self.assertEqual(int(fields["content-length"]), 3 if target == "/healthz" else 6)
                                self.assertEqual("allow" in fields, method == "OPTIONS")
                for version, headers in (("1.0", ""), ("1.1", "Host: x\r\n")):
                    self.assertEqual(ask(server, f"OPTIONS * HTTP/{version}\r\n{headers}\r\n")[0], 200)
                self.assertEqual(ask(server, "GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n", cut=1)[0], 200)
                self.assertEqual(ask(server, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")[2], "ok\n")
                status, fields, _ = ask(server, "DELETE /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx")
                self.assertEqual((status, fields["allow"]), (405, "GET, HEAD, OPTIONS"))
                self.assertEqual(server.told, [])

    def test_what_is_no_question_is_refused_as_before(self):
        with WatchedServer() as server:
            for text in (
                f"GET /?authorization=Bearer%20{TOKEN} HTTP/1.1\r\nHost: x\r\n\r\n",  # a client whose proxy has dropped the rest
                "GET / HTTP/1.1\r\nHost: x\r\nSec-WebSocket-Version: 13\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
                "GET /elsewhere HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n",  # off
            ):
                self.assertEqual(ask(server, text)[0], 426, text)
            self.assertEqual(ask(server, f"GET /healthz HTTP/1.1\r\nHost: x\r\n{UPGRADE}\r\n")[0], 401)  # a client without a token
            with RawPeer(server, upgrade=False) as peer:  # one with a token, to that path
                peer.send(request(peer.query, path="/healthz"))
                self.assertTrue(peer.read_head().startswith("HTTP/1.1 101 "))
                peer.announce()
            server.wait(lambda: server.closed)

    def test_it_can_be_switched_off(self):
        with WatchedServer("--no-health") as server:
            for target in ("/healthz", "/readyz", "/"):
                self.assertEqual(ask(server, f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n")[0], 426)
            self.assertEqual(ask(server, "OPTIONS * HTTP/1.0\r\n\r\n")[0], 426)

    def test_knocks_leave_nothing(self):
        for tls in (None, "ec"):
            with WatchedServer(tls=tls) as server:
                before = server.descriptors()
                for i in range(60):
                    knock = socket.create_connection(("127.0.0.1", server.port))
                    if i % 2:
                        knock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                    knock.close()
                ask(server, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")  # behind all of them
                self.assertEqual(server.told, [])
                for _ in range(100):
                    if server.descriptors() <= before:
                        break
                    ask(server, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
                self.assertLessEqual(server.descriptors(), before)


class Metrics(unittest.TestCase):
    def test_for_this_machine(self):
        for tls in (None, "ec"):
            with WatchedServer("--metrics", tls=tls) as server:
                status, fields, body = ask(server, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
                self.assertEqual((status, fields["content-type"]), (200, "text/plain; version=0.0.4; charset=utf-8"))
                self.assertEqual(int(fields["content-length"]), len(body))
                self.assertEqual(prometheus.value(prometheus.parse(body), "cryo_health_checks_total"), 1)
                for header in ("X-Forwarded-For: 192.0.2.1", "Forwarded: for=192.0.2.1", "Via: 1.1 somebody"):
                    self.assertEqual(ask(server, f"GET /metrics HTTP/1.1\r\nHost: x\r\n{header}\r\n\r\n")[0], 403)
                server.wait(lambda: len(server.told) == 3)
                self.assertIn("with 403", server.told[0])

    def test_with_a_token(self):
        import tempfile

        with tempfile.NamedTemporaryFile("w") as file:
            file.write("# for the scraper\nscraper-token\n")
            file.flush()
            with WatchedServer("--metrics=" + file.name) as server:
                good = "GET /metrics HTTP/1.1\r\nHost: x\r\nVia: 1.1 p\r\nAuthorization: Bearer scraper-token\r\n\r\n"
                self.assertEqual(ask(server, good)[0], 200)
                for bad in ("", "Authorization: Bearer wrong-token\r\n", f"Authorization: Bearer {TOKEN}\r\n"):
                    status, fields, _ = ask(server, f"GET /metrics HTTP/1.1\r\nHost: x\r\n{bad}\r\n")
                    self.assertEqual((status, fields["www-authenticate"]), (401, "Bearer"))
                self.assertEqual(ask(server, "HEAD /metrics HTTP/1.0\r\nAuthorization: Bearer scraper-token\r\n\r\n")[2], "")
                server.wait(lambda: len(server.told) == 3)
                self.assertNotIn("wrong-token", "".join(server.told))

    def test_a_client_of_http_reads_it(self):
        with WatchedServer("--metrics") as server:
            with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/metrics", timeout=PATIENCE) as answer:
                prometheus.parse(answer.read().decode())

    def test_the_figures_are_right(self):
        for threads in ("1", "3"):
            with WatchedServer("--metrics", "--threads", threads) as server:

                def figures(server=server):
                    return prometheus.parse(ask(server, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")[2])

                peers = [RawPeer(server).announce() for _ in range(5)]
                for peer in peers:
                    for number in range(1, 11):
                        peer.send_cryo(3, number, b"text")
                    for _ in range(20):  # ten acknowledgements, ten answers
                        peer.expect(0, 3)
                # A message counts when its write has returned, and its peer may have it before.
                deadline = time.monotonic() + PATIENCE
                while prometheus.value(now := figures(), "cryo_messages_sent_total") < 55:
                    self.assertLess(time.monotonic(), deadline)
                self.assertEqual(prometheus.value(now, "cryo_sessions"), 5)
                self.assertEqual(prometheus.value(now, "cryo_sessions_accepted_total"), 5)
                self.assertGreaterEqual(prometheus.value(now, "cryo_connections_accepted_total"), 6)
                self.assertGreaterEqual(prometheus.value(now, "cryo_connections"), 6)
                self.assertEqual(prometheus.value(now, "cryo_messages_received_total"), 55)  # with those that announce
                self.assertGreaterEqual(prometheus.value(now, "cryo_received_bytes_total"), 50 * (21 + 4 + 6))
                self.assertGreaterEqual(prometheus.value(now, "cryo_sent_bytes_total"), 50 * (21 + 4 + 2))
                self.assertEqual(prometheus.value(now, "cryo_messages_sent_total"), 55)
                for peer in peers:
                    peer.socket.close()
                server.wait(lambda: len(server.closed) == 5)
                now = figures()
                self.assertEqual(prometheus.value(now, "cryo_sessions"), 0)
                self.assertEqual(prometheus.value(now, "cryo_sessions_closed_total"), 5)
                self.assertEqual(prometheus.value(now, "cryo_messages_sent_total"), 55)


if __name__ == "__main__":
    unittest.main()
