"""Runs each program of examples/ and has the conversation that it is there to show.

test_examples.py FOLDER: where the built programs are.
"""

import asyncio
import json
import pathlib
import re
import signal
import subprocess
import sys
import unittest
import uuid

from talk import ConnectionClosed, status_of, talk

folder = pathlib.Path(sys.argv[1]).absolute()


class Program:
    """A running example; the port is what it says."""

    def __init__(self, name, **options):
        self.process = subprocess.Popen(
            [folder / name, "0"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **options
        )
        line = self.process.stdout.readline()
        self.port = int(re.fullmatch(r"listening on port (\d+)\n", line)[1])

    def __enter__(self):
        return self

    def finish(self):
        """Ends its input, and gives the rest of its output."""
        rest, _ = self.process.communicate(timeout=60)
        return rest

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


class Examples(unittest.TestCase):
    def test_own_event_loop(self):
        async def converse(port):
            sid = uuid.uuid4()
            async with talk(port, str(sid), sid=sid) as client:
                for i in range(100):
                    await client.say(f"message {i}")
                    self.assertEqual(await client.hear(), f"message {i}")
            self.assertEqual(await status_of(port, "something else"), 401)

        with Program("own_event_loop") as program:
            asyncio.run(converse(program.port))
            program.finish()
            self.assertEqual(program.process.returncode, 0)

    def test_stop_on_signal(self):
        async def converse(program, number):
            async with talk(program.port, "any") as client:
                await client.say("before")
                self.assertEqual(await client.hear(), "before")
                program.process.send_signal(number)
                with self.assertRaises(ConnectionClosed) as closed:
                    await client.hear()
                return closed.exception.code

        for name in ("stop_on_signal", "stop_on_signal_cpp"):
            for number in (signal.SIGTERM, signal.SIGINT):
                with self.subTest(name=name, number=number), Program(name) as program:
                    self.assertEqual(asyncio.run(converse(program, number)), 4000)
                    self.assertEqual(program.finish(), "all said\n")
                    self.assertEqual(program.process.returncode, 0)

    def test_pull_events(self):
        async def converse(port):
            self.assertEqual(await status_of(port, "wrong"), 401)
            async with talk(port, "secret") as client:
                await client.say("go on")
                self.assertEqual(await client.hear(), "go on")
                await client.say("stop")
                self.assertEqual(await client.hear(), "stop")  # what was sent before the end still leaves
                return client.sid

        with Program("pull_events") as program:
            sid = asyncio.run(converse(program.port))
            said = program.finish()
            self.assertEqual(program.process.returncode, 0)
        self.assertIn(f"{sid} is here\n{sid} sends 5 bytes\n{sid} sends 4 bytes\n", said)

    def test_validate_later(self):
        async def converse(port):
            async def one(user):
                async with talk(port, f"secret of {user}", user=user) as client:
                    return await client.hear()

            users = [f"user{i}" for i in range(50)]
            self.assertEqual(await asyncio.gather(*map(one, users)), [f"Hello, {user}!" for user in users])
            self.assertEqual(await status_of(port, "secret of nobody", user="somebody"), 401)

        with Program("validate_later") as program:
            asyncio.run(converse(program.port))
            program.finish()
            self.assertEqual(program.process.returncode, 0)

    def test_chat_rooms(self):
        async def converse(port):
            async with talk(port, "any", room="tea", name="Ada") as ada:
                async with talk(port, "any", room="tea", name="Bob") as bob:
                    self.assertEqual(await ada.hear(), "Bob: has come in.")
                    async with talk(port, "any", room="coffee", name="Eve") as eve:
                        await eve.say("anyone?")
                        await ada.say("milk?")
                        self.assertEqual(await bob.hear(), "Ada: milk?")
                    await bob.say("please")
                    self.assertEqual(await ada.hear(), "Bob: please")
                self.assertEqual(await ada.hear(), "Bob: has gone.")

        with Program("chat_rooms") as program:
            asyncio.run(converse(program.port))
            program.finish()
            self.assertEqual(program.process.returncode, 0)

    def test_clients(self):
        def client(name, token, said=""):
            return subprocess.run(
                [folder / name, f"ws://127.0.0.1:{program.port}/", token],
                input=said, capture_output=True, text=True, timeout=60,
            )  # fmt: skip

        with Program("pull_events") as program:  # which sends back what it gets
            for name in ("client", "client_c"):
                refused = client(name, "wrong")
                self.assertEqual(refused.returncode, 1 if name == "client_c" else 0)
                self.assertIn("401", refused.stderr)
            answered = client("client_c", "secret")
            self.assertEqual((answered.returncode, answered.stderr), (0, ""))
            self.assertEqual(answered.stdout, "hello\nclosed: 4000 \n")

            process = subprocess.Popen(
                [folder / "client", f"ws://127.0.0.1:{program.port}/", "secret"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
            )  # fmt: skip
            with process:
                self.assertRegex(process.stdout.readline(), r"\Aconnected as [0-9a-f-]{36}\n\Z")
                for line in ("one\n", "two\n"):
                    process.stdin.write(line)
                    self.assertEqual(process.stdout.readline(), line)
                process.stdin.close()
                self.assertEqual(process.stdout.read(), "closed: 4000 \n")
            self.assertEqual(process.returncode, 0)

    def test_backpressure(self):
        changes = 20_000

        async def converse(port):
            heard = []
            async with talk(port, "any") as client:
                await client.say(str(changes))
                while not heard or heard[-1] != "that is all":
                    heard.append(await client.hear())
            return client.sid, heard

        with Program("backpressure") as program:
            sid, heard = asyncio.run(converse(program.port))
            said = program.finish()
            self.assertEqual(program.process.returncode, 0)
        self.assertEqual(heard[-2], f"price {changes}")
        prices = [int(line.split()[1]) for line in heard[:-1]]
        self.assertEqual(prices, sorted(prices))
        self.assertLess(len(prices), changes)
        self.assertEqual(said, f"{sid} has caught up, and missed {changes - len(prices)}\n")

    def test_receipts(self):
        with Program("pull_events") as program:
            said = subprocess.run(
                [folder / "receipts", f"ws://127.0.0.1:{program.port}/", "secret"],
                input="one\ntwo\n", capture_output=True, text=True, timeout=60,
            )  # fmt: skip
        self.assertEqual((said.returncode, said.stderr), (0, ""))
        self.assertRegex(said.stdout, r"\Aone: acknowledged after [\d.]+ ms\ntwo: acknowledged after [\d.]+ ms\n\Z")

    def test_extension_in_c(self):
        async def converse(port):
            async with talk(port, "any") as client:
                await client.show(b"0123456789")
                await client.say("call me: 0123 456")
                await client.say("")
                self.assertEqual([await client.hear(), await client.hear()], ["call me: **** ***", ""])

        with Program("extension_c") as program:
            asyncio.run(converse(program.port))
            program.finish()
            self.assertEqual(program.process.returncode, 0)

    def test_extension_in_cpp(self):
        async def converse(port):
            async with talk(port, "any") as one, talk(port, "any") as other:
                for text in ("open the window", "buy now!!!", "please close it"):
                    await one.say(text)
                for client in (one, other):
                    self.assertEqual(await client.hear(), "1: please open the window")
                    self.assertEqual(await client.hear(), "2: please close it")
            return one.sid

        with Program("extension", stderr=subprocess.PIPE) as program:
            sid = asyncio.run(converse(program.port))
            _, log = program.process.communicate(timeout=60)
            self.assertEqual(program.process.returncode, 0)
        self.assertIn(f'{sid} <- text, 10 bytes: "buy now!!!"\n', log)
        self.assertEqual(log.count('-> text, 25 bytes: "1: please open the window"'), 2)

    def test_rpc(self):
        async def converse(port):
            async with talk(port, "any") as client:

                async def ask(method, params, id):
                    await client.say(json.dumps({"jsonrpc": "2.0", "method": method, "params": params, "id": id}))
                    return json.loads(await client.hear())

                welcome = json.loads(await client.hear())
                self.assertEqual((welcome["method"], welcome["params"]), ("welcome", {"to": "the calculator"}))
                self.assertEqual(await ask("divide", [84, 2], 1), {"jsonrpc": "2.0", "result": 42, "id": 1})
                self.assertEqual(await ask("divide", {"by": 3, "number": 9}, "b"), {"jsonrpc": "2.0", "result": 3, "id": "b"})
                self.assertEqual((await ask("divide", [1, 0], 2))["error"]["message"], "There is no such number.")
                self.assertEqual((await ask("divide", [1], 3))["error"]["code"], -32602)
                self.assertEqual((await ask("multiply", [1], 4))["error"]["code"], -32601)
                question = await ask("greet_me", [], 5)
                self.assertEqual(question["method"], "your_name")
                await client.say(json.dumps({"jsonrpc": "2.0", "result": "Ada", "id": question["id"]}))
                self.assertEqual(json.loads(await client.hear())["result"], "Hello, Ada!")
                await client.say("no RPC")
                self.assertEqual(await client.hear(), "no RPC")

        with Program("rpc") as program:
            asyncio.run(converse(program.port))
            program.finish()
            self.assertEqual(program.process.returncode, 0)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
