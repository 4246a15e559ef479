"""CALE clients that break the rules (clients/cale_hostile.js): what they and the application are told, and what is delivered."""

import unittest
import uuid

from judged_server import JudgedServer
from node_clients import node
from raw_cryo import RawPeer, request
from serve_program import TOKEN
from watched_server import WatchedServer, cryo_peer

MISMATCH = (4010, "This end expects CALE.")
OUT_OF_TURN = (4011, "CALE handshake failed: frame out of turn.")
BAD_POINT = (4011, "CALE handshake failed: bad public key.")
SLOW = (4011, "CALE handshake failed: it took too long.")
NOT_SEALED = (4001, "A message is not encrypted.")
FORGED = (4001, "A message failed decryption.")
REPLAYED = (4001, "A message was replayed.")
FINE = (4000, "fine")

# The application never hears of these: a session is announced once it is secure.
HANDSHAKES = {
    "data instead of a hello": MISMATCH,
    "an ACK instead of a hello": MISMATCH,
    "a hello of the server": OUT_OF_TURN,
    "HANDSHAKE_DONE instead of a hello": OUT_OF_TURN,
    "a second hello": OUT_OF_TURN,
    "data instead of HANDSHAKE_DONE": MISMATCH,
    "records instead of HANDSHAKE_DONE": (4001, "Too many malformed frames."),
    "HANDSHAKE_DONE of another number": (4011, "CALE handshake failed: wrong number."),
    "a point of 64 bytes": BAD_POINT,
    "a point of 66 bytes": BAD_POINT,
    "no point": BAD_POINT,
    "a point without its first byte": BAD_POINT,
    "a compressed point": BAD_POINT,
    "a hybrid point": BAD_POINT,
    "a point that calls itself compressed": BAD_POINT,
    "a point off the curve": BAD_POINT,
    "infinity": BAD_POINT,
    "infinity of 65 bytes": BAD_POINT,
    "the origin": BAD_POINT,
    "coordinates beyond the prime": BAD_POINT,
    "the point of the server": BAD_POINT,
    "its mirror image": BAD_POINT,
}

RECORDS = {
    "a forged tag": FORGED,
    "a forged text": FORGED,
    "a forged counter": FORGED,
    "a record of the server": FORGED,
    "a record that is cut": FORGED,
    "a record of 27 bytes": NOT_SEALED,
    "a replay": REPLAYED,
    "a replayed ACK": REPLAYED,
    "a counter behind the window": REPLAYED,
    "an iv that does not begin with zeros": NOT_SEALED,
    "an iv with a one before the counter": NOT_SEALED,
    "data in the clear": NOT_SEALED,
    "a ping in the clear": NOT_SEALED,
    "an ACK in the clear": NOT_SEALED,
    "an empty message": NOT_SEALED,
    "data in the clear behind HANDSHAKE_DONE": NOT_SEALED,
    "a ping in the clear behind HANDSHAKE_DONE": NOT_SEALED,
    "a sealed hello": OUT_OF_TURN,
    "a sealed HANDSHAKE_DONE": OUT_OF_TURN,
}

ALLOWED = {
    "counters that are left out": FINE,
    "the last counter first, and what the window still holds": FINE,
    "counters in any order": FINE,
    "pings before it is secure": FINE,
    "a record right behind HANDSHAKE_DONE, and no payload in that": FINE,
    "rubbish amid the handshake": FINE,
}


def hostile(job, server, **options):
    return node(job, server, program="cale_hostile.js", **options)


class Refusals(unittest.TestCase):
    def test_each(self):
        expected = {**HANDSHAKES, **RECORDS, **ALLOWED}
        for tls in (None, "ec"):
            with WatchedServer("--cale", tls=tls, keep_messages=True) as server:
                outcomes = hostile("cases", server)
                server.stop()
                self.assertEqual(outcomes.keys(), expected.keys())
                for name, outcome in outcomes.items():
                    with self.subTest(name, tls=tls):
                        self.assertEqual((outcome["code"], outcome["reason"]), expected[name])
                        told = [] if name in HANDSHAKES else [expected[name]]
                        self.assertEqual(server.closed_of(outcome["sid"]), told)
                        self.assertEqual(server.sessions[outcome["sid"]], len(told))
                        if name not in ALLOWED:  # nothing but the close answers a breach
                            self.assertEqual(outcome["unheard"], 0)
                self.assertEqual({(kind, data) for _, kind, data in server.kept}, {("utf8", "genuine")})

    def test_a_hello_before_the_server_s(self):
        with WatchedServer("--cale") as server:
            outcome = hostile("early", server)
            self.assertEqual((outcome["code"], outcome["reason"], outcome["unheard"]), (*OUT_OF_TURN, 0))

    def test_a_handshake_that_takes_too_long(self):
        for when in ("before its hello", "after its hello"):
            with self.subTest(when), JudgedServer("now=" + TOKEN, "cale=1", "cale-timeout=200") as server:
                outcome = hostile("silent", server, when=when)
                self.assertEqual((outcome["code"], outcome["reason"]), SLOW)


class Mismatch(unittest.TestCase):
    def test_a_client_without_cale(self):
        with WatchedServer("--cale") as server:
            with RawPeer(server) as peer:
                peer.send_cryo(cryo_peer.UTF8DATA, 0, b"not for everyone")
                self.assertEqual(peer.expect_close(), MISMATCH)
            server.stop()
            self.assertEqual((server.sessions.total(), server.messages.total(), server.closed), (0, 0, []))

    def test_a_server_without_cale(self):
        expected = (4010, "This server does not speak CALE.")
        with WatchedServer() as server:
            outcome = hostile("unasked", server)
            self.assertEqual((outcome["code"], outcome["reason"]), expected)
            server.wait(lambda: server.closed)
            self.assertEqual(server.closed[0][1:], expected)

    def test_the_first_client_learns_it_from_a_ping(self):
        with WatchedServer("--keepalive-ms", "50") as server:
            self.assertEqual(hostile("disappointed", server), {"code": 4010, "reason": "no CALE"})
            server.wait(lambda: server.closed)
            self.assertEqual(server.closed[0][1:], (4010, "no CALE"))


class TheId(unittest.TestCase):
    """One that begins as a record does."""

    def test_eight_zero_bytes(self):
        zeros = uuid.UUID(int=uuid.uuid4().int % 2**64)
        nearly = uuid.UUID(int=2**64 + 1)
        with WatchedServer("--cale") as server:
            with RawPeer(server, sid=zeros, upgrade=False) as peer:
                peer.send(request(peer.query))
                line, _, body = peer.read_answer()
                self.assertTrue(line.startswith("HTTP/1.1 400 "), line)
                self.assertIn("x-cryo-sid", body)
            with RawPeer(server, sid=nearly) as peer:
                self.assertEqual(peer.read_cryo().type, cryo_peer.SERVER_HELLO)
        with WatchedServer() as server, RawPeer(server, sid=zeros) as peer:
            peer.announce()


if __name__ == "__main__":
    unittest.main()
