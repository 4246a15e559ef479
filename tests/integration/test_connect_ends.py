"""How `cryo connect` ends: what it says, and with which exit status."""

import asyncio
import socket
import ssl
import unittest

from connect_program import RefusingServer, ScriptedServer, connect
from json_program import certificates, cryo_peer, run
from serve_program import Serve


class CommandLine(unittest.TestCase):
    def test_help(self):
        result = run("connect", "--help")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        for word in (
            "URL --token --token-file --sid --cale --ca --tls-cert --tls-key --tls-min-version -x --stay --no-reconnect --resend "
            "--connect-timeout-ms --keepalive-ms --json --verbose --help --version Examples Exit status"
        ).split():
            self.assertIn(word, result.stdout)
        self.assertNotIn("insecure", result.stdout)
        self.assertRegex(result.stdout, r"connects again,[^.]* closed it with 1000")
        self.assertIn("connect", run("--help").stdout)

    def test_bad_arguments(self):
        url = "ws://127.0.0.1:1/"
        for arguments in (
            [],
            [url],
            [url, "--token", ""],
            ["", "--token", "t"],
            [url, "another", "--token", "t"],
            [url, "--token", "t", "--nonsense"],
            [url, "--token", "t", "--token-file", "/dev/null"],
            [url, "--token-file", "/nonexistent/file"],
            [url, "--token-file", "/dev/null"],
            [url, "--token", "t", "--sid", "not-a-uuid"],
            [url + "?x-cryo-sid=nonsense", "--token", "t"],
            [url + "?authorization=Basic%20t"],
            [url, "--token", "t", "-x"],
            [url, "--token", "t", "--tls-cert", "only.pem"],
            [url, "--token", "t", "--keepalive-ms", "9"],
            [url, "--token", "t", "--connect-timeout-ms", "0"],
            [url, "--token", "t", "--ca", "ca.pem"],  # whoever says this thinks that it is encrypted
            ["127.0.0.1:1", "--token", "t"],
            ["http://127.0.0.1:1/", "--token", "t"],
            ["ws://127.0.0.1:99999/", "--token", "t"],
        ):
            with self.subTest(arguments):
                result = run("connect", *arguments)
                self.assertEqual((result.returncode, result.stdout), (2, ""))
                self.assertNotEqual(result.stderr, "")


