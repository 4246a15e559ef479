"""TLS as operators have it, with Python's ssl and the `openssl` program as clients."""

import asyncio
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import unittest
from pathlib import Path

from json_program import cryo_peer, run
from serve_program import TOKEN, Serve

import websockets_asyncio as websockets  # of tests/support, as the next one
from authority import KEYS, Authority, expired_response

VERSIONS = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}


class TlsServer(Serve):
    """`cryo serve` with these certificates."""

    def __init__(self, *arguments, certificates):
        pairs = [f"--tls-{what}={path}" for each in certificates for what, path in (("cert", each.chain), ("key", each.key))]
        super().__init__(*pairs, *arguments)

    async def begin(self):
        await super().begin()
        self.url = f"wss://localhost:{self.port}"


async def s_client(serve, *arguments, text=""):
    """What the openssl program has to say; None where it fails. It leaves once it is connected, or with `text`, its answer read."""
    result = await asyncio.to_thread(
        subprocess.run,
        ["openssl", "s_client", "-connect", f"127.0.0.1:{serve.port}", *map(str, arguments)],
        input=text.encode(),
        capture_output=True,
        timeout=cryo_peer.PATIENCE,
    )
    return result.stdout.decode("utf-8", "replace")


class Case(unittest.IsolatedAsyncioTestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="cryo_serve_tls_"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.authority = Authority(cls.folder)
        cls.server = cls.authority.issue("server")

    def context(self, *, version=None, trusted=None, identity=None):
        context = ssl.create_default_context(cafile=str((trusted or self.authority).pem))
        if version is not None:
            context.minimum_version = context.maximum_version = version
        if identity is not None:
            context.load_cert_chain(identity.chain, identity.key)
        return context

    async def talk(self, serve, context, name="localhost"):
        """A whole session; raises what the connection raises."""
        peer = await cryo_peer.connect(serve.url, token=TOKEN, ssl=context, server_hostname=name)
        async with peer:
            await peer.send_text("hello")
            self.assertEqual(await peer.message(), "hello")

    async def assert_no_talk(self, serve, context):
        with self.assertRaises((OSError, EOFError, cryo_peer.Closed, websockets.InvalidHandshake, websockets.ConnectionClosed)):
            await self.talk(serve, context)


def name_shown(serve, asked):
    """The subject of the certificate that a client sees which asks for a name."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", serve.port), timeout=cryo_peer.PATIENCE) as plain:
        with context.wrap_socket(plain, server_hostname=asked) as tls:
            return tls.getpeercert(binary_form=True)


class Names(Case):
    async def test_the_certificate_goes_by_the_name_that_is_asked_for(self):
        first = self.authority.issue("first", ("DNS:one.example", "DNS:www.one.example"))
        second = self.authority.issue("second", ("DNS:*.two.example", "DNS:Two.Example", "IP:127.0.0.1"), kind="ed25519")
        third = self.authority.issue("third", ("DNS:one.example", "DNS:a.two.example"), kind="rsa")
        expected = {
            None: first,
            "one.example": first,  # the first that has it
            "www.one.example": first,
            "WWW.ONE.EXAMPLE": first,
            "two.example": second,
            "b.two.example": second,
            "B.Two.Example": second,
            "a.two.example": third,  # exactly, before a wildcard
            "a.b.two.example": first,  # a wildcard stands for one label
            "other.example": first,
            "xn--bcher-kva.two.example": second,
            "localhost": first,
        }
        async with TlsServer("--threads", "2", certificates=(first, second, third)) as serve:
            for name, certificate in expected.items():
                with self.subTest(name):
                    self.assertEqual(await asyncio.to_thread(name_shown, serve, name), certificate.der())
            self.assertRegex(await s_client(serve, "-servername", "x.two.example"), "CN ?= ?second")
            self.assertRegex(await s_client(serve, "-noservername"), "CN ?= ?first")
            # The server asks for another hello: it has no key of that group.
            again = await s_client(serve, "-servername", "two.example", "-groups", "P-521:X25519", "-msg")
            self.assertEqual(again.count(", ClientHello"), 2)
            self.assertRegex(again, "CN ?= ?second")
            await self.talk(serve, self.context(), "two.example")
            result = await asyncio.to_thread(
                run, "connect", serve.url, "--token", TOKEN, "-x", "hi", "--ca", str(self.authority.pem)
            )
            self.assertIn("for another name", result.stderr)

    async def test_each_certificate_has_its_key(self):
        one, two = self.server, self.authority.issue("another")
        for keys in ([one.key], [one.key, two.key, two.key]):
            arguments = [f"--tls-cert={one.pem}", f"--tls-cert={two.pem}", *(f"--tls-key={key}" for key in keys)]
            result = await asyncio.to_thread(run, "serve", "--port", "0", *arguments)
            self.assertEqual(result.returncode, 2)
            self.assertIn("each --tls-cert needs its --tls-key", result.stderr)
        result = await asyncio.to_thread(
            run, "serve", "--port=0", f"--tls-cert={one.pem}", f"--tls-key={one.key}", f"--tls-cert={two.pem}", f"--tls-key={one.key}"
        )
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stderr, "server.key does not belong to the certificate in .*another.pem")


class Keys(Case):
    async def test_every_kind_of_key_that_openssl_serves(self):
        for kind in KEYS:
            certificate = self.authority.issue(f"kind-{kind}", kind=kind)
            with self.subTest(kind):
                if kind == "rsa-1024":
                    result = await asyncio.to_thread(
                        run, "serve", "--port=0", f"--tls-cert={certificate.pem}", f"--tls-key={certificate.key}"
                    )
                    self.assertEqual(result.returncode, 1)
                    self.assertRegex(result.stderr, r"kind-rsa-1024.pem .*its key is too small \(RSA, 1024 bits\)")
                    continue
                async with TlsServer(certificates=[certificate]) as serve:
                    answer = await s_client(serve, "-CAfile", self.authority.pem)
                    self.assertIn("Verify return code: 0 (ok)", answer)
                    arguments = (serve.url, "--token", TOKEN, "-x", "hi", "--ca", str(self.authority.pem))
                    result = await asyncio.to_thread(run, "connect", *arguments)
                    self.assertEqual(result.returncode, 0, result.stderr)

    async def test_a_key_with_a_password_is_told(self):
        result = await asyncio.to_thread(
            run, "serve", "--port=0", f"--tls-cert={self.server.pem}", f"--tls-key={self.server.encrypted_key()}"
        )
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stderr, "server-encrypted.key is encrypted, and a password is needed")


class Clients(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.between = Authority(cls.folder, "between", issuer=cls.authority)
        cls.stranger = Authority(cls.folder, "stranger")
        cls.alice = cls.authority.issue("alice", ("email:alice@example.org",))
        cls.bob = cls.between.issue("bob", ())
        cls.mallory = cls.stranger.issue("mallory", ())

    async def test_required(self):
        for threads in ("1", "3"):
            arguments = ("--tls-client-ca", self.authority.pem, "--tls-require-client-cert", "--threads", threads)
            async with TlsServer(*map(str, arguments), certificates=[self.server]) as serve:
                for version in VERSIONS.values():
                    await self.assert_no_talk(serve, self.context(version=version))
                    await self.assert_no_talk(serve, self.context(version=version, identity=self.mallory))
                    for good in (self.alice, self.bob):
                        await self.talk(serve, self.context(version=version, identity=good))
                connect = ["connect", serve.url, "--token", TOKEN, "-x", "hi", "--no-reconnect", "--ca", str(self.authority.pem)]
                for identity, status in ((self.alice, 0), (self.bob, 0), (self.mallory, 1), (None, 1)):
                    own = [] if identity is None else ["--tls-cert", str(identity.chain), "--tls-key", str(identity.key)]
                    result = await asyncio.to_thread(run, *connect, *own)
                    self.assertEqual(result.returncode, status, result.stderr)
                self.assertIn("certificate required", result.stderr)
                answer = await s_client(serve, "-cert", self.alice.pem, "-key", self.alice.key)
                self.assertRegex(answer, "Acceptable client certificate CA names\nCN ?= ?authority\n")
                await serve.stop()
                log = [event["message"] for event in (*serve.seen, *serve.rest) if event["event"] == "log"]
                for words in ("peer did not return a certificate", "unable to get local issuer certificate"):
                    self.assertTrue(any(line.endswith("did not get TLS: " + words) for line in log), log)

    async def test_optional(self):
        async with TlsServer("--tls-client-ca", str(self.authority.pem), certificates=[self.server]) as serve:
            for version in VERSIONS.values():
                await self.talk(serve, self.context(version=version))
                await self.talk(serve, self.context(version=version, identity=self.alice))
                await self.assert_no_talk(serve, self.context(version=version, identity=self.mallory))

    async def test_an_authority_between_or_the_certificate_itself_may_be_named(self):
        for named, good, bad in ((self.between, self.bob, self.alice), (self.alice, self.alice, self.bob)):
            arguments = ("--tls-client-ca", str(named.pem), "--tls-require-client-cert")
            async with TlsServer(*arguments, certificates=[self.server]) as serve:
                await self.talk(serve, self.context(identity=good))
                await self.assert_no_talk(serve, self.context(identity=bad))

    async def test_what_cannot_be_used_in_a_bundle_is_passed_over(self):
        weak = Authority(self.folder, "weak", kind="rsa-1024")
        broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
        bundle = self.folder / "bundle.pem"
        bundle.write_text(weak.pem.read_text() + broken + self.authority.pem.read_text())
        arguments = ("--tls-client-ca", str(bundle), "--tls-require-client-cert")
        async with TlsServer(*arguments, certificates=[self.server]) as serve:
            await self.talk(serve, self.context(identity=self.alice))
            _, log = await serve.stop()
        self.assertRegex(log, r"certificate 1 of .*bundle.pem is passed over: CN=weak: its key is too small \(RSA, 1024 bits\)")
        self.assertRegex(log, r"certificate 2 of .*bundle.pem is passed over: ")
        for text, words in ((weak.pem.read_text(), "can be used.*too small"), (broken, "not a certificate"), ("", "not a certificate")):
            bundle.write_text(text)
            pair = (f"--tls-cert={self.server.pem}", f"--tls-key={self.server.key}")
            result = await asyncio.to_thread(run, "serve", "--port=0", "--tls-client-ca", str(bundle), *pair)
            self.assertEqual(result.returncode, 1)
            self.assertRegex(result.stderr, f"bundle.pem.*{words}|{words}.*bundle.pem|no certificate in .*bundle.pem {words}")

    async def test_arguments_that_belong_together(self):
        for arguments in (
            ["--tls-client-ca", "a.pem"],
            ["--tls-require-client-cert"],
            ["--tls-ocsp-file", "a"],
            ["--tls-ticket-keys", "a"],
            ["--tls-min-version", "1.1"],
            [f"--tls-cert={self.server.pem}", f"--tls-key={self.server.key}", "--tls-require-client-cert"],
        ):
            with self.subTest(arguments):
                self.assertEqual((await asyncio.to_thread(run, "serve", "--port=0", *arguments)).returncode, 2)


class Trust(Case):
    async def test_a_client_trusts_whom_it_is_told_to(self):
        between = Authority(self.folder, "middle", issuer=self.authority)
        leaf = between.issue("leaf")
        other = between.issue("other")
        elsewhere = self.authority.issue("elsewhere", ("DNS:elsewhere.example",))
        constrained = Authority(self.folder, "constrained", extensions=["nameConstraints=critical,permitted;DNS:localhost"])
        within = constrained.issue("within", ("DNS:localhost",))
        outside = constrained.issue("outside", ("DNS:localhost", "DNS:evil.example"))
        for shown, trusted, status in (
            (leaf, self.authority, 0),
            (leaf, between, 0),
            (leaf, leaf, 0),
            (leaf, other, 1),
            (elsewhere, elsewhere, 1),  # trusted, and not this server's
            (within, constrained, 0),
            (outside, constrained, 1),
        ):
            with self.subTest(shown=shown.name, trusted=trusted.name):
                async with TlsServer(certificates=[shown]) as serve:
                    arguments = ("-x", "hi", "--no-reconnect", "--ca", str(trusted.pem))
                    result = await asyncio.to_thread(run, "connect", serve.url, "--token", TOKEN, *arguments)
                    self.assertEqual(result.returncode, status, result.stderr)


class Versions(Case):
    async def test_the_oldest_one(self):
        for oldest, newest in (("1.3", "1.3"), ("1.2", "1.2")):
            async with TlsServer("--tls-min-version", oldest, certificates=[self.server]) as serve:
                await self.talk(serve, self.context(version=VERSIONS[newest]))
                if oldest == "1.3":
                    with self.assertRaisesRegex(ssl.SSLError, "protocol version"):
                        await self.talk(serve, self.context(version=VERSIONS["1.2"]))

    async def test_the_clients_oldest_one(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.server.chain, self.server.key)
        context.maximum_version = VERSIONS["1.2"]
        asyncio.get_running_loop().set_exception_handler(lambda *_: None)  # its handshake fails
        listener = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=context)
        async with listener:
            url = f"wss://localhost:{listener.sockets[0].getsockname()[1]}"
            arguments = (url, "--token", TOKEN, "--ca", str(self.authority.pem), "--no-reconnect")
            result = await asyncio.to_thread(run, "connect", *arguments, "--tls-min-version", "1.3")
            self.assertEqual(result.returncode, 1)
            self.assertIn("CRYO_ERR_TLS", result.stderr)


class Stapling(Case):
    async def status(self, serve, *arguments):
        answer = await s_client(serve, "-status", "-CAfile", self.authority.pem, *arguments)
        if "no response sent" in answer:
            return None
        self.assertIn("OCSP Response Status: successful", answer)
        return answer

    async def test_each_certificate_has_its_response(self):
        other = self.authority.issue("other", ("DNS:other.example",), kind="rsa")
        plain = self.authority.issue("plain", ("DNS:plain.example",))
        files = [self.authority.ocsp_response(each) for each in (other, self.server)]
        arguments = [f"--tls-ocsp-file={file}" for file in files]
        async with TlsServer(*arguments, certificates=(self.server, other, plain)) as serve:
            for version in ("-tls1_2", "-tls1_3"):
                for name, certificate in (("localhost", self.server), ("other.example", other)):
                    answer = await self.status(serve, version, "-servername", name)
                    self.assertIn("Cert Status: good", answer)
                    self.assertIn(f"Serial Number: {certificate.serial()}", answer)
                self.assertIsNone(await self.status(serve, version, "-servername", "plain.example"))
            self.assertNotIn("OCSP response", await s_client(serve))  # unasked, nothing is shown
            _, log = await serve.stop()
            self.assertEqual(log, "")

    async def test_what_is_of_no_use_is_not_shown(self):
        good = self.authority.ocsp_response(self.server)
        garbage = self.folder / "garbage.ocsp"
        garbage.write_bytes(b"0" + os.urandom(100))
        cut = self.folder / "cut.ocsp"
        cut.write_bytes(good.read_bytes()[:-20])
        try_later = self.folder / "later.ocsp"
        try_later.write_bytes(bytes.fromhex("30030a0103"))
        stranger = Authority(self.folder, "foreign")
        for file, words in (
            (expired_response(good), "has expired"),
            (garbage, "no OCSP response"),
            (cut, "no OCSP response"),
            (try_later, "without an answer: trylater"),
            (stranger.ocsp_response(stranger.issue("far")), "about none of the server's certificates"),
            (self.folder / "missing.ocsp", "cannot read"),
            (self.server.pem, "no OCSP response"),
            (self.folder, "cannot read"),
        ):
            with self.subTest(words):
                async with TlsServer(f"--tls-ocsp-file={file}", certificates=[self.server]) as serve:
                    self.assertIsNone(await self.status(serve))
                    _, log = await serve.stop()
                    self.assertIn(words, log)

    async def test_a_revoked_one_is_shown_and_told(self):
        file = self.authority.ocsp_response(self.authority.issue("gone"), "R")
        gone = self.authority.issue("gone-2")
        file = self.authority.ocsp_response(gone, "R")
        async with TlsServer(f"--tls-ocsp-file={file}", certificates=[gone]) as serve:
            self.assertIn("Cert Status: revoked", await self.status(serve))
            _, log = await serve.stop()
            self.assertIn("is revoked", log)


class Resumption(Case):
    async def resumed(self, serves, version, *arguments):
        """Visits them one after the other, the session of each at the next: how often it went on."""
        session = self.folder / f"session-{version}"
        former = self.folder / f"former-{version}"
        count = 0
        for turn, serve in enumerate(serves):
            take = [] if turn == 0 else ["-sess_in", session.rename(former)]
            # TLS 1.3 tells the ticket behind the handshake: an answer has to be read first.
            answer = await s_client(
                serve, "-sess_out", session, *take, f"-tls{version}", "-ign_eof", *arguments, text="GET / HTTP/1.1\r\nHost: x\r\n\r\n"
            )
            self.assertRegex(answer, "(New|Reused), TLSv")
            reused = "Reused, TLSv" in answer
            count += reused
            if not session.exists():
                self.assertFalse(reused and version == "1_3", "such a ticket is for one connection, and no other has come")
                former.rename(session)
        session.unlink()
        return count

    async def test_on_every_thread(self):
        async with TlsServer("--threads", "4", certificates=[self.server]) as serve:
            for version in ("1_2", "1_3"):
                self.assertEqual(await self.resumed([serve] * 9, version), 8)

    async def test_behind_one_balancer(self):
        keys = self.folder / "ticket.keys"
        keys.write_bytes(os.urandom(160))
        swapped = self.folder / "swapped.keys"
        swapped.write_bytes(keys.read_bytes()[80:] + keys.read_bytes()[:80])
        foreign = self.folder / "foreign.keys"
        foreign.write_bytes(os.urandom(80))

        def start(file):
            return TlsServer("--threads=2", f"--tls-ticket-keys={file}", certificates=[self.server])

        async with start(keys) as one, start(swapped) as two, start(foreign) as three:
            for version in ("1_2", "1_3"):
                self.assertEqual(await self.resumed([one, two, one, two, two], version), 4)
                self.assertEqual(await self.resumed([one, three, one, three], version), 0)

    async def test_not_past_the_rules_for_clients(self):
        keys = self.folder / "shared.keys"
        keys.write_bytes(os.urandom(80))
        alice = self.authority.issue("alice")
        stranger = Authority(self.folder, "stranger")
        own = ("-cert", alice.pem, "-key", alice.key)

        def start(*arguments):
            return TlsServer(f"--tls-ticket-keys={keys}", *map(str, arguments), certificates=[self.server])

        asking = ("--tls-client-ca", self.authority.pem, "--tls-require-client-cert")
        async with start() as free, start(*asking) as strict, start(*asking) as too:
            async with start("--tls-client-ca", stranger.pem) as others:
                for version in ("1_2", "1_3"):
                    self.assertEqual(await self.resumed([strict, too, strict], version, *own), 2)
                    self.assertEqual(await self.resumed([free, strict, others], version, *own), 0)

    async def test_keys_that_are_none(self):
        file = self.folder / "bad.keys"
        twice = os.urandom(80)
        for content, words in (
            (b"", "no ticket keys"),
            (os.urandom(79), "80 bytes"),
            (os.urandom(48), "80 bytes"),
            (os.urandom(17 * 80), "16 at most"),
            (bytes(80), "same byte"),
            (twice + twice, "one name"),
        ):
            with self.subTest(words):
                file.write_bytes(content)
                pair = (f"--tls-cert={self.server.pem}", f"--tls-key={self.server.key}")
                result = await asyncio.to_thread(run, "serve", "--port=0", *pair, f"--tls-ticket-keys={file}")
                self.assertEqual(result.returncode, 2)
                self.assertIn(words, result.stderr)


if __name__ == "__main__":
    unittest.main()
