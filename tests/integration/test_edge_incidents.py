"""Each refusal, failure of TLS and violation leaves one line with the address, the status and the reason, and is counted. No token is in any."""

import socket
import ssl
import unittest

import prometheus
from raw_cryo import RawPeer, frame, request
from test_edge_health import ask
from watched_server import WatchedServer, cryo_peer

GOOD = "authorization=Bearer%20token-of-the-tests"


class Incidents(unittest.TestCase):
    def figures(self, server):
        return prometheus.parse(ask(server, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")[2])

    def expect(self, server, peer, *words):
        """One line that begins with the peer's address and has these words; none before it has."""
        address = peer if isinstance(peer, str) else self.address_of(peer)

        def lines():
            return [line for line in server.told if line.startswith(address + " ")]

        server.wait(lines)
        found = lines()
        self.assertEqual(len(found), 1, found)
        for word in words:
            self.assertIn(word, found[0])

    @staticmethod
    def address_of(peer):
        host, port = (peer.socket if isinstance(peer, RawPeer) else peer).getsockname()
        return f"{host}:{port}"

    def say(self, server, data, *words):
        with RawPeer(server, upgrade=False) as peer:
            peer.send(data)
            self.expect(server, peer, *words)
            return peer.read_answer()

    def test_refusals(self):
        with WatchedServer("--duplicate-policy", "refuse", "--metrics") as server:
            sid = cryo_peer.uuid.uuid4()
            live = RawPeer(server, sid=sid).announce()
            for status, data in (
                (400, request(f"{GOOD}&x-cryo-sid=nonsense")),
                (400, b"GET\r\n\r\n"),
                (400, request(GOOD).replace(b"Host: localhost\r\n", b"")),
                (401, request(f"authorization=Bearer%20not-the-right-one&x-cryo-sid={sid}")),
                (401, request("", path="/secret-path-of-a-token")),
                (403, b"GET /metrics HTTP/1.1\r\nHost: x\r\nVia: 1.1 p\r\n\r\n"),
                (409, request(f"{GOOD}&x-cryo-sid={sid}")),
                (414, request(f"{GOOD}&pad=" + "x" * 70000)),
                (426, request(f"{GOOD}&x-cryo-sid={sid}", upgrade=False)),
                (426, request(GOOD).replace(b"Version: 13", b"Version: 8")),
                (431, request(GOOD, "Pad: " + "x" * 70000)),
                (501, b"A" * 40 + b" / HTTP/1.1\r\n\r\n"),
                (505, b"GET / HTTP/2.0\r\nHost: x\r\n\r\n"),
            ):
                with self.subTest(data[:80]):
                    line, _, _ = self.say(server, data, f"with {status}")
                    self.assertEqual(line.split()[1], str(status))
            told = "".join(server.told)
            for secret in ("token-of-the-tests", "not-the-right-one", "secret-path", str(sid)):
                self.assertNotIn(secret, told)
            now = self.figures(server)
            for status, count in ((400, 3), (401, 2), (403, 1), (409, 1), (414, 1), (426, 2), (431, 1), (501, 1), (505, 1)):
                self.assertEqual(prometheus.value(now, "cryo_requests_refused_total", status=str(status)), count, status)
            live.socket.close()
            server.wait(lambda: server.closed)

    def test_other_protocols(self):
        with WatchedServer("--metrics") as server:
            self.say(server, b"PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n", "PROXY protocol")
            self.say(server, b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c" + bytes(12), "PROXY protocol")
            self.say(server, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(40), "TLS")
            self.say(server, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP/2")
            self.say(server, b"\0\1\2", "no HTTP")
            self.assertEqual(prometheus.value(self.figures(server), "cryo_foreign_connections_total"), 5)

    def test_tls(self):
        with WatchedServer("--metrics", tls="ec") as server:
            failures = 0

            def fail(work, *words):
                nonlocal failures
                failures += 1
                with socket.create_connection(("127.0.0.1", server.port)) as sock:
                    address = self.address_of(sock)
                    work(sock)
                    self.expect(server, address, "did not get TLS", *words)

            def shake(context):
                def work(sock):
                    with self.assertRaises((ssl.SSLError, OSError)):
                        context.wrap_socket(sock, server_hostname="localhost").recv(1)

                return work

            fail(lambda sock: sock.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"), "HTTP without TLS")
            fail(lambda sock: sock.sendall(b"OPTIONS / HTTP/1.0\r\n\r\n"))
            fail(lambda sock: sock.sendall(b"PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n"))
            fail(lambda sock: sock.sendall(bytes(64)))
            fail(shake(ssl.create_default_context()), "unknown ca")  # trusts the system's
            old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
            old.set_ciphers("ALL:@SECLEVEL=0")
            import warnings

            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
            fail(shake(old), "protocol")

            def leave(sock):
                sock.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")
                sock.shutdown(socket.SHUT_WR)

            fail(leave, "in the middle")
            self.assertEqual(prometheus.value(self.figures(server), "cryo_tls_failures_total"), failures)
            peer = RawPeer(server).announce()  # and others are served
            peer.socket.close()
            server.wait(lambda: server.closed)

    def test_violations(self):
        for tls in (None, "ec"):
            with WatchedServer("--metrics", tls=tls) as server:
                # Before the announcement: the upgrade's ping is not answered.
                early = RawPeer(server)
                early.answers_pings = False
                early.send(frame(1, b"a text"))
                self.expect(server, early, "before its session was announced", "1003")
                late = RawPeer(server).announce()
                late.send(frame(1, b"a text"))
                self.expect(server, late, "is closed with 1003")
                unmasked = RawPeer(server).announce()
                unmasked.send(b"\x82\x00")
                self.expect(server, unmasked, "is closed with 1002")
                foreign = RawPeer(server).announce()
                foreign.send(frame(2, bytes(21)))
                self.expect(server, foreign, "malformed, or for another session")
                big = RawPeer(server).announce()
                big.send(b"\x82\xff" + (1 << 40).to_bytes(8, "big"))
                self.expect(server, big, "is closed with 1009")
                self.assertEqual(prometheus.value(self.figures(server), "cryo_protocol_violations_total"), 5)
                foreign.socket.close()
                for peer in (early, late, unmasked, big):
                    peer.socket.close()
                server.wait(lambda: len(server.closed) == 4)

    def test_too_many_malformed_frames_count_one_by_one(self):
        with WatchedServer("--metrics") as server:
            with RawPeer(server).announce() as peer:
                peer.send(frame(2, bytes(21)) * 17)
                self.assertEqual(peer.expect_close(), (4001, "Too many malformed frames."))
            server.wait(lambda: any("4001" in line for line in server.told))
            self.assertEqual(prometheus.value(self.figures(server), "cryo_protocol_violations_total"), 17)

    def test_a_session_that_never_became_secure(self):
        with WatchedServer("--cale", "--metrics") as server:
            with RawPeer(server) as peer:
                peer.send_cryo(3, 0, b"in the clear")
                self.expect(server, peer, "before its session was announced", "4010")
            self.assertEqual(prometheus.value(self.figures(server), "cryo_protocol_violations_total"), 1)
            self.assertEqual(prometheus.value(self.figures(server), "cryo_sessions_accepted_total"), 0)

    def test_who_is_refused_while_the_server_drains(self):
        with WatchedServer("--drain-ms", "600000", "--metrics") as server:
            peer = RawPeer(server).announce()
            second = RawPeer(server).announce()
            server.process.terminate()
            first_end = {peer: None, second: None}
            with RawPeer(server, upgrade=False) as late:
                while ask(server, "GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n")[0] == 200:
                    pass
                late.send(request(late.query))
                line, fields, _ = late.read_answer()
                self.assertEqual((line.split()[1], fields["retry-after"]), ("503", "1"))
                self.expect(server, late, "with 503")
            del first_end
            peer.socket.close()
            second.socket.close()
            server.wait(lambda: len(server.closed) == 2)
            self.assertEqual(server.process.wait(60), 0)
            server.reader.join()
            server.process.stdout.close()

    def test_verbose_tells_all_of_it_on_standard_error(self):
        for options in (["--verbose"], ["--quiet"], []):
            with WatchedServer(*options, log_may_speak=True) as server:
                for _ in range(40):
                    self.assertEqual(ask(server, "GET /?authorization=Bearer%20wrong HTTP/1.1\r\nHost: x\r\n\r\n")[0], 426)
                status, log = server.stop()
                self.assertEqual(status, 0)
                in_all = len(server.told) + sum("was refused with 426" in line for line in log.splitlines())
                if options == ["--verbose"]:
                    self.assertEqual(in_all, 40)  # some for information, the others on standard error
                elif options == ["--quiet"]:
                    self.assertEqual((in_all, log), (0, ""))
                else:
                    self.assertLess(in_all, 40)
                    self.assertEqual(log, "")


if __name__ == "__main__":
    unittest.main()
