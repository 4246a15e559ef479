"""`cryo serve --json` and real clients: every event, every mode, the ways to end."""

import asyncio
import base64
import os
import re
import shlex
import signal
import socket
import subprocess
import tempfile
import unittest
import uuid

from echo_server import PING, PONG
from raw_cryo import RawPeer, frame
from serve_program import PROGRAM, TOKEN, Serve, certificates, cryo_peer

UUID = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")


class HelloWait(unittest.IsolatedAsyncioTestCase):
    async def test_as_long_as_is_asked_for(self):
        async with Serve("--hello-wait-ms", "60000", "--keepalive-ms", "300") as serve:
            with RawPeer(serve) as busy:
                opcode, payload = busy.read_frame()
                self.assertEqual(opcode, PING)
                other = await serve.connect()
                keepalive = asyncio.create_task(other.closed())  # answers pings meanwhile
                # A keep-alive interval of the other one is longer than the default wait.
                await serve.event("stat-bytes-rx", session=str(other.sid))
                self.assertNotIn(str(busy.sid), [event["session"] for event in serve.seen])
                busy.send(frame(PONG, payload))
                await serve.event("session", session=str(busy.sid))
            await other.close(4000, "")
            await keepalive

    async def test_not_at_all(self):
        async with Serve("--hello-wait-ms", "0", "--cale") as serve:
            with RawPeer(serve) as deaf:
                deaf.answers_pings = False
                self.assertEqual(deaf.read_cryo().type, cryo_peer.SERVER_HELLO)


class Transports(unittest.IsolatedAsyncioTestCase):
    async def test_listening_tells_what_carries_the_connections(self):
        for arguments, tls, expected in (
            (["--transport", "auto"], None, "poll"),
            (["--transport", "poll"], None, "poll"),
            (["--transport", "libwebsockets"], None, "libwebsockets"),
            ([], "ec", "libwebsockets"),
        ):
            with self.subTest(arguments):
                async with Serve(*arguments, tls=tls) as serve:
                    self.assertEqual(serve.transport, expected)
                    peer = await serve.connect()
                    await peer.send_text("over either")
                    self.assertEqual(await peer.message(), "over either")


