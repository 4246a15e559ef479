"""`cryo serve` that is told to end, or to read its tokens and certificates again: SIGTERM, SIGINT and SIGHUP."""

import asyncio
import os
import shutil
import signal
import ssl
import subprocess
import tempfile
import time
import unittest

from raw_cryo import RawPeer, request
from serve_program import PROGRAM, TOKEN
from test_edge_health import ask
from watched_server import PATIENCE, AsyncTestCase, WatchedServer, certificates, cryo_peer


def ready(server):
    return ask(server, "GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n")[0] == 200


def end_of(server):
    """Its exit status, whoever has asked it to end."""
    status = server.process.wait(PATIENCE)
    server.reader.join(PATIENCE)
    server.process.stdout.close()
    assert server.failure is None, server.failure
    return status


class Terminate(AsyncTestCase):
    async def test_sessions_are_closed_over_the_time(self):
        for threads in ("1", "3"):
            with WatchedServer("--drain-ms", "1500", "--threads", threads) as server:
                peers = [await server.connect() for _ in range(30)]
                ends = [asyncio.create_task(peer.closed()) for peer in peers]
                began = time.monotonic()
                server.process.terminate()
                await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
                self.assertFalse(all(end.done() for end in ends))  # not all at once
                self.assertFalse(ready(server))
                closes = await asyncio.wait_for(asyncio.gather(*ends), PATIENCE)
                self.assertGreater(time.monotonic() - began, 0.75)
                self.assertEqual({(end.code, end.reason) for end in closes}, {(4000, "Server shutdown.")})
                self.assertEqual(end_of(server), 0)
                self.assertEqual(len(server.closed), 30)

    async def test_it_ends_with_the_last_session(self):
        with WatchedServer("--drain-ms", "3600000") as server:
            # One is closed at the beginning: an hour has many batches.
            peers = [await server.connect() for _ in range(2)]
            server.process.terminate()
            first = await asyncio.wait_for(
                asyncio.wait([asyncio.create_task(peer.closed()) for peer in peers], return_when=asyncio.FIRST_COMPLETED), PATIENCE
            )
            self.assertEqual(len(first[0]), 1)
            for task in first[1]:
                task.cancel()
            await server.until(lambda: len(server.closed) == 1)
            left = next(peer for peer in peers if str(peer.sid) != server.closed[0][0])
            self.assertFalse(ready(server))
            with self.assertRaises(cryo_peer.Refused) as refused:
                await server.connect()
            self.assertEqual(refused.exception.status, 503)
            await left.send_text("still here")
            self.assertEqual(await left.message(), "still here")
            await left.close(4000)
            self.assertEqual(end_of(server), 0)

    async def test_without_sessions_at_once(self):
        with WatchedServer("--drain-ms", "3600000") as server:
            self.assertEqual(server.stop(), (0, ""))

    async def test_sigint_closes_all_now(self):
        with WatchedServer("--drain-ms", "3600000") as server:
            peers = [await server.connect() for _ in range(10)]
            server.process.send_signal(signal.SIGINT)
            closes = await asyncio.wait_for(asyncio.gather(*(peer.closed() for peer in peers)), PATIENCE)
            self.assertEqual({end.reason for end in closes}, {"Server shutdown."})
            self.assertEqual(end_of(server), 0)

    async def test_a_second_signal_ends_it_at_once(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with WatchedServer("--drain-ms", "3600000") as server:
                peers = [await server.connect() for _ in range(3)]
                server.process.terminate()
                await server.until(lambda server=server: server.closed)
                server.process.send_signal(number)
                self.assertEqual(end_of(server), 128 + number)
                server.process.returncode = 0  # as expected
                del peers

    async def test_our_own_client_comes_back_to_another_server(self):
        with WatchedServer("--drain-ms", "200") as first:
            client = await asyncio.create_subprocess_exec(
                PROGRAM, "connect", first.url, "--token", TOKEN, "--json", stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
            try:
                await first.until(lambda: first.sessions)
                self.assertEqual(first.stop()[0], 0)
                seen = b""
                while b'"disconnected"' not in seen:
                    seen = await asyncio.wait_for(client.stdout.readline(), PATIENCE)
                    self.assertTrue(seen)
                self.assertIn(b"Server shutdown.", seen)
                seen = await asyncio.wait_for(client.stdout.readline(), PATIENCE)  # it tries again
                self.assertIn(b"attempt", seen)
            finally:
                client.kill()
                await client.wait()


class Hangup(unittest.TestCase):
    def test_without_anything_to_read_it_ends_as_by_sigterm(self):
        with WatchedServer() as server:
            peer = RawPeer(server).announce()
            server.process.send_signal(signal.SIGHUP)
            self.assertEqual(peer.expect_close(), (4000, "Server shutdown."))
            peer.socket.close()
            self.assertEqual(end_of(server), 0)

    def test_nohup_is_respected(self):
        with WatchedServer(wrapper=["/usr/bin/env", "--ignore-signal=HUP"]) as server:
            server.process.send_signal(signal.SIGHUP)
            self.assertTrue(ready(server))

    def test_tokens_are_read_again(self):
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "tokens")

            def write(*tokens):
                with open(file + ".new", "w", encoding="ascii") as out:
                    out.write("# tokens\n" + "".join(token + "\n" for token in tokens))
                os.rename(file + ".new", file)

            def status(server, token):
                with RawPeer(server, upgrade=False, token=token) as peer:
                    peer.send(request(peer.query))
                    return int(peer.read_head().split()[1])

            write("first", "second")
            with WatchedServer("--token-file", file, log_may_speak=True) as server:
                stays = RawPeer(server, token="first").announce()
                self.assertEqual((status(server, "second"), status(server, "third")), (101, 401))
                write("second", "third")
                server.process.send_signal(signal.SIGHUP)
                server.wait(lambda: server.reloads)
                self.assertEqual(server.reloads[0]["tokens"], 3)  # with that of the command line
                for token, expected in (("first", 401), ("second", 101), ("third", 101), (TOKEN, 101)):
                    self.assertEqual(status(server, token), expected, token)
                stays.send_cryo(3, 1, b"still here")  # whoever is in stays
                stays.expect(3)
                # What cannot be read changes nothing, and is told.
                os.remove(file)
                server.process.send_signal(signal.SIGHUP)
                deadline = time.monotonic() + PATIENCE
                while "nothing was reloaded" not in server.log_text() and time.monotonic() < deadline:
                    status(server, "third")
                self.assertIn("nothing was reloaded", server.log_text())
                self.assertEqual(status(server, "third"), 101)
                write("fourth")
                server.process.send_signal(signal.SIGHUP)
                server.wait(lambda: len(server.reloads) == 2)
                self.assertEqual((status(server, "third"), status(server, "fourth")), (401, 101))
                for secret in ("first", "second", "third", "fourth"):
                    self.assertNotIn(secret, server.log_text())
                stays.socket.close()

    def test_certificates_are_read_again(self):
        def shown(server):
            return ssl.get_server_certificate(("127.0.0.1", server.port))

        def text(path):
            with open(path, encoding="ascii") as file:
                return file.read()

        with tempfile.TemporaryDirectory() as folder:
            at = lambda name: os.path.join(folder, name)  # noqa: E731
            for suffix in ("pem", "key"):
                shutil.copy(f"{certificates()}/ec.{suffix}", at(f"now.{suffix}"))
            with open(at("tokens"), "w", encoding="ascii") as file:
                file.write("one\n")
            arguments = ["--tls-cert", at("now.pem"), "--tls-key", at("now.key"), "--token-file", at("tokens")]
            with WatchedServer(*arguments, log_may_speak=True) as server:
                self.assertEqual(shown(server), text(f"{certificates()}/ec.pem"))
                for suffix in ("pem", "key"):
                    shutil.copy(f"{certificates()}/rsa.{suffix}", at(f"now.{suffix}"))
                self.assertEqual(shown(server), text(f"{certificates()}/ec.pem"))  # not before it is told to
                server.process.send_signal(signal.SIGHUP)
                server.wait(lambda: server.reloads)
                self.assertEqual(shown(server), text(f"{certificates()}/rsa.pem"))
                # A key that does not belong to it: nothing changes, the tokens neither.
                shutil.copy(f"{certificates()}/ec.key", at("now.key"))
                with open(at("tokens"), "w", encoding="ascii") as file:
                    file.write("one\ntwo\n")
                server.process.send_signal(signal.SIGHUP)
                deadline = time.monotonic() + PATIENCE
                while "nothing was reloaded" not in server.log_text() and time.monotonic() < deadline:
                    shown(server)
                self.assertIn("nothing was reloaded", server.log_text())
                self.assertEqual(shown(server), text(f"{certificates()}/rsa.pem"))
                shutil.copy(f"{certificates()}/rsa.key", at("now.key"))
                server.process.send_signal(signal.SIGHUP)
                server.wait(lambda: len(server.reloads) == 2)
                self.assertEqual(server.reloads[1]["tokens"], 3)


if __name__ == "__main__":
    unittest.main()
