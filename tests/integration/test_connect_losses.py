"""`cryo connect` after a loss: what it tries again, when, and what it does not send again."""

import asyncio
import http
import unittest

from connect_program import Connect, ScriptedServer
from json_program import cryo_peer


class RefusedMessages(unittest.IsolatedAsyncioTestCase):
    """A message for which the server closes is not sent again, and what stands behind it arrives."""

    async def converse(self, code, is_refused, refusals=1):
        heard, closes = [], []

        async def script(peer):
            peer.auto_ack = False
            while True:
                frame = await peer.expect(cryo_peer.UTF8DATA, cryo_peer.BINARYDATA)
                if is_refused(frame.payload):
                    closes.append(frame.payload)
                    await peer.close(code, "not this one")
                    await peer.closed()
                    return
                heard.append(frame.payload.decode())
                await peer.send_frame(cryo_peer.ACK, frame.number)

        async with ScriptedServer(script) as server:
            async with Connect(server.url, "--stay", "--resend") as client:
                await client.write("before\n")
                await client.event("acknowledged")
                await client.write("x" * 3000 + "\nbehind\n")
                lost = await client.event("lost-utf8")
                await client.event("acknowledged")
                await client.write("later\n")
                await client.event("acknowledged")
                await client.stop()
        self.assertEqual(lost["data"], "x" * 3000)
        self.assertEqual(heard, ["before", "behind", "later"])
        self.assertEqual(len(closes), refusals)

    async def test_too_big(self):
        await self.converse(1009, lambda payload: len(payload) > 1000)

    async def test_not_what_the_server_takes_for_text(self):
        await self.converse(1007, lambda payload: payload.startswith(b"x"))

    async def test_against_its_policy(self):
        # 1008 may have had another cause: the message has a second chance.
        await self.converse(1008, lambda payload: payload.startswith(b"x"), 2)


class Attempts(unittest.IsolatedAsyncioTestCase):
    async def refuse_with(self, *statuses, headers=None):
        """Connected, lost, then refused with each of these, then connected again. Gives what was told of the refusals."""
        lost = asyncio.Event()
        answers = iter(statuses)

        async def script(peer):
            if not lost.is_set():
                await peer.send_text("hello")
                await peer.acknowledged(0)
                lost.set()
                peer.drop()
                return
            await peer.close(4000, "enough")
            await peer.closed()

        async def process_request(*_):
            if not lost.is_set():
                return None
            status = next(answers, None)
            return None if status is None else (http.HTTPStatus(status), headers or [], b"Not now.")

        async with ScriptedServer(script, process_request) as server:
            async with Connect(server.url, "--stay") as client:
                await client.event("disconnected")
                told = []
                while True:
                    event = await client.next_event()
                    if event["event"] == "attempt-failed":
                        told.append(event)
                    if event["event"] in ("reconnected", "closed"):
                        return told, event["event"]

    async def test_once_it_was_connected(self):
        statuses = [409, 404, 407, 421]
        told, end = await self.refuse_with(*statuses)
        self.assertEqual(([each["http_status"] for each in told], end), (statuses, "reconnected"))

    async def test_what_says_that_it_came_too_early(self):
        statuses = [408, 425, 429]
        told, end = await self.refuse_with(*statuses)
        self.assertEqual(([each["http_status"] for each in told], end), (statuses, "reconnected"))

    async def test_what_stays_final(self):
        for status in (400, 401, 403):
            with self.subTest(status):
                told, end = await self.refuse_with(status)
                self.assertEqual(([each["retry_ms"] for each in told], end), ([None], "closed"))

    async def test_retry_after_counts_with_more_than_that(self):
        told, end = await self.refuse_with(503, headers=[("Retry-After", "1 ")])
        self.assertEqual(end, "reconnected")
        self.assertGreaterEqual(told[0]["retry_ms"], 1000)
        self.assertLessEqual(told[0]["retry_ms"], 1500)


if __name__ == "__main__":
    unittest.main()
