"""CALE with clients that behave as the first ones do (clients/cale.js): no session and no message may be lost."""

import os
import unittest

from judged_server import JudgedServer
from node_clients import node
from serve_program import TOKEN, run
from watched_server import WatchedServer, scaled


def talk(job, server, manner, **options):
    return node(job, server, program="cale_main.js", manner=manner, **options)


class TheLibrary(unittest.TestCase):
    def test_it_is_the_one_that_is_meant(self):
        self.assertIn("cale over " + os.environ["CRYO_CALE_OVER"], run("--version").stdout.lower())


class TheFirstClients(unittest.TestCase):
    def conversations(self, manner, times, count, arguments=(), tls=None, **options):
        with WatchedServer("--cale", *arguments, tls=tls) as server:
            self.assertIs(server.listening["cale"], True)
            outcome = talk("conversations", server, manner, times=times, count=count, **options)
            server.wait(lambda: len(server.closed) == times)
            self.assertEqual({end[1:] for end in server.closed}, {(4000, "done")})
            self.assertEqual(server.sessions.total(), times)
            self.assertEqual(server.messages.total(), times * count)
            self.assertFalse(any(data for _, name, data in server.stats if name == "stat-ack-timeout"))
        return outcome

    def test_two_hundred_sessions(self):
        for manner in ("node", "browser"):
            with self.subTest(manner):
                self.conversations(manner, times=scaled(200), width=4, count=20)

    def test_a_long_conversation(self):
        for manner in ("node", "browser"):
            with self.subTest(manner):
                outcome = self.conversations(manner, 1, scaled(5000), ("--keepalive-ms", "500"), width=1, sizes="any")
                # 1 in 32 would have been lost.
                expected = outcome["records"] / 31
                self.assertGreater(outcome["skipped"], expected / 2)
                self.assertLess(outcome["skipped"], expected * 2)

    def test_fifty_at_once(self):
        for manner, tls in (("node", None), ("browser", None), ("node", "ec"), ("browser", "rsa")):
            with self.subTest(manner, tls=tls):
                self.conversations(manner, 50, scaled(100), ("--threads", "2"), tls, width=50)

    def test_they_hear_the_first_word(self):
        for manner, tls in (("node", None), ("browser", None), ("node", "ec")):
            with self.subTest(manner, tls=tls):
                with JudgedServer("now=" + TOKEN, "greeting=Welcome!", "cale=1", tls=tls) as server:
                    talk("greetings", server, manner, times=scaled(100), greeting="Welcome!")

    def test_they_rest_and_are_kept_alive(self):
        for manner in ("node", "browser"):
            with self.subTest(manner), WatchedServer("--cale", "--keepalive-ms", "150") as server:
                talk("idles", server, manner, pings=20)
                server.wait(lambda: server.closed)
                self.assertEqual(server.closed[0][1:], (4000, "rested"))

    def test_the_browser_client_comes_back_at_once_with_the_same_id(self):
        times = scaled(100)
        with WatchedServer("--cale", "--threads", "2") as server:
            talk("reconnects", server, "browser", times=times, count=20)
            server.wait(lambda: len(server.closed) == times)
            self.assertEqual(len(server.sessions), 1)
            self.assertEqual({end[1:] for end in server.closed}, {(4000, "again")})


if __name__ == "__main__":
    unittest.main()
