"""wss, and the errors of certificates and keys that cannot be used."""

import shutil
import ssl
import subprocess
import tempfile
import unittest
from pathlib import Path

import cryo
import cryo.aio

from .support import ServerTest


def make_certificate(folder, name):
    """A self-signed certificate for 127.0.0.1 and its key, as PEM files."""
    certificate, key = Path(folder) / f"{name}.pem", Path(folder) / f"{name}.key"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
    ]
    command += ["-days", "2", "-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(
        [*command, "-keyout", key, "-out", certificate], check=True, capture_output=True, timeout=60
    )
    return certificate, key


class TlsTest(ServerTest):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.certificate, cls.key = make_certificate(cls.folder, "server")
        _, cls.other_key = make_certificate(cls.folder, "other")

    def client_context(self, version=None):
        context = ssl.create_default_context(cafile=str(self.certificate))
        if version is not None:
            context.minimum_version = context.maximum_version = version
        return context

    async def assert_talks(self, server, **rest):
        peer, session = await self.meet(server, **rest)
        await peer.send("x")
        self.assertEqual(await self.events.next_of("message"), (session, "x"))
        session.send(bytes(200_000))
        self.assertEqual(await peer.message(), bytes(200_000))
        await peer.close(4000, "bye")
        self.assertEqual((await self.events.next_of("closed"))[1:], (4000, "bye"))

    async def test_files_and_memory(self):
        pairs = [
            (self.certificate, self.key),
            (str(self.certificate), str(self.key)),
            (self.certificate.read_bytes(), self.key.read_bytes()),
        ]
        for certificate, key in pairs:
            server = self.serve(tls_cert=certificate, tls_key=key)
            await self.assert_talks(server, ssl=self.client_context())

    async def test_both_versions(self):
        server = self.serve(tls_cert=self.certificate, tls_key=self.key)
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            await self.assert_talks(server, ssl=self.client_context(version))

    async def test_plain_clients_get_nothing(self):
        server = self.serve(tls_cert=self.certificate, tls_key=self.key)
        with self.assertRaises(Exception):
            await self.connect(server)
        await self.assert_talks(server, ssl=self.client_context())

    async def test_what_cannot_be_used_is_told_at_the_start(self):
        nonsense = Path(self.folder) / "nonsense.pem"
        nonsense.write_text("no certificate")
        cases = [
            (self.folder + "/missing.pem", self.key, cryo.Status.ERR_TLS_FILE),
            (self.certificate, self.folder + "/missing.key", cryo.Status.ERR_TLS_FILE),
            (nonsense, self.key, cryo.Status.ERR_TLS_CERTIFICATE),
            (self.certificate, nonsense, cryo.Status.ERR_TLS_KEY),
            (self.certificate, self.other_key, cryo.Status.ERR_TLS_MISMATCH),
        ]
        for certificate, key, status in cases:
            with self.subTest(status), self.assertRaises(cryo.TlsError) as caught:
                self.serve(tls_cert=certificate, tls_key=key)
            self.assertEqual(caught.exception.status, status)
            self.assertTrue(caught.exception.text)

    async def test_none_means_no_tls(self):
        await self.assert_talks(self.serve(tls_cert=None, tls_key=None))


if __name__ == "__main__":
    unittest.main()
