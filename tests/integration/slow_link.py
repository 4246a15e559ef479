"""A link that carries so many bytes a second in each direction, and holds little itself: what is too much waits with its sender."""

import asyncio
import contextlib
import socket

STEPS = 20  # a second
HELD = 16384  # bytes that the system may hold for the link, or about


class SlowLink:
    """`async with SlowLink(port, 100_000) as link:` leads from link.port to that one."""

    def __init__(self, port, rate):
        self.to = port
        self.rate = rate
        self.flows = set()

    async def __aenter__(self):
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, HELD)  # of those that it accepts
        listening.bind(("127.0.0.1", 0))
        self.port = listening.getsockname()[1]
        self.server = await asyncio.start_server(self._join, sock=listening, limit=HELD)
        return self

    async def __aexit__(self, *_):
        self.server.close()
        for flow in self.flows:
            flow.cancel()
        await asyncio.gather(*self.flows, return_exceptions=True)

    async def _join(self, reader, writer):
        far = socket.socket()
        far.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, HELD)
        far.setblocking(False)
        await asyncio.get_running_loop().sock_connect(far, ("127.0.0.1", self.to))
        far_reader, far_writer = await asyncio.open_connection(sock=far, limit=HELD)
        for one in (self._carry(reader, far_writer), self._carry(far_reader, writer)):
            self.flows.add(asyncio.create_task(one))

    async def _carry(self, source, sink):
        with contextlib.suppress(ConnectionError):
            while data := await source.read(max(1, self.rate // STEPS)):
                sink.write(data)
                await sink.drain()
                await asyncio.sleep(len(data) / self.rate)
        with contextlib.suppress(ConnectionError, OSError):
            sink.close()
