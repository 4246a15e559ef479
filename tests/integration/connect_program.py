"""The `cryo connect` program under test, and a server that does what a test says."""

import asyncio
import http
import json
import subprocess
import uuid
from urllib.parse import parse_qs, urlsplit

from json_program import TOKEN, JsonProgram, cryo_peer
from websockets_asyncio import serve

__all__ = ["Connect", "RefusingServer", "ScriptedServer", "connect", "events_of"]


def connect(url, *arguments, token=TOKEN):
    """The arguments of the program."""
    return ["connect", url, *(("--token", token) if token is not None else ()), *arguments]


def events_of(output):
    """The JSON objects of what the program has written."""
    return [json.loads(line) for line in output.splitlines()]


class Connect(JsonProgram):
    """`async with Connect(url, "-x", "hello") as client:` runs `cryo connect --json …` and waits for "connected"."""

    def __init__(self, url, *arguments, token=TOKEN):
        super().__init__(connect(url, "--json", *arguments, token=token), stdin=subprocess.PIPE)

    async def begin(self):
        self.connected = await self.next_event()
        assert self.connected["event"] == "connected", self.connected

    async def write(self, text):
        self.process.stdin.write(text.encode() if isinstance(text, str) else text)
        await self.process.stdin.drain()


class RefusingServer:
    """An HTTP server that lets nobody in."""

    def __init__(self, status, body):
        self.answer = (
            f"HTTP/1.1 {status} {http.HTTPStatus(status).phrase}\r\n"
            f"Content-Type: text/plain\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        ).encode() + body

    async def __aenter__(self):
        self.server = await asyncio.start_server(self._refuse, "127.0.0.1", 0)
        self.url = "ws://127.0.0.1:%d" % self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_):
        self.server.close()
        await self.server.wait_closed()

    async def _refuse(self, reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(self.answer)
        await writer.drain()
        writer.close()


class ScriptedServer:
    """A WebSocket server for one test: `script(peer)` talks to each client, as a cryo_peer.Peer turned around.
    `process_request(path, headers)` gives None, or the status, headers and body of a refusal."""

    def __init__(self, script, process_request=None):
        self.script = script
        self.process_request = process_request
        self.failure = None

    async def __aenter__(self):
        self.server = await serve(
            self._talk, "127.0.0.1", 0, max_size=None, ping_interval=None, process_request=self.process_request
        )
        self.url = "ws://127.0.0.1:%d" % self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, kind, *_):
        self.server.close()
        await self.server.wait_closed()
        if kind is None and self.failure is not None:
            raise self.failure

    async def _talk(self, websocket):
        query = parse_qs(urlsplit(websocket.path).query)
        peer = cryo_peer.Peer(websocket, uuid.UUID(query["x-cryo-sid"][0]))
        peer.query = query
        try:
            await self.script(peer)
        except asyncio.CancelledError:
            raise
        except cryo_peer.Closed:
            pass
        except Exception as error:
            self.failure = error
