"""What the server takes and refuses in TLS."""

import os
import select
import socket
import ssl
import struct
import subprocess
import unittest

from echo_server import BINARY, PROGRAM, TEXT, Client, Server, certificates, client_context, close_frame, frame


class Tls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.servers = {name: Server(tls=name) for name in ("rsa", "ec", "chain")}

    @classmethod
    def tearDownClass(cls):
        for name, server in cls.servers.items():
            status, errors = server.stop()
            assert status == 0, (name, status, errors)

    def test_versions(self):
        for name in ("rsa", "ec"):
            for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
                with self.subTest(name=name, version=version):
                    context = client_context(self.servers[name], version, version)
                    with Client(self.servers[name], context=context) as client:
                        client.send(frame(TEXT, b"hello"))
                        self.assertEqual(client.read_frame(), (TEXT, b"hello"))
                        self.assertIsNone(client.socket.compression())

    def test_old_versions_are_refused(self):
        for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
            # Security level 0, or the client itself would not offer them.
            context = client_context(self.servers["rsa"], version, version, "ALL:@SECLEVEL=0")
            with self.assertRaises((ssl.SSLError, ConnectionError)):
                Client(self.servers["rsa"], context=context)

    def test_suites_without_forward_secrecy_or_authentication_are_refused(self):
        for suites in ("AES128-GCM-SHA256", "AES256-SHA", "ECDHE-RSA-AES128-SHA", "ECDHE-RSA-AES128-SHA256",
                       "ECDHE-RSA-AES256-SHA384"):
            with self.subTest(suites=suites):
                context = client_context(self.servers["rsa"], maximum=ssl.TLSVersion.TLSv1_2,
                                         ciphers=suites + ":@SECLEVEL=0")
                with self.assertRaises((ssl.SSLError, ConnectionError)):
                    Client(self.servers["rsa"], context=context)

    def test_suites_that_are_taken(self):
        for suite in ("ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-RSA-CHACHA20-POLY1305"):
            context = client_context(self.servers["rsa"], maximum=ssl.TLSVersion.TLSv1_2, ciphers=suite)
            with Client(self.servers["rsa"], context=context) as client:
                self.assertEqual(client.socket.cipher()[0], suite)

    def test_whole_chain_is_sent(self):
        server = self.servers["chain"]
        context = client_context(server, trust=os.path.join(certificates(), "ca.pem"))
        with Client(server, context=context) as client:  # cannot be verified without the one in the middle
            client.send(frame(TEXT, b"hello"))
            self.assertEqual(client.read_frame(), (TEXT, b"hello"))

    def test_end_is_announced(self):
        server = self.servers["ec"]
        with Client(server, context=client_context(server)) as client:
            client.socket.suppress_ragged_eofs = False
            client.send(close_frame(1000))
            self.assertEqual(client.read_close(), 1000)  # would raise SSLEOFError without close_notify

    def test_large_messages_and_a_reader_that_stops(self):
        server = self.servers["ec"]
        payload = os.urandom(4 << 20)
        with Client(server, receive_buffer=16384, context=client_context(server)) as client:
            for _ in range(3):
                client.send(frame(BINARY, payload))
                # The server writes, and has had a turn to find its buffers full.
                self.assertTrue(select.select([client.socket], [], [], 30)[0])
                with Client(server, context=client_context(server)) as other:
                    other.send(frame(TEXT, b"a turn"))
                    self.assertEqual(other.read_frame(), (TEXT, b"a turn"))
                self.assertEqual(client.read_frame(), (BINARY, payload))

    def test_plain_http_is_dropped(self):
        with Client(self.servers["ec"], upgrade=False) as client:
            client.send(Client.request())
            try:
                while client.socket.recv(1000):
                    pass
            except ConnectionResetError:
                pass

    def test_half_a_handshake_costs_nothing_and_ends(self):
        server = self.servers["ec"]
        idle = [Client(server, upgrade=False) for _ in range(20)]
        for client in idle:
            client.send(b"\x16\x03\x01\x02\x00\x01\x00")
        before = server.cpu_seconds()
        with Client(server, context=client_context(server)) as client:
            client.send(frame(TEXT, b"hello"))
            self.assertEqual(client.read_frame(), (TEXT, b"hello"))
        idle[0].socket.settimeout(20)
        with self.assertRaises(ConnectionResetError):  # the server's own deadline
            idle[0].socket.recv(1)
        self.assertLess(server.cpu_seconds() - before, 0.3)
        for client in idle:
            client.socket.close()

    def test_resets_in_every_phase(self):
        server = self.servers["ec"]
        for cut in (0, 1, 5, 100):
            raw = socket.create_connection(("127.0.0.1", server.port))
            raw.sendall(b"\x16\x03\x01\x00\xc8\x01\x00\x00\xc4\x03\x03"[:cut].ljust(cut, b"\0"))
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            raw.close()
        client = Client(server, context=client_context(server))
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.socket.close()
        with Client(server, context=client_context(server)) as again:
            again.send(frame(TEXT, b"hello"))
            self.assertEqual(again.read_frame(), (TEXT, b"hello"))


class Failures(unittest.TestCase):
    def expect(self, certificate, key, words):
        folder = certificates()
        outcome = subprocess.run(
            [PROGRAM, "--tls-cert", os.path.join(folder, certificate), "--tls-key", os.path.join(folder, key)],
            capture_output=True, text=True, timeout=60)
        self.assertEqual(outcome.returncode, 1)
        self.assertEqual(outcome.stdout, "")
        self.assertIn(words, outcome.stderr)

    def test_all(self):
        self.expect("none.pem", "ec.key", "none.pem: no such file or directory")
        self.expect("ec.key", "ec.key", "is not a certificate")
        self.expect("ec.pem", "ec.pem", "is not a private key")
        self.expect("ec.pem", "rsa.key", "does not belong to the certificate")
        self.expect("expired.pem", "ec.key", "expired on 2020-06-01")
        self.expect("future.pem", "ec.key", "not valid before 2090-01-01")


if __name__ == "__main__":
    unittest.main()
