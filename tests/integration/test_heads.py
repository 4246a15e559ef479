"""Request heads: how long they may be, what that takes of memory, and what is said of those that are malformed or cut."""

import contextlib
import unittest
import uuid

from connect_program import connect
from edge import answer_to, connection, query
from raw_cryo import request
from serve_program import run
from watched_server import SANITIZED, WatchedServer

KIB = 1024


def status_of(server, data):
    """(status, body) of the answer; 0 where there is none."""
    with contextlib.closing(connection(server)) as sock:
        answer = answer_to(sock, data)
        body = b""
        with contextlib.suppress(ConnectionError, TimeoutError):
            if answer and " 101 " not in answer.split("\r\n")[0]:
                while more := sock.recv(65536):
                    body += more
        return int(answer.split()[1]) if answer else 0, answer.partition("\r\n\r\n")[2] + body.decode()


def with_token(size):
    return request(query(token="t" * size))


class Lengths(unittest.TestCase):
    def test_by_default(self):
        with WatchedServer(log_may_speak=True) as server:
            self.assertEqual(status_of(server, with_token(15 * KIB))[0], 401)  # read, and not the right one
            self.assertEqual(status_of(server, with_token(15900))[0], 414)
            self.assertEqual(status_of(server, request(query(), "Cookie: " + "c" * 15000))[0], 101)
            self.assertEqual(status_of(server, request(query(), "Cookie: " + "c" * 16500))[0], 431)

    def test_a_long_token_is_let_in(self):
        token = "t" * 15 * KIB
        with WatchedServer("--token", token, log_may_speak=True) as server:
            got = run(*connect(server.url, "-x", "hi", token=token))
            self.assertEqual((got.returncode, "< hi\n" in got.stdout), (0, True), got)
            server.wait(lambda: len(server.closed) == 1)

    def test_by_option(self):
        with WatchedServer("--max-head-bytes", "65536", log_may_speak=True) as server:
            self.assertEqual(status_of(server, with_token(60000))[0], 401)
            self.assertEqual(status_of(server, with_token(64000))[0], 414)
            self.assertEqual(status_of(server, request(query(), "Cookie: " + "c" * 64000))[0], 101)
            self.assertEqual(status_of(server, request(query(), "Cookie: " + "c" * 66000))[0], 431)
        with WatchedServer("--max-head-bytes", "1024", log_may_speak=True) as server:
            self.assertEqual(status_of(server, with_token(100))[0], 401)
            self.assertEqual(status_of(server, with_token(1000))[0], 414)
        for bad in ("1023", "65537", "x"):
            self.assertEqual(run("serve", "--max-head-bytes", bad).returncode, 2)

    @unittest.skipIf(SANITIZED, "a sanitizer has memory of its own")
    def test_memory_is_taken_as_it_comes(self):
        """Of a thousand idle sessions whose heads could be long, and were."""
        count = 500
        costs = []
        for arguments, headers in ((["--max-head-bytes", "1024"], []), (["--max-head-bytes", "65536"], ["Cookie: " + "c" * 60000])):
            with WatchedServer(*arguments) as server, contextlib.ExitStack() as open_ones:
                for _ in range(20):  # what the first ones bring with them
                    answer_to(open_ones.enter_context(contextlib.closing(connection(server))), request(query(), *headers))
                before = server.memory()
                for _ in range(count):
                    sock = open_ones.enter_context(contextlib.closing(connection(server)))
                    self.assertIn(" 101 ", answer_to(sock, request(query(), *headers)))
                costs.append((server.memory() - before) / count)
        self.assertLess(costs[1], costs[0] + 2 * KIB, costs)


class Words(unittest.TestCase):
    def test_what_helps(self):
        plain = request(query())
        with WatchedServer(log_may_speak=True) as server:
            for data, status, *words in (
                (plain.replace(b"Bearer%20", b"Bearer "), 400, "%20", "+"),
                (plain.replace(b"GET /?", b"GET ?"), 400, "slash"),
                (plain.replace(b"HTTP/1.1", b"HTTP/1.0"), 426, "HTTP/1.0", "HTTP/1.1", "Upgrade"),
                (request(query(), "Via: 1.1 cache", upgrade=False), 426, "proxy", "Upgrade", "HTTP/1.1"),
                (request(query(), "X-Forwarded-For: 192.0.2.7", upgrade=False), 426, "proxy", "Connection"),
                (plain.replace(b"Connection: Upgrade\r\n", b"Connection: close\r\n"), 426, "Connection: Upgrade"),
                (plain.replace(b"Upgrade: websocket\r\n", b""), 426, "Upgrade: websocket"),
                (request(query(), upgrade=False), 426, "Connect to it with a WebSocket client"),
                (request(query(sid="12345678901234567890")), 400, "Cryo 3 or CAMP", "UUID"),
                (request(query(sid="0")), 400, "Cryo 3 or CAMP"),
                (request(query().split("&")[0] + "&x-camp-sid=1234"), 400, "Cryo 3 or CAMP"),
                (request("x-camp-sid=1234"), 401, "Cryo 3 or CAMP"),
                (request(query(token="wrong") + "&x-camp-sid=1234"), 401, "token"),  # whoever is let in is told
                (b"PROXY TCP4 1.1.1.1 2.2.2.2 1 2\r\n" + plain, 400, "PROXY protocol"),
            ):
                with self.subTest(data[:60]):
                    found, body = status_of(server, data)
                    self.assertEqual(found, status, body)
                    for word in words:
                        self.assertIn(word, body)
                    self.assertNotIn("token-of-the-tests", body)
                    self.assertLess(len(body), 300)


if __name__ == "__main__":
    unittest.main()