class Events(unittest.IsolatedAsyncioTestCase):
    async def test_every_event_of_a_conversation(self):
        async with Serve("--keepalive-ms", "500") as serve:
            self.assertEqual(
                serve.listening,
                {"event": "listening", "host": "127.0.0.1", "port": serve.port, "tls": False, "cale": False, "transport": serve.transport},
            )
            self.assertEqual(list(serve.listening), ["event", "host", "port", "tls", "cale", "transport"])
            peer = await serve.connect()
            sid = str(peer.sid)
            remote = "127.0.0.1:%d" % peer.websocket.local_address[1]
            session = await serve.event("session")
            self.assertEqual(session, {"event": "session", "session": sid, "remote": remote})
            self.assertEqual(list(session), ["event", "session", "remote"])

            text = 'h\u00e9llo "quoted"\n\u0000 \U0001f600 null'
            await peer.send_text(text)
            self.assertEqual(await peer.message(), text)
            event = await serve.event("message-utf8")
            self.assertEqual(event, {"event": "message-utf8", "session": sid, "data": text})
            self.assertEqual(list(event), ["event", "session", "data"])

            data = bytes(range(256)) + b"x"
            await peer.send_binary(data)
            self.assertEqual(await peer.message(), data)
            event = await serve.event("message-binary")
            self.assertEqual(event["data"], base64.b64encode(data).decode())
            self.assertEqual(event["session"], sid)

            keepalive = asyncio.create_task(peer.closed())  # answers pings meanwhile
            rtt = await serve.event("stat-rtt", session=sid)
            self.assertIsInstance(rtt["data"], float)
            self.assertGreater(rtt["data"], 0)
            received = await serve.event("stat-bytes-rx", session=sid)
            self.assertIsInstance(received["data"], int)
            self.assertGreaterEqual(received["data"], 2 * 21 + len(text.encode()) + len(data))
            sent = await serve.event("stat-bytes-tx", session=sid)
            self.assertGreaterEqual(sent["data"], 2 * 21 + len(text.encode()) + len(data))
            self.assertEqual((await serve.event("stat-ack-timeout", session=sid))["data"], 0)

            await peer.close(4321, "that is \u00fc")
            await keepalive
            closed = await serve.event("closed")
            self.assertEqual(closed, {"event": "closed", "session": sid, "code": 4321, "reason": "that is \u00fc"})
            self.assertEqual(list(closed), ["event", "session", "code", "reason"])

    async def test_lost_connections_and_ack_timeouts(self):
        async with Serve("--keepalive-ms", "3000") as serve:
            peer = await serve.connect()
            peer.auto_ack = False
            await peer.send_text("echo me, I will not acknowledge")
            await peer.message()
            keepalive = asyncio.create_task(peer.closed())
            event = await serve.event("stat-ack-timeout", session=str(peer.sid))
            self.assertEqual(event["data"], 1)
            self.assertNotIn("stat-rtt", [seen["event"] for seen in serve.seen])
            peer.drop()
            await keepalive
            closed = await serve.event("closed")
            self.assertEqual((closed["code"], closed["reason"]), (1006, ""))

    async def test_a_silent_client_is_closed(self):
        async with Serve("--keepalive-ms", "100") as serve:
            peer = await serve.connect()
            peer.auto_pong = False
            end = await peer.closed()
            self.assertEqual(end.code, 4001)
            closed = await serve.event("closed")
            self.assertEqual((closed["code"], closed["reason"]), (4001, end.reason))

    async def test_each_line_is_ascii_safe_json_in_order(self):
        async with Serve() as serve:
            async with await serve.connect() as peer:
                for number in range(500):
                    await peer.send_text(str(number))
                for number in range(500):
                    self.assertEqual(await peer.message(), str(number))
                for number in range(500):
                    self.assertEqual((await serve.event("message-utf8"))["data"], str(number))

    async def test_large_messages(self):
        asyncio.get_running_loop().slow_callback_duration = cryo_peer.PATIENCE  # base64 takes its time
        async with Serve() as serve:
            async with await serve.connect() as peer:
                data = bytes(range(256)) * 4096 * 8  # 8 MiB
                await peer.send_binary(data)
                self.assertEqual(await peer.message(), data)
                event = await serve.event("message-binary")
                self.assertEqual(base64.b64decode(event["data"]), data)


class Modes(unittest.IsolatedAsyncioTestCase):
    async def test_broadcast_reaches_the_others_only(self):
        for threads in ("1", "2"):
            async with Serve("--mode", "broadcast", "--threads", threads) as serve:
                peers = [await serve.connect() for _ in range(3)]
                for peer in peers:
                    await serve.event("session", session=str(peer.sid))
                await peers[0].send_text("from the first")
                await peers[0].send_binary(b"and bytes")
                for peer in peers[1:]:
                    self.assertEqual(await peer.message(), "from the first")
                    self.assertEqual(await peer.message(), b"and bytes")
                await peers[1].send_text("an answer")
                self.assertEqual(await peers[0].message(), "an answer")  # and not what it sent itself
                for peer in peers:
                    await peer.close()

    async def test_sink_acknowledges_and_says_nothing(self):
        async with Serve("--mode", "sink") as serve:
            async with await serve.connect() as peer:
                number = await peer.send_text("into the void")
                frame = await peer.frame()
                self.assertEqual((frame.type, frame.number), (cryo_peer.ACK, number))
                self.assertEqual((await serve.event("message-utf8"))["data"], "into the void")
                ping = await peer.ping()
                frame = await peer.frame()  # nothing came in between
                self.assertEqual((frame.type, frame.number, frame.payload), (cryo_peer.PING_PONG, ping, b"pong"))


