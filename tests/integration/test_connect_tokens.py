"""`cryo connect --token-file` against a server whose tokens expire: who renews the file renews the token."""

import asyncio
import http
import os
import subprocess
import tempfile
import unittest
from urllib.parse import parse_qs, urlsplit

from connect_program import Connect, ScriptedServer
from json_program import PROGRAM, TOKEN


class Expiring:
    """Lets one token in at a time. `async with` gives it; each who is let in is dropped when `drop` is set."""

    def __init__(self, valid):
        self.valid = valid
        self.seen = []
        self.drop = asyncio.Event()
        self.server = ScriptedServer(self._script, self._judge)

    async def _judge(self, path, _headers):
        token = parse_qs(urlsplit(path).query)["authorization"][0].removeprefix("Bearer ")
        self.seen.append(token)
        return None if token == self.valid else (http.HTTPStatus(401), [], b"It has expired.")

    async def _script(self, peer):
        await peer.send_text("hello")
        await peer.acknowledged(0)
        await self.drop.wait()
        self.drop.clear()
        peer.drop()

    async def __aenter__(self):
        await self.server.__aenter__()
        self.url = self.server.url
        return self

    async def __aexit__(self, *exception):
        self.drop.set()  # a script that waits would hold the server up
        await self.server.__aexit__(*exception)

    def expire(self, successor):
        self.valid = successor
        self.drop.set()


class TokenFiles(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = os.path.join(folder.name, "token.txt")

    def write(self, text):
        with open(self.file + ".new", "w") as file:
            file.write(text)
        os.replace(self.file + ".new", self.file)

    async def test_a_client_lives_over_several_tokens(self):
        self.write("token-0\n")
        async with Expiring("token-0") as server:
            async with Connect(server.url, "--stay", "--token-file", self.file, token=None) as client:
                await client.event("message-utf8")
                for number in range(1, 4):
                    self.write(f"# of this hour\ntoken-{number}\n")
                    server.expire(f"token-{number}")
                    await client.event("reconnected")
                    await client.event("message-utf8")
                status, errors = await client.stop()
        self.assertEqual((status, errors), (0, ""))
        self.assertEqual(server.seen, [f"token-{number}" for number in range(4)])
        self.assertNotIn("attempt-failed", [event["event"] for event in client.seen])

    async def test_one_that_is_renewed_too_late(self):
        self.write("old")
        async with Expiring("old") as server:
            async with Connect(server.url, "--stay", "--token-file", self.file, token=None) as client:
                await client.event("message-utf8")
                server.expire("new")
                failed = await client.event("attempt-failed")
                self.assertEqual(failed["http_status"], 401)
                self.assertIsNotNone(failed["retry_ms"])
                failed = await client.event("attempt-failed")  # the same one again
                self.assertIsNone(failed["retry_ms"])
                await client.event("closed")
        self.assertEqual(server.seen, ["old"] * 3)

    async def spoil(self, how, says):
        """Fails while the file is spoiled, and goes on when it is not."""
        self.write("old")
        async with Expiring("old") as server:
            async with Connect(server.url, "--stay", "--token-file", self.file, token=None) as client:
                await client.event("message-utf8")
                how()
                server.expire("new")
                failed = await client.event("attempt-failed")
                self.assertEqual((failed["status"], failed["http_status"]), ("CRYO_ERR_TOKEN", 0))
                self.assertIn(says, failed["text"])
                self.assertIsNotNone(failed["retry_ms"])
                self.write("new")
                await client.event("reconnected")
                await client.event("message-utf8")
                status, errors = await client.stop()
        self.assertEqual((status, errors), (0, ""))
        self.assertEqual(server.seen, ["old", "new"])

    async def test_a_file_that_has_gone(self):
        await self.spoil(lambda: os.remove(self.file), "cannot read the token file " + self.file)

    async def test_a_file_without_a_token(self):
        await self.spoil(lambda: self.write("# nothing"), "there is no token in " + self.file)

    async def test_a_file_with_two_tokens(self):
        await self.spoil(lambda: self.write("one\ntwo"), "there is more than one token in " + self.file)

    async def test_a_file_that_is_no_text(self):
        await self.spoil(lambda: self.write_bytes(b"\xff\xfe"), "UTF-8")

    def write_bytes(self, data):
        with open(self.file + ".new", "wb") as file:
            file.write(data)
        os.replace(self.file + ".new", self.file)

    async def test_a_pipe_gives_its_token_once(self):
        async with Expiring(TOKEN) as server:
            reading, writing = os.pipe()
            os.write(writing, TOKEN.encode() + b"\n")
            os.close(writing)
            program = await asyncio.create_subprocess_exec(
                PROGRAM, "connect", server.url, "--stay", "--json", "--token-file", f"/dev/fd/{reading}",
                pass_fds=(reading,), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            )  # fmt: skip
            os.close(reading)
            told = b""
            while b'"message-utf8"' not in told:
                told = await program.stdout.readline()
            server.expire(TOKEN)
            while b'"reconnected"' not in told:
                told = await program.stdout.readline()
                self.assertTrue(told)
            program.terminate()
            await program.communicate()
        self.assertEqual(program.returncode, 0)
        self.assertEqual(server.seen, [TOKEN] * 2)


if __name__ == "__main__":
    unittest.main()
