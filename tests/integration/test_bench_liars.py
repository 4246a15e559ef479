"""`cryo bench` and servers that do not keep to the protocol: each lie is found."""

import asyncio
import json
import unittest
import uuid
from urllib.parse import parse_qs, urlsplit

from json_program import cryo_peer
from test_bench import bench
from websockets_asyncio import ConnectionClosed, serve

HEAD = cryo_peer.HEAD


class Liar:
    """An echo server of one's own; `answer(self, socket, sid, number, type, payload)` says what a message gets."""

    def __init__(self, answer):
        self.answer = answer
        self.sent = 0
        self.sids = {}  # of each socket

    async def __aenter__(self):
        self.server = await serve(self.talk, "127.0.0.1", 0, max_size=None, ping_interval=None)
        self.url = "ws://127.0.0.1:%d" % self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_):
        self.server.close()
        await self.server.wait_closed()

    async def talk(self, socket):
        sid = uuid.UUID(parse_qs(urlsplit(socket.path).query)["x-cryo-sid"][0]).bytes
        self.sids[socket] = sid
        try:
            async for message in socket:
                their_sid, number, kind = HEAD.unpack_from(message)
                assert their_sid == sid
                if kind == cryo_peer.PING_PONG:
                    await self.send(socket, sid, number, kind, b"pong")
                if kind in (cryo_peer.UTF8DATA, cryo_peer.BINARYDATA):
                    await self.answer(self, socket, sid, number, kind, message[HEAD.size :])
        except ConnectionClosed:
            pass
        finally:
            del self.sids[socket]

    async def send(self, socket, sid, number, kind, payload=b""):
        await socket.send(HEAD.pack(sid, number, kind) + payload)

    async def ack(self, socket, sid, number):
        await self.send(socket, sid, number, cryo_peer.ACK)

    def others(self, than):
        return [each for each in self.sids.items() if each[0] is not than]

    async def echo(self, socket, sid, kind, payload):
        self.sent += 1
        await self.send(socket, sid, self.sent - 1, kind, payload)


