"""Clients that behave as the first ones for Node and browsers do, odd manners included (clients/*.js), in long conversations."""

import unittest

from judged_server import JudgedServer
from node_clients import node
from serve_program import TOKEN
from watched_server import WatchedServer, scaled


class TheNodeClient(unittest.TestCase):
    def test_a_long_conversation(self):
        count = scaled(5000)
        for tls in (None, "ec"):
            with self.subTest(tls=tls), WatchedServer("--keepalive-ms", "500", tls=tls) as server:
                node("conversations", server, clients=1, count=count)
                server.wait(lambda: len(server.closed) == 1)
                self.assertEqual(server.closed[0][1:], (4000, "done"))
                self.assertEqual(server.messages.total(), count)
                self.assertFalse(any(data for _, name, data in server.stats if name == "stat-ack-timeout"))

    def test_fifty_at_once(self):
        count = scaled(200)
        for tls in (None, "rsa"):
            with self.subTest(tls=tls), WatchedServer("--threads", "2", tls=tls) as server:
                node("conversations", server, clients=50, count=count)
                server.wait(lambda: len(server.closed) == 50)
                self.assertEqual({end[1:] for end in server.closed}, {(4000, "done")})
                self.assertEqual(server.messages.total(), 50 * count)

    def test_it_hears_the_first_word(self):
        for tls in (None, "ec"):
            with self.subTest(tls=tls), JudgedServer("now=" + TOKEN, "greeting=Welcome!", tls=tls) as server:
                node("greetings", server, times=scaled(100), greeting="Welcome!")

    def test_it_tries_five_times(self):
        for tls in (None, "ec"):
            with self.subTest(tls=tls), WatchedServer(tls=tls) as server:
                self.assertEqual(node("refused", server, token="wrong"), {"status": 401, "attempt": 5})
                self.assertEqual(server.sessions.total(), 0)


class TheBrowserClient(unittest.TestCase):
    def test_it_comes_back_at_once_with_the_same_id(self):
        times = scaled(100)
        for tls in (None, "ec"):
            with self.subTest(tls=tls), WatchedServer("--threads", "2", tls=tls) as server:
                node("reconnects", server, times=times, count=scaled(50))
                server.wait(lambda: len(server.closed) == times)
                self.assertEqual(server.sessions.total(), times)
                self.assertEqual(len(server.sessions), 1)
                kinds = {(4000, "again"), (1005, ""), (4100, "x" * 123)}
                self.assertEqual({end[1:] for end in server.closed}, kinds)

    def test_it_misses_nothing_within_the_window(self):
        times = scaled(100)
        for tls in (None, "ec"):
            arguments = ("--threads", "2", "--mode", "broadcast", "--resume-window-ms", "60000", "--max-queue-count", "100000")
            with self.subTest(tls=tls), WatchedServer(*arguments, tls=tls) as server:
                outcome = node("losses", server, times=times, count=100 * times)
                self.assertEqual(outcome["heard"], 100 * times)
                server.wait(lambda: len(server.closed) == 2)
                self.assertEqual({end[1:] for end in server.closed}, {(4000, "heard"), (4000, "said")})
                self.assertEqual(server.sessions.total(), 2)
                self.assertEqual((server.disconnected.total(), server.reconnected.total()), (times - 1, times - 1))


if __name__ == "__main__":
    unittest.main()
