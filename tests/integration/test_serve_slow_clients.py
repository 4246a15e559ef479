"""`cryo serve` and clients that take less than they are sent: what is left out is told."""

import asyncio
import unittest

from serve_program import Serve, certificates

NARROW = ("--mode", "broadcast", "--high-water-mark", "65536", "--max-queued-bytes", "200000")
SIZE = 50_000
MOST = 2000  # messages: many times what the system takes on the way


class SlowClients(unittest.IsolatedAsyncioTestCase):
    async def first_dropped(self, serve):
        """One says things that another one does not read, until something is dropped: the event, and whose it is."""
        slow = await serve.connect()
        await serve.event("session", session=str(slow.sid))
        slow.websocket.transport.pause_reading()
        speaker = await serve.connect()
        hearing = asyncio.create_task(speaker.closed())  # takes the acknowledgements
        dropped = asyncio.create_task(serve.event("dropped"))
        for _ in range(MOST):
            await speaker.send_text("x" * SIZE)
            await asyncio.sleep(0)
            if dropped.done():
                break
        slow.drop()
        speaker.drop()
        await hearing
        await serve.event("closed", session=str(speaker.sid))  # and all that was to be told before
        return await dropped, str(slow.sid)

    async def test_each_policy(self):
        policies = {
            **dict.fromkeys(("oldest", "drop-oldest"), "oldest"),
            **dict.fromkeys(("newest", "drop-newest"), "refused"),
            **dict.fromkeys(("dedupe", "dedupe-latest"), "replaced"),
        }
        for policy, reason in policies.items():
            with self.subTest(policy=policy):
                async with Serve(*NARROW, "--drop-policy", policy) as serve:
                    dropped, sid = await self.first_dropped(serve)
                    expected = {"event": "dropped", "session": sid, "reason": reason, "bytes": SIZE}
                    self.assertEqual(dropped, expected)
                    self.assertEqual(list(dropped), ["event", "session", "reason", "bytes"])

    async def test_as_many_messages_as_wanted_wait(self):
        async with Serve(*NARROW[:4], "--max-queue-count", "2") as serve:
            dropped, _ = await self.first_dropped(serve)
            self.assertEqual(dropped["reason"], "oldest")


if __name__ == "__main__":
    certificates()
    unittest.main()
