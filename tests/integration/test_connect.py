"""`cryo connect --json` against `cryo serve` and scripted servers: every event, and every way in for what is sent."""

import asyncio
import base64
import signal
import tempfile
import unittest
import uuid

from connect_program import Connect, ScriptedServer, connect, events_of
from json_program import TOKEN, certificates, cryo_peer, run
from serve_program import Serve


async def run_connect(*arguments, token=TOKEN, **options):
    """Runs it to its end while the server, which may be of this loop, is served."""
    return await asyncio.to_thread(run, *connect(*arguments, token=token), **options)


def names(result):
    return [event["event"] for event in events_of(result.stdout) if not event["event"].startswith("stat-")]


class Events(unittest.IsolatedAsyncioTestCase):
    async def test_every_event_of_a_conversation(self):
        sid = str(uuid.uuid4())
        async with Serve() as serve:
            async with Connect(serve.url + "/chat?room=tea", "--sid", sid, "--keepalive-ms", "100") as client:
                self.assertEqual(client.connected, {"event": "connected", "session": sid, "cale": False})
                await serve.event("session", session=sid)
                text = 'h\u00e9llo "quoted" \U0001f600 null'
                await client.write(text + "\n")
                self.assertEqual((await serve.event("message-utf8"))["data"], text)
                answer = await client.event("message-utf8")
                self.assertEqual(answer, {"event": "message-utf8", "session": sid, "data": text})
                acknowledged = await client.event("acknowledged")
                self.assertEqual(list(acknowledged), ["event", "session", "rtt_ms"])
                self.assertEqual(acknowledged["session"], sid)
                self.assertGreater(acknowledged["rtt_ms"], 0)
                self.assertGreater((await client.event("stat-rtt", session=sid))["data"], 0)
                await client.event("stat-bytes-rx", session=sid)
                await client.event("stat-bytes-tx", session=sid)
                self.assertEqual((await client.event("stat-ack-timeout", session=sid))["data"], 0)
                client.process.stdin.close()
                closed = await client.event("closed")
                self.assertEqual(closed, {"event": "closed", "session": sid, "code": 4000, "reason": ""})
                self.assertEqual(await client.wait(), (0, ""))
                self.assertEqual((await serve.event("closed", session=sid))["code"], 4000)

    async def test_binary_messages_and_a_close_by_the_server(self):
        async def script(peer):
            await peer.send_binary(bytes(range(256)))
            await peer.acknowledged(0)
            await peer.close(1000, "that was \u00fc")

        async with ScriptedServer(script) as server:
            result = await run_connect(server.url, "--json", "--stay", "--no-reconnect")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        events = events_of(result.stdout)
        self.assertEqual(base64.b64decode(events[1]["data"]), bytes(range(256)))
        self.assertEqual(events[1]["event"], "message-binary")
        self.assertEqual((events[-1]["code"], events[-1]["reason"]), (1000, "that was \u00fc"))

    async def test_it_comes_back(self):
        async with Serve() as serve:
            port = serve.port
            client = await Connect(serve.url, "--stay").__aenter__()
            self.addAsyncCleanup(client.__aexit__, None, None, None)
        lost = await client.event("disconnected")
        self.assertEqual(lost["session"], client.connected["session"])
        failed = await client.event("attempt-failed")
        self.assertEqual(
            list(failed), ["event", "session", "status", "http_status", "text", "retry_ms"]
        )
        self.assertEqual((failed["status"], failed["http_status"]), ("CRYO_ERR_CONNECT", 0))
        self.assertGreaterEqual(failed["retry_ms"], 0)
        async with Serve(port=port) as serve:
            again = await client.event("reconnected")
            self.assertEqual(again["session"], client.connected["session"])
            await serve.event("session", session=again["session"])
            await client.write("hello again\n")
            self.assertEqual((await client.event("message-utf8"))["data"], "hello again")
            self.assertEqual(await client.stop(), (0, ""))
            self.assertEqual(client.rest[-1]["event"], "closed")

    async def test_cale(self):
        async with Serve("--cale") as serve:
            async with Connect(serve.url, "--cale") as client:
                self.assertTrue(client.connected["cale"])
                for number in range(50):
                    await client.write(f"sealed {number}\n")
                for number in range(50):
                    self.assertEqual((await client.event("message-utf8"))["data"], f"sealed {number}")

    async def test_tls_with_an_authority_of_ones_own(self):
        for name, ca in (("ec", "ec"), ("rsa", "rsa"), ("chain", "ca")):
            async with Serve(tls=name) as serve:
                url = serve.url.replace("127.0.0.1", "localhost")
                result = await run_connect(url, "--json", "--ca", f"{certificates()}/{ca}.pem", "-x", "hello")
                self.assertEqual((result.returncode, result.stderr), (0, ""))
                self.assertIn("acknowledged", names(result))