class NoConnection(unittest.IsolatedAsyncioTestCase):
    """The first attempt: it is told why, at once, and that is all."""

    async def assert_fails(self, status, words, url, *arguments):
        result = await asyncio.to_thread(run, *connect(url, *arguments))
        self.assertEqual((result.returncode, result.stdout), (status, ""), result.stderr)
        self.assertRegex(result.stderr, r"\Acryo: .*\n\Z")
        self.assertRegex(result.stderr.lower(), words)

    async def test_nobody_listens(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))  # and does not listen
            await self.assert_fails(1, "refused", f"ws://127.0.0.1:{taken.getsockname()[1]}")

    async def test_no_such_host(self):
        await self.assert_fails(1, "err_resolve", "ws://no-such-host.invalid")

    async def test_nobody_answers(self):
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen()
            url = f"ws://127.0.0.1:{silent.getsockname()[1]}"
            await self.assert_fails(1, "err_timeout", url, "--connect-timeout-ms", "100")

    async def test_another_protocol(self):
        async def answer(_, writer):
            writer.write(b"220 mail.example.org ESMTP\r\n")
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        async with server:
            result = await asyncio.to_thread(run, *connect(f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"))
            self.assertIn(result.returncode, (1, 3))
            self.assertRegex(result.stderr, r"\Acryo: .*\n\Z")

    async def test_refusals_by_status(self):
        for status, body in ((401, b"That is not the word.\n"), (404, b"Nothing here"), (503, b"Full up"), (400, b"")):
            with self.subTest(status):
                async with RefusingServer(status, body) as server:
                    await self.assert_fails(3, f"{status}.*{body.decode().strip().lower()}", server.url)

    async def test_what_a_refusal_says_does_no_harm(self):
        async with RefusingServer(403, b"\x1b[2J\x1b]0;owned\x07") as server:
            result = await asyncio.to_thread(run, *connect(server.url))
            self.assertEqual(result.returncode, 3)
            self.assertNotIn("\x1b", result.stderr)

    async def test_tls_reasons(self):
        ca = ["--ca", f"{certificates()}/ec.pem"]
        async with Serve(tls="ec") as serve:
            local = serve.url.replace("127.0.0.1", "localhost")
            await self.assert_fails(1, "err_tls_untrusted", local)
            await self.assert_fails(1, "err_", local.replace("wss", "ws"))
        async with Serve() as serve:
            await self.assert_fails(1, "err_", serve.url.replace("ws", "wss", 1), *ca)

    async def assert_tls_fails(self, words, certificate, host="localhost", trusted=None):
        """Against a server with this certificate, which no server of ours would take."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{certificates()}/{certificate}.pem", f"{certificates()}/ec.key")
        address = host if host.startswith("127.") else "127.0.0.1"
        server = await asyncio.start_server(lambda _, writer: writer.close(), address, 0, ssl=context)
        async with server:
            port = server.sockets[0].getsockname()[1]
            ca = [] if trusted is None else ["--ca", f"{certificates()}/{trusted}.pem"]
            await self.assert_fails(1, words, f"wss://{host}:{port}", *ca)

    async def test_tls_refusals_have_a_status_and_words_of_their_own(self):
        await self.assert_tls_fails("expired.*err_tls_expired", "expired", trusted="expired")
        await self.assert_tls_fails("not valid yet.*err_tls_expired", "future", trusted="future")
        await self.assert_tls_fails("127.0.0.2.*err_tls_name", "ec", host="127.0.0.2", trusted="ec")
        await self.assert_tls_fails("err_tls_untrusted", "ec")
        await self.assert_tls_fails("err_tls_untrusted", "ec", trusted="ca")

    async def test_a_certificate_of_its_own_that_is_of_no_use(self):
        for certificate, key, words in (
            ("ec.pem", "rsa.key", "does not belong"),
            ("expired.pem", "ec.key", "expired on"),
            ("ec.key", "ec.key", "is not a certificate"),
            ("ec.pem", "ec.pem", "is not a private key"),
            ("nonexistent.pem", "ec.key", "cannot read"),
        ):
            with self.subTest(words):
                identity = [f"--tls-cert={certificates()}/{certificate}", f"--tls-key={certificates()}/{key}"]
                result = await asyncio.to_thread(run, *connect("wss://localhost:1", *identity))
                self.assertEqual((result.returncode, result.stdout), (1, ""), result.stderr)
                self.assertIn(words, result.stderr.lower())

    async def test_a_whole_chain_is_trusted_by_its_root(self):
        async with Serve(tls="chain") as serve:
            url = serve.url.replace("127.0.0.1", "localhost")
            result = await asyncio.to_thread(run, *connect(url, "--ca", f"{certificates()}/ca.pem", "-x", "hello"))
            self.assertEqual(result.returncode, 0, result.stderr)

    async def test_a_ca_that_is_not_there(self):
        async with Serve(tls="ec") as serve:
            result = await asyncio.to_thread(run, *connect(serve.url, "--ca", "/nonexistent.pem"))
            self.assertEqual((result.returncode, result.stdout), (1, ""))
            self.assertIn("/nonexistent.pem", result.stderr)

    async def test_with_json_the_events_come_as_well(self):
        async with RefusingServer(401, b"No.") as server:
            result = await asyncio.to_thread(run, *connect(server.url, "--json"))
        self.assertEqual(result.returncode, 3)
        self.assertRegex(result.stdout, r'\A\{"event":"attempt-failed",.*"retry_ms":null\}\n\{"event":"closed",.*\}\n\Z')


class Ends(unittest.IsolatedAsyncioTestCase):
    async def end_with(self, code, *arguments):
        async def script(peer):
            await peer.close(code, "the end")
            await peer.closed()

        async with ScriptedServer(script) as server:
            return await asyncio.to_thread(run, *connect(server.url, "--stay", *arguments))

    async def test_codes_of_the_server(self):
        for code, status in ((4000, 0), (4001, 1), (4010, 4), (4011, 4)):
            with self.subTest(code):
                result = await self.end_with(code)
                self.assertEqual(result.returncode, status, result.stdout + result.stderr)
                self.assertIn(f"closed {code} the end", result.stdout)

    async def test_codes_after_which_it_would_come_back(self):
        for code, status in ((1000, 0), (1001, 1), (4002, 1), (1011, 1)):
            with self.subTest(code):
                result = await self.end_with(code, "--no-reconnect")
                self.assertEqual(result.returncode, status, result.stdout + result.stderr)

    async def test_it_comes_back_after_a_close_with_1000(self):
        sids = []

        async def script(peer):
            sids.append(peer.sid)
            await peer.close(1000 if len(sids) == 1 else 4000, "the end")
            await peer.closed()

        async with ScriptedServer(script) as server:
            result = await asyncio.to_thread(run, *connect(server.url, "--stay"))
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertEqual(len(sids), 2)
        self.assertEqual(sids[0], sids[1])

    async def test_a_lost_connection(self):
        async def script(peer):
            await peer.send_text("hello")
            await peer.acknowledged(0)
            peer.drop()

        async with ScriptedServer(script) as server:
            result = await asyncio.to_thread(run, *connect(server.url, "--stay", "--no-reconnect"))
        self.assertEqual(result.returncode, 1)
        self.assertIn("closed 1006 (the connection was lost)", result.stdout)

    async def test_one_end_wants_cale(self):
        async with Serve("--cale") as serve:
            result = await asyncio.to_thread(run, *connect(serve.url, "--stay"))
            self.assertEqual(result.returncode, 4, result.stdout + result.stderr)

        async def script(peer):
            with self.assertRaises(cryo_peer.Closed):
                await peer.send_text("in the clear")
                while True:
                    await peer.frame()

        async with ScriptedServer(script) as server:
            result = await asyncio.to_thread(run, *connect(server.url, "--stay", "--cale"))
            self.assertEqual(result.returncode, 4, result.stdout + result.stderr)


if __name__ == "__main__":
    unittest.main()