class Liars(unittest.IsolatedAsyncioTestCase):
    async def errors_of(self, answer, *arguments, status=5, seconds="0.2", connections="1"):
        async with Liar(answer) as liar:
            length = ["--duration", seconds, "--warm-up", "0"]
            got, output, words = await bench(liar.url, "--json", "--connections", connections, *length, *arguments)
            self.assertEqual(got, status, output + words)
            self.result = json.loads(output)
            return self.result["errors"]

    async def test_an_honest_one(self):
        async def answer(liar, socket, sid, number, kind, payload):
            await liar.ack(socket, sid, number)
            await liar.echo(socket, sid, kind, payload)

        errors = await self.errors_of(answer, status=0)
        self.assertEqual(errors["all"], 0)
        self.assertGreater(self.result["messages"], 0)

    async def test_fragments_and_pings_are_taken(self):
        async def answer(liar, socket, sid, number, kind, payload):
            await liar.ack(socket, sid, number)
            whole = HEAD.pack(sid, number, kind) + payload
            await socket.send([whole[:5], whole[5:50], whole[50:]])
            await socket.ping()

        errors = await self.errors_of(answer, "--outstanding", "3", status=0)
        self.assertEqual(errors["all"], 0)
        self.assertGreater(self.result["messages"], 0)

    async def test_another_text(self):
        for place in (0, 7, 8, 63):

            async def answer(liar, socket, sid, number, kind, payload, place=place):
                changed = bytearray(payload)
                changed[place] ^= 1
                await liar.ack(socket, sid, number)
                await liar.echo(socket, sid, kind, bytes(changed))

            errors = await self.errors_of(answer)
            self.assertGreater(errors["wrong_echoes"], 0)
            self.assertEqual(errors["all"], errors["wrong_echoes"])
            self.assertIn("an echo that differs from the message", errors["words"])

    async def test_longer_shorter_and_of_another_kind(self):
        for change in (
            lambda kind, payload: (kind, payload + b"x"),
            lambda kind, payload: (kind, payload[:-1]),
            lambda kind, payload: (cryo_peer.BINARYDATA, payload),
        ):

            async def answer(liar, socket, sid, number, kind, payload, change=change):
                await liar.ack(socket, sid, number)
                await liar.echo(socket, sid, *change(kind, payload))

            self.assertGreater((await self.errors_of(answer))["wrong_echoes"], 0)

    async def test_in_the_wrong_order(self):
        waiting = []

        async def answer(liar, socket, sid, number, kind, payload):
            await liar.ack(socket, sid, number)
            waiting.append(payload)
            if len(waiting) == 2:
                await liar.echo(socket, sid, kind, waiting.pop())
                await liar.echo(socket, sid, kind, waiting.pop())

        self.assertGreater((await self.errors_of(answer, "--outstanding", "2"))["wrong_echoes"], 0)

    async def test_twice(self):
        async def answer(liar, socket, sid, number, kind, payload):
            await liar.ack(socket, sid, number)
            await liar.echo(socket, sid, kind, payload)
            await liar.echo(socket, sid, kind, payload)

        errors = await self.errors_of(answer)
        self.assertGreater(errors["wrong_echoes"], 0)

    async def test_wrong_acknowledgements(self):
        for change in (lambda number: number + 1, lambda number: 4294967295):

            async def answer(liar, socket, sid, number, kind, payload, change=change):
                await liar.ack(socket, sid, change(number))
                await liar.echo(socket, sid, kind, payload)

            self.assertGreater((await self.errors_of(answer))["wrong_acks"], 0)

    async def test_no_acknowledgement(self):
        async def answer(liar, socket, sid, number, kind, payload):
            if number != 3:
                await liar.ack(socket, sid, number)
            await liar.echo(socket, sid, kind, payload)

        self.assertEqual((await self.errors_of(answer))["wrong_acks"], 1)

    async def test_never_an_acknowledgement(self):
        async def answer(liar, socket, sid, number, kind, payload):
            await liar.echo(socket, sid, kind, payload)

        errors = await self.errors_of(answer)
        self.assertEqual(errors["unanswered"], self.result["checked"]["echoes"])

    async def test_no_echo(self):
        async def answer(liar, socket, sid, number, kind, payload):
            await liar.ack(socket, sid, number)

        errors = await self.errors_of(answer, "--outstanding", "7")
        self.assertEqual((errors["unanswered"], errors["all"]), (7, 7))
        self.assertEqual(self.result["messages"], 0)

    async def test_no_frames(self):
        for words in (b"", b"short", bytes(21), bytes(16) + b"\0\0\0\0\7"):

            async def answer(liar, socket, sid, number, kind, payload, words=words):
                await socket.send(words)

            errors = await self.errors_of(answer)
            self.assertEqual(errors["protocol"], 1)

    async def test_a_close(self):
        async def answer(liar, socket, sid, number, kind, payload):
            await socket.close(4001, "go away")

        errors = await self.errors_of(answer)
        self.assertEqual((errors["lost"], errors["words"][0]), (1, "closed by the server with 4001 go away"))

    async def test_a_stall_counts_for_all_that_was_due_meanwhile(self):
        """One that answers nothing until fifty messages are there: in an open loop each of them shows how long it waited."""
        held = []

        async def answer(liar, socket, sid, number, kind, payload):
            held.append((number, kind, payload))
            if len(held) < 50 and number < 50:
                return
            while held:
                number, kind, payload = held.pop(0)
                await liar.ack(socket, sid, number)
                await liar.echo(socket, sid, kind, payload)

        errors = await self.errors_of(answer, "--rate", "100", seconds="0.7", status=0)
        self.assertEqual(errors["all"], 0)
        latency = self.result["latency_us"]
        self.assertGreaterEqual(latency["max"], 490_000)  # the first one waited for the fiftieth
        self.assertGreaterEqual(latency["p50"], 100_000)

    async def test_broadcasts(self):
        async def honest(liar, socket, kind, payload):
            for other, sid in liar.others(socket):
                await liar.echo(other, sid, kind, payload)

        async def changed_for_one(liar, socket, kind, payload):
            for place, (other, sid) in enumerate(liar.others(socket)):
                await liar.echo(other, sid, kind, payload if place else b"x" + payload[1:])

        async def twice_for_one(liar, socket, kind, payload):
            others = liar.others(socket)
            for other, sid in [*others, others[0]]:
                await liar.echo(other, sid, kind, payload)

        async def also_for_the_sender(liar, socket, kind, payload):
            for other, sid in list(liar.sids.items()):
                await liar.echo(other, sid, kind, payload)

        async def passed_over(liar, socket, kind, payload):
            for other, sid in liar.others(socket)[1:]:
                await liar.echo(other, sid, kind, payload)

        waiting = []

        async def in_the_wrong_order(liar, socket, kind, payload):
            waiting.append(payload)
            while len(waiting) == 2 or len(waiting) == 1 and liar.sent % 6:
                await honest(liar, socket, kind, waiting.pop())

        load = ["--mode", "broadcast", "--outstanding", "2"]
        for tell, fault, status in (
            (honest, "all", 0),
            (changed_for_one, "wrong_echoes", 5),
            (twice_for_one, "wrong_echoes", 5),
            (also_for_the_sender, "wrong_echoes", 5),
            (in_the_wrong_order, "wrong_echoes", 5),
            (passed_over, "unanswered", 5),
        ):
            with self.subTest(tell=tell.__name__):

                async def answer(liar, socket, sid, number, kind, payload, tell=tell):
                    await liar.ack(socket, sid, number)
                    await tell(liar, socket, kind, payload)

                errors = await self.errors_of(answer, *load, status=status, connections="4")
                self.assertEqual(errors[fault] > 0, status != 0)
                # At the end one may wait for another to be told before it, and none comes any more.
                late = errors["unanswered"] if tell is in_the_wrong_order else 0
                self.assertEqual(errors["all"] - late, errors[fault])
                # Of two that are on their way, each is to be heard by three.
                if tell is passed_over:
                    self.assertEqual(errors["unanswered"], 2)


if __name__ == "__main__":
    unittest.main()
