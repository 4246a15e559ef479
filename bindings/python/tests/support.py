"""What the tests of a server have in common."""

import asyncio
import gc
import logging
import unittest

import cryo

from .peer import PATIENCE, Refused, connect

TOKEN = "secret"


def knows_the_token(token):
    return token == TOKEN


class Events:
    """Collects what is told on any thread, for a test in an event loop that waits for it."""

    def __init__(self):
        self._loop = asyncio.get_running_loop()
        self._queue = asyncio.Queue()

    def put(self, *event):
        self._loop.call_soon_threadsafe(self._queue.put_nowait, event)

    async def next(self):
        return await asyncio.wait_for(self._queue.get(), PATIENCE)

    async def next_of(self, name):
        """The next event whose first item is `name`; others are skipped."""
        while True:
            event = await self.next()
            if event[0] == name:
                return event[1:]

    def hook(self, server):
        """Collects all the events of a cryo.Server."""
        server.on_listening(lambda host, port: self.put("listening", host, port))
        server.on_session(lambda session: self.put("session", session))
        server.on_message(lambda session, message: self.put("message", session, message))
        server.on_closed(lambda session, code, reason: self.put("closed", session, code, reason))
        server.on_stat(lambda session, stat, value: self.put("stat", session, stat, value))


class LogCatcher(logging.Handler):
    """Collects the records of the logger "cryo"."""

    def __init__(self):
        super().__init__()
        self.records = []

    def emit(self, record):
        self.records.append(record)

    def exceptions(self):
        return [record.exc_info[1] for record in self.records if record.exc_info]


class ServerTest(unittest.IsolatedAsyncioTestCase):
    """Gives tests servers that are closed at the end, and the exceptions of their callbacks in `self.log`."""

    def setUp(self):
        self.log = LogCatcher()
        logger = logging.getLogger("cryo")
        logger.addHandler(self.log)
        logger.propagate = False
        self.addCleanup(logger.removeHandler, self.log)

    def serve(self, **options):
        """A started server on a free port; its events are in `self.events`."""
        server = self.make(**options)
        return server.start()

    def make(self, **options):
        options.setdefault("port", 0)
        if "authorize" not in options:
            options.setdefault("validate", knows_the_token)
        server = cryo.Server(**options)
        self.addAsyncCleanup(self.in_thread, server.close)
        self.events = Events()
        self.events.hook(server)
        return server

    async def connect(self, server, token=TOKEN, **rest):
        """A peer that is closed at the end."""
        peer = await connect(server.port, token, **rest)
        self.addAsyncCleanup(peer.close)
        return peer

    async def meet(self, server, **rest):
        """A peer and its session."""
        peer = await self.connect(server, **rest)
        (session,) = await self.events.next_of("session")
        return peer, session

    async def assert_refused(self, server, token=TOKEN, status=401):
        with self.assertRaises(Refused) as caught:
            await connect(server.port, token)
        self.assertEqual(caught.exception.status, status)

    @staticmethod
    async def in_thread(function, *arguments):
        """Calls what blocks, without stopping the peers."""
        return await asyncio.wait_for(
            asyncio.get_running_loop().run_in_executor(None, function, *arguments), PATIENCE
        )

    async def until(self, condition):
        """Gives other tasks and threads their turn until the condition holds."""
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while not condition():
            gc.collect()
            self.assertLess(asyncio.get_running_loop().time(), deadline, "it never came true")
            await self.in_thread(int)
