"""What a server shows by TLS is exchanged while it runs."""

import asyncio
import shutil
import socket
import ssl
import sys
import tempfile
import unittest
from pathlib import Path

import cryo
import cryo.aio

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "tests" / "support"))
from authority import Authority, openssl  # noqa: E402

from .support import ServerTest, knows_the_token  # noqa: E402


def shown(server, name=None):
    """The certificate that a client gets to see, DER."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as plain:
        with context.wrap_socket(plain, server_hostname=name) as tls:
            return tls.getpeercert(binary_form=True)


class TlsExchangeTest(ServerTest):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.authority = Authority(cls.folder)
        cls.one = cls.authority.issue("one")
        cls.two = cls.authority.issue("two", kind="ed25519")
        cls.weak = cls.authority.issue("weak", kind="rsa-1024")

    def context(self):
        return ssl.create_default_context(cafile=str(self.authority.pem))

    def link(self, name, certificate):
        """Files with a name of their own, which others may take the place of."""
        shutil.copy(certificate.pem, self.folder / f"{name}.pem")
        shutil.copy(certificate.key, self.folder / f"{name}.key")
        return self.folder / f"{name}.pem", self.folder / f"{name}.key"

    async def test_files_are_read_again(self):
        for threads in (1, 3):
            certificate, key = self.link("now", self.one)
            server = self.serve(tls_cert=certificate, tls_key=key, threads=threads)
            peer, session = await self.meet(server, ssl=self.context(), server_hostname="localhost")
            self.link("now", self.two)
            self.assertEqual(await self.in_thread(shown, server), self.one.der())
            await self.in_thread(server.reload_tls)
            for _ in range(2 * threads):
                self.assertEqual(await self.in_thread(shown, server), self.two.der())
            session.send("still here")  # the old connection goes on
            self.assertEqual(await peer.message(), "still here")

    async def test_others_are_set(self):
        server = self.serve(tls_cert=self.one.pem, tls_key=self.one.key)
        server.set_tls(tls_cert=self.two.pem.read_bytes(), tls_key=self.two.key.read_bytes())
        self.assertEqual(await self.in_thread(shown, server), self.two.der())
        server.reload_tls()  # the same again
        self.assertEqual(await self.in_thread(shown, server), self.two.der())
        server.set_tls(tls_cert=self.one.pem, tls_key=self.one.key)
        self.assertEqual(await self.in_thread(shown, server), self.one.der())

    async def test_a_bad_one_is_refused_with_words_and_the_old_one_stays(self):
        certificate, key = self.link("bad", self.one)
        server = self.serve(tls_cert=certificate, tls_key=key)
        for pem, its_key, status, words in (
            (b"no certificate", self.one.key.read_bytes(), cryo.Status.ERR_TLS_CERTIFICATE, "not a certificate"),
            (b"", self.one.key.read_bytes(), cryo.Status.ERR_TLS_CERTIFICATE, "not a certificate"),
            (self.one.pem.read_bytes(), b"no key", cryo.Status.ERR_TLS_KEY, "not a private key"),
            (self.one.pem.read_bytes(), self.one.encrypted_key().read_bytes(), cryo.Status.ERR_TLS_KEY, "password"),
            (self.one.pem.read_bytes(), self.two.key.read_bytes(), cryo.Status.ERR_TLS_MISMATCH, "does not belong"),
            (self.weak.pem.read_bytes(), self.weak.key.read_bytes(), cryo.Status.ERR_TLS, "too small (RSA, 1024 bits)"),
        ):
            with self.subTest(words):
                certificate.write_bytes(pem)
                key.write_bytes(its_key)
                with self.assertRaisesRegex(cryo.TlsError, words.replace("(", r"\(").replace(")", r"\)")) as caught:
                    server.reload_tls()
                self.assertEqual(caught.exception.status, status)
                self.assertEqual(await self.in_thread(shown, server), self.one.der())
        certificate.unlink()
        with self.assertRaises(cryo.TlsError) as caught:
            server.reload_tls()
        self.assertEqual(caught.exception.status, cryo.Status.ERR_TLS_FILE)
        with self.assertRaises(cryo.InvalidError):
            server.set_tls()  # no certificate at all
        self.assertEqual(await self.in_thread(shown, server), self.one.der())
        self.link("bad", self.two)
        server.reload_tls()
        self.assertEqual(await self.in_thread(shown, server), self.two.der())

    async def test_when_it_cannot_be(self):
        fresh = self.make(tls_cert=self.one.pem, tls_key=self.one.key)
        with self.assertRaises(cryo.StateError):
            fresh.reload_tls()
        plain = self.serve()
        for call in (plain.reload_tls, lambda: plain.set_tls(tls_cert=self.one.pem, tls_key=self.one.key)):
            with self.assertRaisesRegex(cryo.StateError, "without TLS"):
                call()
        with self.assertRaisesRegex(TypeError, "port"):
            plain.set_tls(port=1)

    async def test_under_load_from_many_threads(self):
        certificate, key = self.link("busy", self.one)
        server = self.serve(tls_cert=certificate, tls_key=key, threads=2)
        known = {self.one.der(), self.two.der()}
        over = asyncio.Event()

        async def exchange():
            while not over.is_set():
                for each in (self.two, self.one):
                    await self.in_thread(lambda: server.set_tls(tls_cert=each.pem, tls_key=each.key))

        exchanging = [asyncio.create_task(exchange()) for _ in range(2)]
        seen = set()
        while seen != known:
            seen.update(await asyncio.gather(*(self.in_thread(shown, server) for _ in range(8))))
            self.assertLessEqual(seen, known)
        over.set()
        await asyncio.gather(*exchanging)

    async def test_in_an_event_loop(self):
        async with cryo.aio.Server(
            port=0, validate=knows_the_token, tls_cert=self.one.pem, tls_key=self.one.key
        ) as server:
            await server.set_tls(tls_cert=self.two.pem, tls_key=self.two.key)
            self.assertEqual(await self.in_thread(shown, server), self.two.der())
            await server.reload_tls()
            server.set_tls_ticket_keys(None)

    async def test_openssls_own_client_agrees(self):
        server = self.serve(tls_cert=self.two.pem, tls_key=self.two.key)
        command = ["s_client", "-connect", f"127.0.0.1:{server.port}", "-CAfile", self.authority.pem]
        answer = await self.in_thread(lambda: openssl(*command, "-verify_return_error", input=b"").stdout)
        self.assertIn(b"Verify return code: 0 (ok)", answer)
        self.assertIn(b"peer signature type: ed25519", answer.lower())


if __name__ == "__main__":
    unittest.main()
