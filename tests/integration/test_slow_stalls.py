"""A program that stood still, as on a machine that swaps or sleeps: what came meanwhile counts before the clocks."""

import asyncio
import contextlib
import signal
import unittest

from connect_program import Connect, ScriptedServer, connect
from json_program import JsonProgram
from raw_cryo import request
from serve_program import TOKEN, Serve, certificates, cryo_peer

KEEP_ALIVE = ("--keepalive-ms", "1000")


@contextlib.asynccontextmanager
async def standing_still(program, seconds):
    """The program does not run while this does, nor for so long behind it."""
    program.process.send_signal(signal.SIGSTOP)
    try:
        yield
        await asyncio.sleep(seconds)
    finally:
        program.process.send_signal(signal.SIGCONT)


class Servers(unittest.IsolatedAsyncioTestCase):
    async def answers_during(self, tls, *seconds, behind=()):
        async with Serve(*KEEP_ALIVE, "--mode", "sink", tls=tls) as serve:
            async with await serve.connect() as peer:
                peer.auto_pong = False
                for stall in seconds:
                    ping = await peer.expect(cryo_peer.PING_PONG)
                    async with standing_still(serve, stall):
                        for size in behind:
                            await peer.send_binary(b"x" * size)
                        await peer.send_frame(cryo_peer.PING_PONG, ping.number, b"pong")
                ping = await peer.expect(cryo_peer.PING_PONG)
                await peer.send_frame(cryo_peer.PING_PONG, ping.number, b"pong")
                await peer.expect(cryo_peer.PING_PONG)  # the answers have counted

    async def test_a_pong_that_came_meanwhile(self):
        await self.answers_during(None, 1.2, 1.7, 3.3)

    async def test_a_pong_that_came_meanwhile_with_tls(self):
        await self.answers_during("ec", 1.2, 1.7, 3.3)

    async def test_a_pong_behind_more_than_is_read_at_once(self):
        await self.answers_during(None, 1.2, behind=(30_000,) * 10)
        await self.answers_during("ec", 1.2, behind=(30_000,) * 10)

    async def test_a_head_that_came_meanwhile(self):
        async with Serve() as serve:
            reader, writer = await asyncio.open_connection("127.0.0.1", serve.port)
            writer.write(b"GET ")  # it is accepted, and its time runs
            await (await serve.connect()).close()
            async with standing_still(serve, 5.5):
                sid = "00000000-0000-4000-8000-000000000001"
                writer.write(request(f"authorization=Bearer%20{TOKEN}&x-cryo-sid={sid}")[4:])
            answer = await asyncio.wait_for(reader.readuntil(b"\r\n"), cryo_peer.PATIENCE)
            self.assertEqual(answer, b"HTTP/1.1 101 Switching Protocols\r\n")
            writer.close()


class Clients(unittest.IsolatedAsyncioTestCase):
    async def test_an_acknowledgement_that_came_meanwhile(self):
        client = None

        async def script(peer):
            peer.auto_ack = False
            message = await peer.expect(cryo_peer.UTF8DATA)
            async with standing_still(client, 3):
                await peer.send_frame(cryo_peer.ACK, message.number)
            await peer.closed()

        async with ScriptedServer(script) as server:
            client = Connect(server.url, "--no-reconnect", "-x", "hello")
            async with client:
                told = await client.next_event()
                self.assertEqual(told["event"], "acknowledged", told)

    async def test_a_pong_that_came_meanwhile(self):
        client = None

        async def script(peer):
            peer.auto_pong = False
            for stall in (1.2, 1.7):
                ping = await peer.expect(cryo_peer.PING_PONG)
                async with standing_still(client, stall):
                    await peer.send_frame(cryo_peer.PING_PONG, ping.number, b"pong")
            ping = await peer.expect(cryo_peer.PING_PONG)
            await peer.send_frame(cryo_peer.PING_PONG, ping.number, b"pong")
            await peer.expect(cryo_peer.PING_PONG)
            await peer.close()

        async with ScriptedServer(script) as server:
            client = Connect(server.url, "--no-reconnect", "--stay", *KEEP_ALIVE)
            async with client:
                closed = await client.event("closed")
                self.assertEqual(closed["code"], 4000, closed)

    async def test_an_upgrade_that_came_meanwhile(self):
        async def answer(reader, writer):
            await reader.readuntil(b"\r\n\r\n")
            async with standing_still(client, 1.5):
                writer.write(b"HTTP/1.1 418 I am a teapot\r\nContent-Length: 0\r\n\r\n")
                await writer.drain()
            writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        url = "ws://127.0.0.1:%d" % server.sockets[0].getsockname()[1]
        client = JsonProgram(connect(url, "--json", "--no-reconnect", "--connect-timeout-ms", "1000"))
        async with client:
            _, errors = await client.wait()
            self.assertIn("418", errors + str(client.rest))  # and not that nobody has answered
        server.close()


if __name__ == "__main__":
    certificates()
    unittest.main()
