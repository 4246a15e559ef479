"""What is refused before the upgrade: the status line, the headers and the words, byte by byte, plain and TLS."""

import unittest
import uuid

from judged_server import JudgedServer
from raw_cryo import RawPeer, request
from watched_server import WatchedServer, cryo_peer, scaled

SID = uuid.UUID("8c6a1f0e-2b7d-4e93-a5c4-0f1e2d3c4b5a")
BEARER = "authorization=Bearer%20token-of-the-tests"
NO_SID = f"{BEARER}&x-cryo-sid="


def ask(server, query, *headers, **options):
    """(status, headers, body) of what answers this request."""
    with RawPeer(server, upgrade=False) as peer:
        peer.send(request(query, *headers, **options))
        line, fields, body = peer.read_answer()
        version, status, phrase = line.split(" ", 2)
        assert version == "HTTP/1.1" and phrase, line
        return int(status), fields, body


class Table(unittest.TestCase):
    def check(self, answer, status, **headers):
        found, fields, body = answer
        self.assertEqual(found, status, body)
        self.assertEqual(int(fields["content-length"]), len(body.encode()))
        self.assertIn("text/plain", fields["content-type"])
        self.assertIn("close", fields["connection"].lower())
        self.assertTrue(body.strip() and len(body) < 300, body)
        self.assertNotIn("token-of", body)
        for name, value in headers.items():
            self.assertEqual(fields[name.replace("_", "-")], value)
        for name, only_with in (("www-authenticate", 401), ("retry-after", 503), ("sec-websocket-accept", 101)):
            self.assertTrue(name not in fields or status == only_with, fields)

    def test_each_line_of_it(self):
        no_token = ["", f"x-cryo-sid={SID}", "authorization", "authorization=", "authorization=Bearer", "authorization=Bearer%20"]
        no_token += ["authorization=Basic%20token-of-the-tests", "authorization=token-of-the-tests"]
        no_token += ["authorization=Bearer%20wrong", "authorization=Bearer%20token-of-the-tests%00", "authorization=Bearer%20TOKEN-OF-THE-TESTS"]
        no_token += ["authorization=Bearer%20wrong&" + BEARER, "Authorization=Bearer%20token-of-the-tests"]
        no_sid = ["", "8c6a1f0e", f"{SID}0", str(SID)[:-1], str(SID).replace("-", ""), "{%s}" % SID, str(SID).replace("8", "g")]
        no_sid += ["8c6a-1f0e2b7d-4e93-a5c4-0f1e2d3c4b5a", f"%20{SID}", f"{SID}%00", "-" * 36]
        for tls in (None, "ec"):
            with WatchedServer("--verbose", "--duplicate-policy", "refuse", tls=tls, log_may_speak=True) as server:
                for query in no_token:
                    both = [query, f"{query}&x-cryo-sid={SID}", f"{query}&x-cryo-sid=nonsense"]
                    answers = []
                    for case in both:
                        with self.subTest(case, tls=tls):
                            answers.append(ask(server, case))
                            self.check(answers[-1], 401, www_authenticate="Bearer")
                    self.assertTrue(all(answer == answers[0] for answer in answers))  # not a word about the sid
                for query in [BEARER] + [NO_SID + sid for sid in no_sid]:
                    with self.subTest(query, tls=tls):
                        self.check(ask(server, query), 400)
                good = f"{NO_SID}{SID}"
                self.check(ask(server, good, upgrade=False), 426, upgrade="websocket")
                self.check(ask(server, "", path="/elsewhere", upgrade=False), 426, upgrade="websocket")
                live = RawPeer(server, sid=SID).announce()
                self.check(ask(server, good), 409)
                self.check(ask(server, NO_SID + str(SID).upper()), 409)  # the same sixteen bytes
                self.check(ask(server, good.replace("token-of", "not-of")), 401)  # nothing is told to strangers
                live.socket.close()
                server.wait(lambda: len(server.closed) == 1)
                RawPeer(server, sid=SID).announce().socket.close()
                server.wait(lambda: len(server.closed) == 2)
                status, log = server.stop()
                self.assertEqual(status, 0)
                self.assertNotIn("token-of", log)
                self.assertNotIn("not-of", log)

    def test_every_spelling_that_is_right(self):
        spellings = [f"x-cryo-sid={{sid}}&{BEARER}", f"a=b&{BEARER}&c=d&x-cryo-sid={{sid}}&e", f"&&{BEARER}&&x-cryo-sid={{sid}}&"]
        spellings += ["authorization=Bearer+token-of-the-tests&x-cryo-sid={sid}"]
        spellings += ["".join(f"%{byte:02X}" for byte in b"authorization") + "=Bearer%20%74oken%2Dof-the-tests&x%2dcryo%2Dsid={sid}"]
        with WatchedServer() as server:
            for query in spellings:
                for path in ("/", "/deep/er", "/%41"):
                    with self.subTest(query), RawPeer(server, upgrade=False) as peer:
                        sid = str(peer.sid)
                        peer.send(request(query.format(sid=sid.upper() if path == "/" else sid), path=path))
                        self.assertTrue(peer.read_head().startswith("HTTP/1.1 101 "))
                        peer.announce()
            server.wait(lambda: len(server.closed) == server.sessions.total() == 3 * len(spellings))

    def test_malformed_requests(self):
        good = f"{NO_SID}{SID}"
        with WatchedServer() as server:
            for bad, status in (
                (request(good).replace(b"Version: 13", b"Version: 8"), 426),
                (request(good).replace(b"Sec-WebSocket-Key: dGhl", b"Sec-WebSocket-Key: dGh"), 400),
                (request(good).replace(b"Host: localhost\r\n", b""), 400),
                (request(good).replace(b"\r\n", b"\r\n folded: x\r\n", 1), 400),
                (request(good + "&pad=" + "x" * 16000), 414),
                (request(good, "Pad: " + "x" * 17000), 431),
                (b"\x00\x01\x02\x03\r\n\r\n", None),  # no HTTP at all: dropped, or answered
                (b"GET\r\n\r\n", 400),
            ):
                with self.subTest(bad[:60]), RawPeer(server, upgrade=False) as peer:
                    peer.send(bad)
                    line, fields, body = peer.read_answer()
                    if status is not None or line:
                        self.assertEqual(line.split()[1], str(status or 400), body)

    def test_a_refusal_of_a_client_that_is_not_ours(self):
        import asyncio

        async def knock(server):
            for parameters, status in (({"token": "wrong"}, 401), ({"sid": "no-uuid"}, 400)):
                with self.assertRaises(cryo_peer.Refused) as refused:
                    await server.connect(**parameters)
                self.assertEqual(refused.exception.status, status)

        for tls in (None, "rsa"):
            with WatchedServer(tls=tls) as server:
                asyncio.run(knock(server))