class Sending(unittest.IsolatedAsyncioTestCase):
    async def test_texts_of_the_command_line(self):
        texts = ["first", "", "-x", "/ping", "two\nlines", "d\u00e9j\u00e0 vu"]
        async with Serve("--mode", "sink") as serve:
            result = await run_connect(serve.url, "--json", *(word for text in texts for word in ("-x", text)))
            self.assertEqual((result.returncode, result.stderr), (0, ""))
            self.assertEqual(names(result), ["connected", *["acknowledged"] * len(texts), "closed"])
            for text in texts:
                self.assertEqual((await serve.event("message-utf8"))["data"], text)

    async def test_lines_of_a_pipe(self):
        async with Serve("--mode", "sink") as serve:
            lines = [f"line {number}" for number in range(100)] + ["", " blanks ", "/close", "a\rb", "last, without its end"]
            result = await run_connect(serve.url, "--json", input="\n".join(lines))
            self.assertEqual((result.returncode, result.stderr), (0, ""))
            self.assertEqual(names(result), ["connected", *["acknowledged"] * len(lines), "closed"])
            for line in lines:
                self.assertEqual((await serve.event("message-utf8"))["data"], line)

    async def test_a_file(self):
        async with Serve("--mode", "sink") as serve:
            with tempfile.TemporaryFile() as file:
                file.write(b"one\ntwo\n")
                file.seek(0)
                result = await run_connect(serve.url, "--json", stdin=file)
            self.assertEqual((result.returncode, names(result)), (0, ["connected", *["acknowledged"] * 2, "closed"]))

    async def test_a_long_line(self):
        async with Serve("--mode", "sink") as serve:
            result = await run_connect(serve.url, "--json", input="x" * 5_000_000)
            self.assertEqual((result.returncode, result.stderr), (0, ""))
            self.assertEqual(len((await serve.event("message-utf8"))["data"]), 5_000_000)

    async def test_a_line_that_is_no_text(self):
        async with Serve("--mode", "sink") as serve:
            async with Connect(serve.url) as client:
                await client.write(b"good\n\xff\xfe\ngood too\n")
                client.process.stdin.close()
                status, errors = await client.wait()
                self.assertEqual(status, 5)
                self.assertRegex(errors, r"\Acryo: not sent: .*UTF-8.*\n\Z")
            for text in ("good", "good too"):
                self.assertEqual((await serve.event("message-utf8"))["data"], text)

    async def test_what_is_not_acknowledged(self):
        async def script(peer):
            await peer.expect(cryo_peer.UTF8DATA)
            while True:
                await peer.frame()

        def deaf(peer):
            peer.auto_ack = False
            return script(peer)

        async with ScriptedServer(deaf) as server:
            result = await run_connect(server.url, "--json", "-x", "anybody?")
        self.assertEqual(result.returncode, 5)
        self.assertEqual(names(result), ["connected", "unacknowledged", "lost-utf8", "closed"])

    async def test_a_close_of_its_own_is_told_as_it_was_said(self):
        """A server that wants CALE: what is acknowledged behind its hello must not change the code of the close."""

        async def script(peer):
            peer.auto_ack = False
            frame = await peer.expect(cryo_peer.UTF8DATA)
            await peer.send_frame(cryo_peer.SERVER_HELLO, 0, bytes([4]) + bytes(64))
            await peer.send_frame(cryo_peer.ACK, frame.number)
            self.assertEqual((await peer.closed()).code, 4010)

        async with ScriptedServer(script) as server:
            result = await run_connect(server.url, "--json", "-x", "hello")
        self.assertEqual(result.returncode, 4)
        self.assertEqual(events_of(result.stdout)[-1]["code"], 4010)

    async def test_what_is_lost(self):
        async def script(peer):
            peer.auto_ack = False
            await peer.expect(cryo_peer.UTF8DATA)
            peer.drop()

        async with ScriptedServer(script) as server:
            result = await run_connect(server.url, "--json", "--no-reconnect", "-x", "gone", "-x", "never sent")
        self.assertEqual(result.returncode, 1)
        events = events_of(result.stdout)
        lost = next(event for event in events if event["event"] == "lost-utf8")
        self.assertEqual(lost["data"], "gone")
        self.assertEqual((events[-1]["event"], events[-1]["code"]), ("closed", 1006))

    async def test_the_token_and_the_sid_may_stand_in_the_url(self):
        seen = []

        async def script(peer):
            seen.append(peer.query)
            await peer.closed()

        sid = str(uuid.uuid4())
        async with ScriptedServer(script) as server:
            for query in (
                f"authorization=Bearer%20t%2Bken&x-cryo-sid={sid}&a=b",
                f"a=b&x-cryo-sid={sid}&authorization=Bearer+t%2Bken",
            ):
                result = await asyncio.to_thread(run, "connect", f"{server.url}/?{query}", "--json")
                self.assertEqual((result.returncode, result.stderr), (0, ""))
        for query in seen:
            self.assertEqual(query, {"authorization": ["Bearer t+ken"], "x-cryo-sid": [sid], "x-cryo-resume": ["new"], "a": ["b"]})

    async def test_a_token_file(self):
        with tempfile.NamedTemporaryFile("w") as file:
            file.write(f"# mine\n{TOKEN}\n")
            file.flush()
            async with Serve() as serve:
                result = await asyncio.to_thread(run, "connect", serve.url, "--token-file", file.name, "--json")
                self.assertEqual((result.returncode, result.stderr), (0, ""))


