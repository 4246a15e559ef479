"""What the validator and the session can read of a client's certificate, and keys of tickets exchanged at run time."""

import asyncio
import os
import shutil
import socket
import ssl
import tempfile
import unittest
from pathlib import Path

import cryo

from .support import TOKEN, ServerTest, knows_the_token
from .test_tls_exchange import Authority


class ClientCertificateTest(ServerTest):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.authority = Authority(cls.folder)
        cls.stranger = Authority(cls.folder, "stranger")
        cls.server = cls.authority.issue("server")
        cls.alice = cls.authority.issue(
            "alice", ("email:alice@example.org", "DNS:a.example", "IP:192.0.2.7"), subject="/O=Example/CN=Alice Müller"
        )

    def context(self, identity=None, version=None):
        context = ssl.create_default_context(cafile=str(self.authority.pem))
        if identity is not None:
            context.load_cert_chain(identity.pem, identity.key)
        if version is not None:
            context.minimum_version = context.maximum_version = version
        return context

    def expected(self, certificate, subject, names):
        return cryo.PeerCertificate(subject, names, certificate.fingerprint())

    async def test_the_validator_and_the_session_can_read_it(self):
        seen = []

        def authorize(auth):
            seen.append(auth.peer_certificate)
            return auth.peer_certificate is not None and "email:alice@example.org" in auth.peer_certificate.names

        server = self.serve(
            tls_cert=self.server.pem, tls_key=self.server.key, tls_client_ca=self.authority.pem, authorize=authorize
        )
        alice = self.expected(
            self.alice, "CN=Alice Müller,O=Example", ("email:alice@example.org", "DNS:a.example", "IP:192.0.2.7")
        )
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            peer, session = await self.meet(server, ssl=self.context(self.alice, version), server_hostname="localhost")
            self.assertEqual(seen.pop(), alice)
            self.assertEqual(session.peer_certificate, alice)
            await peer.close()
            await self.events.next_of("closed")
            self.assertEqual(session.peer_certificate, alice)  # for as long as it is held
        with self.assertRaisesRegex(Exception, "401"):
            await self.connect(server, ssl=self.context(), server_hostname="localhost")
        self.assertEqual(seen, [None])

    async def test_no_certificate_and_no_tls(self):
        plain = self.serve()
        _, session = await self.meet(plain)
        self.assertIsNone(session.peer_certificate)
        asking = self.serve(
            tls_cert=self.server.pem, tls_key=self.server.key, tls_client_ca=self.authority.pem.read_bytes()
        )
        _, session = await self.meet(asking, ssl=self.context(), server_hostname="localhost")
        self.assertIsNone(session.peer_certificate)
        not_asking = self.serve(tls_cert=self.server.pem, tls_key=self.server.key)
        _, session = await self.meet(not_asking, ssl=self.context(self.alice), server_hostname="localhost")
        self.assertIsNone(session.peer_certificate)

    async def test_a_ticket_that_is_settled_tells_nothing(self):
        tickets = asyncio.Queue()
        loop = asyncio.get_running_loop()

        def authorize(auth):
            auth.accept()
            loop.call_soon_threadsafe(tickets.put_nowait, auth)

        server = self.serve(authorize=authorize)
        await self.meet(server)
        with self.assertRaises((cryo.StateError, cryo.HandleError)):
            (await tickets.get()).peer_certificate

    async def test_a_session_that_is_taken_up_again_has_it(self):
        """The certificate of a resumed TLS session is in its ticket."""
        seen = asyncio.Queue()
        loop = asyncio.get_running_loop()

        def authorize(auth):
            loop.call_soon_threadsafe(seen.put_nowait, auth.peer_certificate)
            return True

        server = self.serve(
            tls_cert=self.server.pem,
            tls_key=self.server.key,
            tls_client_ca=self.authority.pem,
            tls_require_client_certificate=True,
            threads=3,
            authorize=authorize,
        )
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            context = self.context(self.alice, version)
            session, resumed = None, 0
            for _ in range(4):
                session, again = await self.in_thread(self.visit, server, context, session)
                resumed += again
                shown = await asyncio.wait_for(seen.get(), 30)
                self.assertEqual(shown.fingerprint, self.alice.fingerprint())
            self.assertEqual(resumed, 3)

    def visit(self, server, context, session):
        with socket.create_connection(("127.0.0.1", server.port), timeout=30) as plain:
            with context.wrap_socket(plain, server_hostname="localhost", session=session) as tls:
                request = f"GET /?authorization=Bearer%20{TOKEN}&x-cryo-sid={'0' * 8}-0000-4000-8000-{os.urandom(6).hex()} HTTP/1.1\r\n"
                request += "Host: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                request += "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
                tls.sendall(request.encode())
                self.assertIn(b" 101 ", tls.recv(100))
                return tls.session, tls.session_reused

    async def test_keys_of_tickets_at_run_time(self):
        one, two = os.urandom(80), os.urandom(80)
        server = self.serve(tls_cert=self.server.pem, tls_key=self.server.key, tls_ticket_keys=one, threads=2)

        async def resumed(context, session):
            return await self.in_thread(self.visit, server, context, session)

        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            context = self.context(version=version)
            server.set_tls_ticket_keys(one)
            session, _ = await resumed(context, None)
            server.set_tls_ticket_keys(two + one)
            session, again = await resumed(context, session)
            self.assertTrue(again)  # the former key is known, and a ticket of the current one was given
            server.set_tls_ticket_keys(two)
            session, again = await resumed(context, session)
            self.assertTrue(again)
            server.set_tls_ticket_keys(None)
            session, again = await resumed(context, session)
            self.assertFalse(again)
            server.reload_tls()  # keeps them
            session, again = await resumed(context, session)
            self.assertTrue(again)
        for bad in (b"", os.urandom(79), bytes(80), one + one, os.urandom(17 * 80)):
            with self.assertRaises(cryo.InvalidError):
                server.set_tls_ticket_keys(bad)
        with self.assertRaises(cryo.StateError):
            self.serve().set_tls_ticket_keys(one)

    async def test_who_may_certify_clients_is_exchanged_too(self):
        server = self.serve(tls_cert=self.server.pem, tls_key=self.server.key)
        await self.meet(server, ssl=self.context(), server_hostname="localhost")
        both = {"tls_cert": self.server.pem, "tls_key": self.server.key, "tls_require_client_certificate": True}
        server.set_tls(**both, tls_client_ca=self.authority.pem)
        _, session = await self.meet(server, ssl=self.context(self.alice), server_hostname="localhost")
        self.assertEqual(session.peer_certificate.fingerprint, self.alice.fingerprint())
        with self.assertRaises(Exception):
            await self.connect(server, ssl=self.context(), server_hostname="localhost")
        server.set_tls(**both, tls_client_ca=self.stranger.pem)
        with self.assertRaises(Exception):
            await self.connect(server, ssl=self.context(self.alice), server_hostname="localhost")
        with self.assertRaises(cryo.InvalidError):
            server.set_tls(**both)

    async def test_a_session_is_taken_up_only_with_the_same_certificate(self):
        bob = self.authority.issue("bob", ())
        server = self.serve(
            tls_cert=self.server.pem,
            tls_key=self.server.key,
            tls_client_ca=self.authority.pem,
            resume_window_ms=600_000,
        )
        lost = asyncio.Queue()
        loop = asyncio.get_running_loop()
        server.on_disconnected(lambda session, code, reason: loop.call_soon_threadsafe(lost.put_nowait, session))
        server.on_reconnected(lambda session: self.events.put("reconnected", session))
        secure = {"server_hostname": "localhost"}
        peer, session = await self.meet(server, ssl=self.context(self.alice), **secure)
        peer.websocket.transport.abort()
        self.assertEqual(await asyncio.wait_for(lost.get(), 30), session)
        for identity in (bob, None):
            with self.assertRaisesRegex(Exception, "409"):
                await self.connect(server, sid=session.id, ssl=self.context(identity), **secure)
        await self.connect(server, sid=session.id, ssl=self.context(self.alice), **secure)
        self.assertEqual(await self.events.next_of("reconnected"), (session,))

    async def test_options_that_do_not_fit_together(self):
        for options in (
            {"tls_client_ca": self.authority.pem},
            {"tls_cert": self.server.pem, "tls_key": self.server.key, "tls_require_client_certificate": True},
        ):
            with self.assertRaises(cryo.InvalidError):
                self.serve(**options)
        for options in ({"tls_min_version": 11}, {"tls_ticket_keys": b"short"}, {"tls_client_ca": b""}):
            with self.assertRaises(cryo.InvalidError):
                cryo.Server(validate=knows_the_token, **options)

    async def test_several_by_name_and_the_oldest_version(self):
        other = self.authority.issue("other", ("DNS:other.example",))
        server = self.serve(
            tls_cert=self.server.pem,
            tls_key=self.server.key,
            tls_more=[(other.pem, other.key)],
            tls_min_version=cryo.TlsVersion.TLS_1_3,
        )
        for name in ("localhost", "other.example"):
            await self.meet(server, ssl=self.context(), server_hostname=name)
        with self.assertRaises(ssl.SSLError):
            await self.connect(server, ssl=self.context(version=ssl.TLSVersion.TLSv1_2), server_hostname="localhost")


if __name__ == "__main__":
    unittest.main()