class Limits(unittest.TestCase):
    def check_full(self, server):
        status, fields, body = ask(server, f"authorization=Bearer%20now&x-cryo-sid={uuid.uuid4()}")
        self.assertEqual(status, 503, body)
        self.assertGreater(int(fields["retry-after"]), 0)

    def test_sessions_and_addresses(self):
        for limit in ("max-sessions=3", "max-per-address=3"):
            with self.subTest(limit), JudgedServer("now=now", limit) as server:
                peers = [RawPeer(server, token="now").announce() for _ in range(3)]
                for peer in peers:
                    server.expect(f"session {peer.sid}")
                self.check_full(server)
                peers[1].socket.close()
                server.expect(f"closed {peers[1].sid} 1006 ")
                peers[1] = RawPeer(server, token="now").announce()
                server.expect(f"session {peers[1].sid}")
                self.check_full(server)
                for peer in peers:
                    peer.socket.close()

    def test_pending_validations(self):
        with JudgedServer("max-pending=2") as server:
            waiting = [RawPeer(server, token="w", upgrade=False) for _ in range(2)]
            for peer in waiting:
                peer.send(request(peer.query))
                server.expect(f"auth w {peer.sid}")
            self.check_full(server)
            server.say("reject w no")
            server.expect("settled w 1")
            with RawPeer(server, token="late", upgrade=False) as peer:
                peer.send(request(peer.query))
                server.expect(f"auth late {peer.sid}")
            for peer in waiting:
                peer.socket.close()


