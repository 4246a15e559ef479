"""Peers that take nothing of what they are sent, whatever they say meanwhile: they are left, and those that are slow are not."""

import asyncio
import contextlib
import os
import unittest

from connect_program import ScriptedServer, connect
from json_program import JsonProgram
from serve_program import Serve, certificates, cryo_peer
from slow_link import SlowLink

STALLED = "Nothing of what was sent is taken."
LARGE = "x" * 1_800_000
STALL = ("--stall-timeout-ms", "1500", "--keepalive-ms", "500")


def descriptors(program):
    return len(os.listdir(f"/proc/{program.process.pid}/fd"))


async def babble(peer):
    """A small frame now and then: a pong is life."""
    with contextlib.suppress(ConnectionError, cryo_peer.websockets.ConnectionClosed):
        while True:
            await peer.send_frame(cryo_peer.PING_PONG, 0, b"pong")
            await asyncio.sleep(0.1)


class Servers(unittest.IsolatedAsyncioTestCase):
    async def leaves(self, *options, tls=None):
        async with Serve("--mode", "broadcast", *STALL, *options, tls=tls) as serve:
            before = descriptors(serve)
            deaf = await serve.connect()
            await deaf.announced()
            deaf.websocket.transport.pause_reading()
            talking = asyncio.create_task(babble(deaf))
            speaker = await serve.connect()
            for _ in range(6):
                await speaker.send_text(LARGE)
            hearing = asyncio.create_task(speaker.closed())  # takes the acknowledgements, and answers the pings
            closed = await serve.event("closed")
            self.assertEqual(
                (closed["session"], closed["code"], closed["reason"]), (str(deaf.sid), 4001, STALLED)
            )
            talking.cancel()
            deaf.drop()
            async with await serve.connect(sid=deaf.sid):  # its id is free
                pass
            speaker.drop()
            await hearing
            while descriptors(serve) > before:
                await asyncio.sleep(0)

    async def test_a_client_that_talks_and_does_not_read(self):
        await self.leaves()

    async def test_a_client_that_talks_and_does_not_read_with_tls(self):
        await self.leaves(tls="ec")

    async def test_a_client_that_is_slow(self):
        async with Serve("--mode", "echo", *STALL) as serve, SlowLink(serve.port, 300_000) as link:
            program = JsonProgram(
                connect(f"ws://127.0.0.1:{link.port}", "--json", "--no-reconnect", "--stay", *STALL), stdin=asyncio.subprocess.PIPE
            )
            async with program as client:
                client.process.stdin.write(LARGE.encode() + b"\n")
                told = []
                while "message-utf8" not in told:
                    event = await asyncio.wait_for(client.next_event(), 60)
                    told.append(event["event"])
                    self.assertNotIn(event["event"], ("closed", "disconnected"), event)


class Clients(unittest.IsolatedAsyncioTestCase):
    async def test_a_server_that_talks_and_does_not_read(self):
        async def script(peer):
            peer.websocket.transport.pause_reading()
            await babble(peer)
            peer.drop()

        async with ScriptedServer(script) as server:
            program = JsonProgram(
                connect(server.url, "--json", "--no-reconnect", "--stay", *STALL), stdin=asyncio.subprocess.PIPE
            )
            async with program as client:
                for _ in range(6):
                    client.process.stdin.write(LARGE.encode() + b"\n")
                closed = await client.event("closed")
                self.assertEqual((closed["code"], closed["reason"]), (4002, STALLED))
                with contextlib.suppress(ConnectionError):  # it has not read all of that
                    client.process.stdin.close()
                    await client.process.stdin.wait_closed()

    async def test_a_silent_server_is_left_at_once(self):
        ended = asyncio.Event()

        async def script(peer):
            peer.auto_pong = False
            peer.websocket.transport.pause_reading()
            await ended.wait()
            peer.drop()

        async with ScriptedServer(script) as server:
            program = JsonProgram(connect(server.url, "--json", "--no-reconnect", "--stay", "--keepalive-ms", "500"))
            async with program as client:
                closed = await client.event("closed")
                self.assertEqual((closed["code"], closed["reason"]), (4002, "No sign of life after a ping."))
                ended.set()


if __name__ == "__main__":
    certificates()
    unittest.main()
