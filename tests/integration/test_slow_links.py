"""Slow links, on which a ping waits behind the data: who takes bytes, or sends some, lives."""

import asyncio
import os
import unittest

from connect_program import connect
from json_program import JsonProgram
from serve_program import Serve, certificates
from slow_link import SlowLink

RATE = 300_000
# Several of them in the time that the messages take; the link must get to its work in one.
KEEP_ALIVE = ("--keepalive-ms", "1500" if os.environ.get("CRYO_SANITIZE") else "500")


class SlowLinks(unittest.IsolatedAsyncioTestCase):
    async def echoed(self, lines, *options, tls=None):
        """Sends the lines over a slow link, and has them back; both ends look after each other meanwhile."""
        serve_options = [option for option in options if option == "--cale"]
        async with Serve(*KEEP_ALIVE, "--mode", "echo", *serve_options, tls=tls) as serve:
            async with SlowLink(serve.port, RATE) as link:
                url = f"{serve.scheme}://127.0.0.1:{link.port}"
                trust = () if tls is None else ("--ca", f"{certificates()}/{tls}.pem")
                program = JsonProgram(
                    connect(url, "--json", "--no-reconnect", "--stay", *KEEP_ALIVE, *options, *trust),
                    stdin=asyncio.subprocess.PIPE,
                )
                async with program as client:
                    writing = asyncio.create_task(self.write(client, lines))
                    heard = []
                    while len(heard) < len(lines):
                        event = await asyncio.wait_for(client.next_event(), 60)
                        self.assertNotIn(event["event"], ("closed", "disconnected"), event)
                        if event["event"] == "message-utf8":
                            heard.append(event["data"])
                    self.assertEqual(heard, lines)
                    await writing

    async def write(self, client, lines):
        for line in lines:
            client.process.stdin.write(line.encode() + b"\n")
            await client.process.stdin.drain()

    async def test_one_large_message(self):
        await self.echoed(["x" * 1_500_000])

    async def test_one_large_message_with_tls(self):
        await self.echoed(["x" * 1_500_000], tls="ec")

    async def test_one_large_message_with_cale(self):
        await self.echoed(["x" * 1_500_000], "--cale")

    async def test_many_small_messages(self):
        await self.echoed([f"{i} " + "x" * 4000 for i in range(400)])

    async def test_many_small_messages_with_tls(self):
        await self.echoed([f"{i} " + "x" * 4000 for i in range(400)], tls="ec")


if __name__ == "__main__":
    certificates()
    unittest.main()
