"""`cryo connect`, and so the library's client, against a server on ws for Node, which shares no code with it."""

import json
import os
import subprocess
import unittest
from pathlib import Path

from connect_program import Connect
from json_program import TOKEN, run

SERVER = Path(__file__).resolve().parents[2] / "bench" / "ws_node" / "server.js"
COUNT = 1000


class ForeignServer:
    def __init__(self, *arguments):
        environment = {name: value for name, value in os.environ.items() if name not in ("LD_PRELOAD", "NODE_OPTIONS")}
        self.process = subprocess.Popen(["node", SERVER, *arguments], stdout=subprocess.PIPE, text=True, env=environment)

    def __enter__(self):
        return f"ws://127.0.0.1:{int(self.process.stdout.readline())}"

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


class Conversations(unittest.TestCase):
    def converse(self, *cale):
        lines = [f"line {i}, grüße" for i in range(COUNT)]
        with ForeignServer(*cale) as url:
            result = run("connect", url, "--token", TOKEN, "--json", *cale, input="\n".join(lines) + "\n", timeout=120)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        events = [json.loads(line) for line in result.stdout.splitlines()]
        heard = [event["data"] for event in events if event["event"] == "message-utf8"]
        acknowledged = [event for event in events if event["event"] == "acknowledged"]
        # Echoed, each once and in order. It leaves at the last acknowledgement, which comes before the last echo.
        self.assertEqual(heard, lines[: len(heard)])
        self.assertGreaterEqual(len(heard), COUNT - 1)
        self.assertEqual(len(acknowledged), COUNT)

    def test_plain(self):
        self.converse()

    def test_with_cale(self):
        self.converse("--cale")


class Pings(unittest.IsolatedAsyncioTestCase):
    async def stay(self, *cale):
        """Several intervals of the keep-alive: the server answers no ping, and that is no reason to leave it."""
        with ForeignServer(*cale) as url:
            async with Connect(url, "--stay", "--keepalive-ms", "100", "-x", "hello", *cale) as client:
                for _ in range(6):
                    await client.event("stat-bytes-rx")
                self.assertEqual(await client.stop(), (0, ""))
                told = [event["event"] for event in client.seen + client.rest]
        self.assertNotIn("disconnected", told)
        self.assertEqual(told[-1], "closed")

    async def test_that_nobody_answers(self):
        await self.stay()

    async def test_that_nobody_answers_with_cale(self):
        await self.stay("--cale")


if __name__ == "__main__":
    unittest.main()