class ForPeople(unittest.IsolatedAsyncioTestCase):
    async def test_lines_for_a_pipe_have_no_escapes(self):
        evil = "\x1b[2J\x1b]0;owned\x07\r\n\x7f\u009b31m\u202eabc\u200b"

        async def script(peer):
            await peer.send_text(evil)
            await peer.send_binary(b"\x00\x1b\xff")
            await peer.acknowledged(1)
            await peer.close(1000, "\x1b[31mred")

        async with ScriptedServer(script) as server:
            result = await run_connect(server.url, "--stay", "--no-reconnect")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertNotRegex(result.stdout, "[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u200b]")
        time = r"\d\d:\d\d:\d\d\.\d{3}  "
        lines = result.stdout.splitlines()
        self.assertRegex(lines[0], rf"\A{time}connected to ws://\S+ as [0-9a-f-]{{36}}\Z")
        self.assertRegex(lines[1], rf"\A{time}< ")
        self.assertIn(r"\u{1b}[2J\u{1b}]0;owned\u{7}\r\n\u{7f}\u{9b}31m\u{202e}abc\u{200b}", lines[1])
        self.assertRegex(lines[2], rf"\A{time}< binary 3 B  00 1b ff\Z")
        self.assertIn(r"closed 1000 \u{1b}[31mred", lines[3])

    async def test_the_token_is_never_shown(self):
        async with Serve(token="hush-hush") as serve:
            for more in ([], ["--json"]):
                result = await run_connect(serve.url, "--verbose", "-x", "hello", *more, token="hush-hush")
                self.assertEqual(result.returncode, 0)
                self.assertNotIn("hush-hush", result.stdout + result.stderr)
                result = await run_connect(serve.url, "--verbose", "-x", "hello", *more, token="guessed-wrong")
                self.assertEqual(result.returncode, 3)
                self.assertNotIn("guessed-wrong", result.stdout + result.stderr)


class Signals(unittest.IsolatedAsyncioTestCase):
    async def test_a_signal_closes(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            async with Serve() as serve:
                async with Connect(serve.url) as client:
                    await serve.event("session")
                    self.assertEqual(await client.stop(number), (0, ""))
                    self.assertEqual((client.rest[-1]["event"], client.rest[-1]["code"]), ("closed", 4000))
                self.assertEqual((await serve.event("closed"))["code"], 4000)

    async def test_a_second_signal_ends_at_once(self):
        asked = asyncio.Event()

        async def script(peer):
            # This server never answers the close.
            peer.websocket.transport.pause_reading()
            await asked.wait()
            peer.drop()

        async with ScriptedServer(script) as server:
            async with Connect(server.url) as client:
                await client.write("half a line")
                client.process.send_signal(signal.SIGTERM)
                client.process.send_signal(signal.SIGINT)
                status, _ = await client.wait()
                self.assertIn(status, (130, 143))
            asked.set()

    async def test_a_reader_that_goes_ends_it(self):
        async with Serve() as serve:
            async with Connect(serve.url) as client:
                client.close_output()
                await asyncio.sleep(0)  # it is closed by the loop's next round
                await client.write("nobody reads the answer\n")
                self.assertEqual(await asyncio.wait_for(client.process.wait(), cryo_peer.PATIENCE), 141)


if __name__ == "__main__":
    unittest.main()
