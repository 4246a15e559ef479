"""The README's examples run as they are printed, but for the port; example.py runs as it is."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import unittest
from pathlib import Path

from .peer import Refused, connect

FOLDER = Path(__file__).resolve().parents[1]
README = (FOLDER / "README.md").read_text()
SECRET = "MySuperSecretToken"


def examples():
    return re.findall(r"```python\n(.*?)```", README, flags=re.S)


def on_free_port(text):
    """The example on a free port that it prints."""
    assert text.count("port=8080") == 1
    text = text.replace("port=8080", "port=0")
    tell = "server.on_listening(lambda host, port: print(port, flush=True))"
    if "server.run()" in text:
        return text.replace("server.run()", f"{tell}\nserver.run()")
    return text.replace(" as server:\n", " as server:\n        print(server.port, flush=True)\n")


class ProgramTest(unittest.TestCase):
    def run_program(self, *arguments):
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(FOLDER), *sys.path])}
        program = subprocess.Popen(
            [sys.executable, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )
        self.addCleanup(program.communicate)
        self.addCleanup(program.kill)
        return program

    def end(self, program, number):
        program.send_signal(number)
        return program.communicate(timeout=60)

    def test_the_small_server_is_small(self):
        self.assertLessEqual(len(examples()[0].splitlines()), 12)

    def test_the_readmes_examples(self):
        self.assertEqual(len(examples()), 3)
        for text, greets in zip(examples()[:2], (True, False)):
            with self.subTest(greets=greets):
                program = self.run_program("-c", on_free_port(text))
                asyncio.run(self.converse(int(program.stdout.readline()), greets))
                err = self.end(program, signal.SIGTERM if greets else signal.SIGINT)[1]
                if greets:
                    self.assertEqual((program.returncode, err), (0, ""))
                else:
                    self.assertTrue(err.rstrip().endswith("KeyboardInterrupt"), err)

    def test_the_readmes_client(self):
        server = self.run_program("-c", on_free_port(examples()[0]))
        port = server.stdout.readline().strip()
        text = examples()[2]
        self.assertEqual(text.count("localhost:8080"), 1)
        client = self.run_program("-u", "-c", text.replace("localhost:8080", f"localhost:{port}"))
        self.assertEqual(client.stdout.readline(), "Welcome!\n")
        self.assertEqual(client.stdout.readline(), "hello\n")
        self.end(client, signal.SIGINT)
        self.assertEqual(self.end(server, signal.SIGINT)[1], "")

    async def converse(self, port, greets):
        with self.assertRaises(Refused) as caught:
            await connect(port, "wrong")
        self.assertEqual(caught.exception.status, 401)
        async with await connect(port, SECRET) as peer:
            if greets:
                self.assertEqual(await peer.message(), "Welcome!")
            for message in ("text ☃", b"\0bytes"):
                await peer.send(message)
                self.assertEqual(await peer.message(), message)

    def test_the_chat_room(self):
        program = self.run_program(str(FOLDER / "example.py"), "--token", SECRET, "--port", "0")
        port = int(re.fullmatch(r"listening on 127.0.0.1:(\d+)\n", program.stdout.readline()).group(1))
        asyncio.run(self.chat(port, program))
        out, err = program.communicate(timeout=60)
        self.assertEqual((program.returncode, err), (0, ""))
        self.assertIn("Ann left: 4000 bye\n", out)
        self.assertIn("Bob left: 4000 Server shutdown.\n", out)

    async def chat(self, port, program):
        with self.assertRaises(Refused):
            await connect(port, "wrong")
        ann = await connect(port, SECRET, name="Ann")
        self.assertEqual(await ann.message(), "Welcome, Ann!")
        bob = await connect(port, SECRET, name="Bob")
        self.assertEqual(await bob.message(), "Welcome, Bob!")
        self.assertEqual(await ann.message(), "Bob came")
        await ann.send("hello")
        self.assertEqual(await bob.message(), "Ann: hello")
        await bob.send(b"\1\2")
        self.assertEqual(await ann.message(), b"\1\2")
        await ann.close(4000, "bye")
        self.assertEqual(await bob.message(), "Ann left")
        program.send_signal(signal.SIGTERM)
        self.assertEqual(await bob.closed(), (4000, "Server shutdown."))


if __name__ == "__main__":
    unittest.main()