class Tokens(unittest.IsolatedAsyncioTestCase):
    async def assert_refused(self, serve, token):
        with self.assertRaises(cryo_peer.Refused) as refused:
            await serve.connect(token=token)
        self.assertEqual(refused.exception.status, 401)

    async def test_only_the_right_ones_come_in(self):
        async with Serve("--token", "second", "--token", "d\u00e9j\u00e0 vu") as serve:
            for token in (TOKEN, "second", "d\u00e9j\u00e0 vu"):
                await (await serve.connect(token=token)).close()
            for token in ("", "s", "secon", "second ", "seconds", "Second", "third", TOKEN + "second"):
                await self.assert_refused(serve, token)

    async def test_they_are_never_logged(self):
        async with Serve("--verbose", "--token", "hush-hush") as serve:
            async with await serve.connect(token="hush-hush") as peer:
                await peer.announced()
            await self.assert_refused(serve, "guessed-wrong")
            await serve.event("closed")
            status, log = await serve.stop()
            self.assertEqual(status, 0)
            for secret in (TOKEN, "hush-hush", "guessed-wrong"):
                self.assertNotIn(secret, log)
                self.assertNotIn(secret, str(serve.rest) + str(serve.seen))

    async def test_one_is_made_up_where_there_is_none(self):
        tokens = set()
        for tls in (None, "ec"):
            async with Serve(token=None, tls=tls) as serve:
                token = (await serve.process.stderr.readline()).decode().split()
                url = shlex.split((await serve.process.stderr.readline()).decode())
                connect = shlex.split((await serve.process.stderr.readline()).decode())
                self.assertEqual((token[0], url[0], connect[0]), ("token", "url", "connect"))
                self.assertRegex(token[1], r"^[A-Za-z0-9_-]{22,}$")  # 128 bits at least
                tokens.add(token[1])
                server = "ws://127.0.0.1" if tls is None else "wss://localhost"
                match = re.fullmatch(
                    rf"({re.escape(server)}:{serve.port})/\?authorization=Bearer%20(\S+)&x-cryo-sid=(\S+)", url[1]
                )
                self.assertEqual(match[2], token[1])
                self.assertRegex(match[3], UUID)
                peer = await serve.connect(token=match[2], sid=uuid.UUID(match[3]))
                await peer.send_text("as pasted")
                self.assertEqual(await peer.message(), "as pasted")
                await peer.close()
                self.assertEqual(connect[1:3], [PROGRAM, "connect"])
                said = await asyncio.create_subprocess_exec(*connect[1:], "-x", "pasted", stdout=subprocess.PIPE)
                self.assertIn(b"pasted", (await said.communicate())[0])
                self.assertEqual(said.returncode, 0)
                await self.assert_refused(serve, "x" * len(token[1]))
        self.assertEqual(len(tokens), 2)

    async def test_the_command_can_be_pasted_whatever_the_path(self):
        with tempfile.TemporaryDirectory(suffix=" it's $HOME & more") as folder:
            program = os.path.join(folder, "cryo")
            os.symlink(PROGRAM, program)
            server = await asyncio.create_subprocess_exec(
                program, "serve", "--port", "0", "--cale", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
            )
            lines = [(await server.stdout.readline()).decode() for _ in range(4)]
            self.assertTrue(lines[3].startswith("connect  "), lines)
            client = await asyncio.create_subprocess_shell(
                lines[3].removeprefix("connect").strip() + " -x pasted", cwd="/", stdout=subprocess.PIPE
            )
            self.assertIn(b"pasted", (await client.communicate())[0])
            self.assertEqual(client.returncode, 0)
            server.terminate()
            await server.communicate()
            self.assertEqual(server.returncode, 0)


class Transports(unittest.IsolatedAsyncioTestCase):
    async def test_tls(self):
        for certificate in ("ec", "rsa"):
            async with Serve(tls=certificate) as serve:
                self.assertIs(serve.listening["tls"], True)
                async with await serve.connect() as peer:
                    await peer.send_text("private")
                    self.assertEqual(await peer.message(), "private")
                    self.assertEqual((await serve.event("message-utf8"))["data"], "private")
                with self.assertRaises(cryo_peer.Refused):
                    await serve.connect(token="wrong")

    @unittest.skipUnless(socket.has_dualstack_ipv6(), "this machine has no IPv6")
    async def test_ipv6(self):
        async with Serve("--host", "::1") as serve:
            self.assertEqual(serve.listening["host"], "::1")
            serve.url = f"ws://[::1]:{serve.port}"
            async with await serve.connect() as peer:
                remote = (await serve.event("session"))["remote"]
                self.assertEqual(remote, "[::1]:%d" % peer.websocket.local_address[1])

    async def test_threads_share_the_port(self):
        async with Serve("--threads", "3") as serve:
            peers = await asyncio.gather(*(serve.connect() for _ in range(30)))
            await asyncio.gather(*(peer.send_text(str(peer.sid)) for peer in peers))
            self.assertEqual([await peer.message() for peer in peers], [str(peer.sid) for peer in peers])
            status, _ = await serve.stop()
            self.assertEqual(status, 0)
            ends = [event for event in serve.rest if event["event"] == "closed"]
            self.assertEqual({event["session"] for event in ends}, {str(peer.sid) for peer in peers})


