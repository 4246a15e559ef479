"""`cryo serve` and clients that take less than they are sent: what is left out is told, and the others are well."""

import asyncio
import unittest

from serve_program import Serve, certificates

NARROW = ("--mode", "broadcast", "--high-water-mark", "65536", "--max-queued-bytes", "200000")
SIZE = 50_000


class SlowClients(unittest.IsolatedAsyncioTestCase):
    async def fill(self, serve, say, until):
        """One says things that another one does not read, until `until` comes. Gives who they are."""
        slow = await serve.connect()
        await serve.event("session", session=str(slow.sid))
        slow.websocket.transport.pause_reading()
        speaker = await serve.connect()
        hearing = asyncio.create_task(speaker.closed())  # what is said is acknowledged
        waiting = asyncio.create_task(until(slow))
        while not waiting.done():
            await speaker.send_text(say())
            await asyncio.sleep(0)
        return slow, speaker, hearing, await waiting

    async def test_what_is_dropped_is_told(self):
        for policy, reason in (("oldest", "oldest"), ("drop-oldest", "oldest"), ("newest", "refused"), ("drop-newest", "refused")):
            with self.subTest(policy=policy):
                async with Serve(*NARROW, "--drop-policy", policy) as serve:
                    slow, speaker, hearing, dropped = await self.fill(
                        serve,
                        lambda: "x" * SIZE,
                        lambda slow: serve.event("dropped", session=str(slow.sid)),
                    )
                    sid = str(slow.sid)
                    expected = {"event": "dropped", "session": sid, "reason": reason, "bytes": SIZE}
                    self.assertEqual(dropped, expected)
                    self.assertEqual(list(dropped), ["event", "session", "reason", "bytes"])
                    slow.websocket.transport.resume_reading()
                    ending = asyncio.create_task(slow.closed())
                    await speaker.close(4000, "")
                    await hearing
                    await slow.close(4000, "")
                    await ending

    async def test_one_of_the_same_content_is_replaced(self):
        for policy in ("dedupe", "dedupe-latest"):
            async with Serve(*NARROW, "--drop-policy", policy) as serve:
                slow, speaker, hearing, dropped = await self.fill(
                    serve,
                    lambda: "y" * SIZE,
                    lambda slow: serve.event("dropped", session=str(slow.sid)),
                )
                self.assertEqual((dropped["reason"], dropped["bytes"]), ("replaced", SIZE))
                slow.drop()
                await speaker.close(4000, "")
                await hearing

    async def test_as_many_messages_as_wanted_wait(self):
        async with Serve(*NARROW, "--max-queue-count", "2", "--max-queued-bytes", "100000000") as serve:
            slow, speaker, hearing, dropped = await self.fill(
                serve, lambda: "z" * SIZE, lambda slow: serve.event("dropped", session=str(slow.sid))
            )
            self.assertEqual(dropped["reason"], "oldest")
            slow.drop()
            await speaker.close(4000, "")
            await hearing


if __name__ == "__main__":
    certificates()
    unittest.main()