class Races(unittest.TestCase):
    """Two connections, one id, and a validator that takes its time."""

    def race(self, server, first_verdict, second_verdict):
        sid = uuid.uuid4()
        peers = {}
        for token in ("one", "two"):
            peers[token] = RawPeer(server, sid=sid, token=token, upgrade=False)
            peers[token].send(request(peers[token].query))
            server.expect(f"auth {token} {sid}")
        server.say(f"{first_verdict} one because")
        server.say(f"{second_verdict} two because")
        answers = {}
        for token, peer in peers.items():
            answers[token] = int(peer.read_head().split()[1])
            if answers[token] == 101:
                peer.announce()
        for peer in peers.values():
            peer.socket.close()
        if 101 in answers.values():
            server.expect_start(f"closed {sid} ")
        return answers["one"], answers["two"]

    def test_each_outcome(self):
        for tls in (None, "ec"):
            with JudgedServer(tls=tls) as server:
                for _ in range(scaled(25)):
                    self.assertEqual(self.race(server, "reject", "reject"), (401, 401))
                    self.assertEqual(self.race(server, "reject", "accept"), (401, 101))
                    self.assertEqual(self.race(server, "accept", "reject"), (101, 401))
                    self.assertIn(self.race(server, "accept", "accept"), [(101, 409), (409, 101)])

    def test_a_client_that_leaves_while_it_is_judged(self):
        with JudgedServer() as server:
            for verdict in ("accept", "reject"):
                with RawPeer(server, token="gone", upgrade=False) as gone:
                    gone.send(request(gone.query))
                    server.expect(f"auth gone {gone.sid}")
                with RawPeer(server, sid=gone.sid, token="next", upgrade=False) as peer:
                    peer.send(request(peer.query))
                    server.expect(f"auth next {gone.sid}")
                    server.say("accept next")  # the id is held by nobody any more
                    self.assertTrue(peer.read_head().startswith("HTTP/1.1 101 "))
                    server.say(f"{verdict} gone late")
                    self.assertEqual(server.expect_start("settled gone "), "settled gone 0")

    def test_the_verdict_is_for_the_token_not_for_the_id(self):
        with JudgedServer("now=now") as server, RawPeer(server, token="now") as live:
            live.announce()
            server.expect(f"session {live.sid}")
            with RawPeer(server, sid=live.sid, token="slow", upgrade=False) as peer:
                peer.send(request(peer.query))
                server.expect(f"auth slow {live.sid}")  # it is asked, though the id is taken: strangers learn nothing
                server.say("accept slow")
                line, _, _ = peer.read_answer()
                self.assertIn(" 409 ", line)


class Door(unittest.TestCase):
    QUERY = f"{BEARER}&x-cryo-sid={SID}"

    def test_pages_of_other_origins(self):
        with WatchedServer("--allow-origin", "https://app.example.com", log_may_speak=True) as server:
            for headers, status in (
                ((), 400),  # in as far as to the session id, which is missing
                (("Origin: https://app.example.com",), 400),
                (("Origin: https://evil.example",), 403),
                (("Origin: null",), 403),
            ):
                self.assertEqual(ask(server, BEARER, *headers)[0], status, headers)

    def test_attempts_and_failed_tokens_of_an_address(self):
        for option in ("--max-attempts-per-address", "--max-failed-tokens-per-address"):
            with WatchedServer(option, "2", log_may_speak=True) as server:
                wrong = f"authorization=Bearer%20wrong&x-cryo-sid={SID}"
                self.assertEqual([ask(server, wrong)[0] for _ in range(2)], [401, 401])
                status, fields, body = ask(server, self.QUERY)
                self.assertEqual(status, 429, body)
                self.assertTrue(1 <= int(fields["retry-after"]) <= 30, fields)


if __name__ == "__main__":
    unittest.main()
