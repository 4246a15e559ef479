"""`cryo connect` through an HTTP proxy, to a real server."""

import asyncio
import contextlib
import os
import unittest

from connect_program import connect
from json_program import certificates, run
from serve_program import Serve


class Proxy:
    """Takes CONNECT to anywhere, and keeps what it was asked."""

    def __init__(self, refusal=b""):
        self.refusal = refusal
        self.heads = []

    async def __aenter__(self):
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = "http://127.0.0.1:%d" % self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_):
        self.server.close()
        await self.server.wait_closed()

    async def _serve(self, reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        self.heads.append(head)
        if self.refusal:
            writer.write(self.refusal)
        else:
            port = int(head[0].split()[1].rpartition(":")[2])
            there, onward = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"HTTP/1.1 200 Connection established\r\nVia: 1.1 test\r\n\r\n")
            await asyncio.gather(self._pass(reader, onward), self._pass(there, writer))
        writer.close()

    async def _pass(self, source, target):
        with contextlib.suppress(ConnectionError):
            while data := await source.read(65536):
                target.write(data)
                await target.drain()
            target.write_eof()


async def run_connect(*arguments, **options):
    return await asyncio.to_thread(run, *connect(*arguments, "-x", "hi"), **options)


class Proxies(unittest.IsolatedAsyncioTestCase):
    async def test_plain_by_the_command_line(self):
        async with Proxy() as proxy, Serve() as serve:
            port = serve.url.rpartition(":")[2]
            url = proxy.url.replace("//", "//user:pass%20word@")
            result = await run_connect(f"ws://server.test:{port}", "--proxy", url)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertEqual(
            proxy.heads[0][:3],
            [
                f"CONNECT server.test:{port} HTTP/1.1",
                f"Host: server.test:{port}",
                "Proxy-Authorization: Basic dXNlcjpwYXNzIHdvcmQ=",
            ],
        )

    async def test_tls_by_the_environment(self):
        certificate, key = (f"{certificates()}/ec.{kind}" for kind in ("pem", "key"))
        async with Proxy() as proxy, Serve("--tls-cert", certificate, "--tls-key", key) as serve:
            url = serve.url.replace("ws://127.0.0.1", "wss://localhost")
            environment = dict(os.environ, https_proxy=proxy.url, no_proxy="other.test")
            arguments = (url, "--ca", certificate, "--proxy-from-environment")
            result = await run_connect(*arguments, env=environment)
            self.assertEqual((result.returncode, result.stderr), (0, ""))
            self.assertEqual(len(proxy.heads), 1)
            await run_connect(*arguments, env=dict(environment, no_proxy="localhost"))
            await run_connect(*arguments[:-1], env=environment)
            self.assertEqual(len(proxy.heads), 1)

    async def test_one_that_wants_a_password(self):
        refusal = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
        async with Proxy(refusal) as proxy:
            result = await run_connect("ws://server.test", "--proxy", proxy.url)
        self.assertEqual(result.returncode, 3)
        self.assertIn("the proxy 127.0.0.1 wants a user and a password", result.stderr)

    async def test_one_that_is_none(self):
        result = await run_connect("ws://server.test", "--proxy", "https://proxy.test")
        self.assertEqual(result.returncode, 2)
        self.assertIn("http://", result.stderr)


if __name__ == "__main__":
    unittest.main()