class Ends(unittest.IsolatedAsyncioTestCase):
    async def test_a_signal_says_farewell_to_every_session(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            async with Serve() as serve:
                peers = [await serve.connect() for _ in range(3)]
                for peer in peers:
                    await serve.event("session", session=str(peer.sid))
                farewells = [asyncio.create_task(peer.closed()) for peer in peers]
                status, log = await serve.stop(number)
                self.assertEqual((status, log), (0, ""))
                for farewell in farewells:
                    end = await farewell
                    self.assertEqual((end.code, end.reason), (4000, "Server shutdown."))
                self.assertEqual(len(serve.rest), 3)
                for event in serve.rest:
                    self.assertEqual(
                        (event["event"], event["code"], event["reason"]), ("closed", 4000, "Server shutdown.")
                    )

    async def test_a_second_signal_ends_at_once(self):
        for number, expected in ((signal.SIGTERM, 143), (signal.SIGINT, 130)):
            async with Serve() as serve:
                peer = await serve.connect()
                await serve.event("session")
                # This client never answers the close, which the server would wait for.
                peer.websocket.transport.pause_reading()
                serve.process.send_signal(signal.SIGTERM)

                async def knock():
                    while True:
                        _, writer = await asyncio.open_connection("127.0.0.1", serve.port)
                        writer.close()

                with self.assertRaises(ConnectionError):  # the first signal was heard when nobody listens any more
                    await asyncio.wait_for(knock(), cryo_peer.PATIENCE)
                serve.process.send_signal(number)
                status, _ = await serve.wait()
                self.assertEqual(status, expected)
                peer.drop()

    async def test_a_reader_that_goes_ends_it(self):
        async with Serve() as serve:
            peer = await serve.connect()
            await serve.event("session")
            serve.close_output()
            await asyncio.sleep(0)  # it is closed by the loop's next round
            await peer.send_text("nobody reads of this")
            end = await peer.closed()
            self.assertEqual((end.code, end.reason), (4000, "Server shutdown."))
            self.assertEqual(await asyncio.wait_for(serve.process.wait(), cryo_peer.PATIENCE), 141)

    async def test_a_slow_reader_loses_nothing(self):
        count, size = 400, 50_000  # 20 MB, far more than the pipe and the program hold
        async with Serve("--mode", "sink") as serve:
            peer = await serve.connect()
            await serve.event("session")

            async def talk():
                for number in range(count):
                    await peer.send_text(f"{number:06d}" * (size // 6))
                await peer.acknowledged(count - 1)

            serve.pause_output()
            talking = asyncio.create_task(talk())
            done, _ = await asyncio.wait([talking], timeout=1)
            self.assertFalse(done)  # the client is made to wait
            serve.resume_output()
            for number in range(count):
                self.assertEqual((await serve.event("message-utf8"))["data"][:6], f"{number:06d}")
            await talking
            await peer.close()

    async def test_a_reader_that_stands_still_does_not_hold_up_the_end(self):
        async with Serve("--mode", "sink") as serve:
            peer = await serve.connect()
            await serve.event("session")
            serve.pause_output()
            talking = asyncio.create_task(self.talk_without_end(peer))
            done, _ = await asyncio.wait([talking], timeout=1)
            self.assertFalse(done)
            serve.process.send_signal(signal.SIGTERM)
            log = await asyncio.wait_for(serve.process.stderr.readline(), cryo_peer.PATIENCE)
            self.assertIn(b"standard output: nobody has read it", log)
            talking.cancel()
            serve.resume_output()
            await asyncio.wait_for(serve.process.communicate(), cryo_peer.PATIENCE)
            self.assertEqual(serve.process.returncode, 1)

    async def talk_without_end(self, peer):
        while True:
            await peer.send_text("x" * 50_000)


if __name__ == "__main__":
    certificates()
    unittest.main()
