"""A `cryo` program that tells one JSON object a line, and what the tests of all of them share."""

import asyncio
import atexit
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))

import cryo_peer  # noqa: E402

PROGRAM = os.environ["CRYO_PROGRAM"]
TOKEN = "token-of-the-tests"

_folder = None


def certificates():
    """The folder with what make_certificates writes, made once."""
    global _folder
    if _folder is None:
        _folder = tempfile.mkdtemp(prefix="cryo_certificates_")
        atexit.register(shutil.rmtree, _folder)
        subprocess.run([os.environ["CRYO_MAKE_CERTIFICATES"], _folder], check=True)
    return _folder


def run(*arguments, timeout=60, **options):
    """Runs the program to its end."""
    options.setdefault("stdin", subprocess.DEVNULL if "input" not in options else None)
    if options["stdin"] is None:
        del options["stdin"]
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=timeout, **options)


class JsonProgram:
    """`async with` runs it."""

    within = ()  # what runs it: words in front of its own

    def __init__(self, arguments, stdin=None, **environment):
        self.arguments = arguments
        self.stdin = stdin
        self.environment = {**os.environ, **environment}
        self.seen = []  # events that were read and not asked for yet

    async def __aenter__(self):
        self.process = await asyncio.create_subprocess_exec(
            *self.within, PROGRAM, *self.arguments, stdin=self.stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            limit=64 * 2**20, env=self.environment,
        )  # fmt: skip
        try:
            await self.begin()
        except BaseException:
            await self.__aexit__(None, None, None)
            raise
        return self

    async def begin(self):
        """Waits for what the program tells first."""

    async def __aexit__(self, *_):
        if self.process.returncode is None:
            self.process.kill()
        self.resume_output()  # or a test that failed meanwhile would wait for the end of it without end
        await self.process.communicate()

    def pause_output(self):
        """Leaves standard output unread from now on, so that the pipe fills up."""
        self._output().pause_reading()

    def resume_output(self):
        self._output().resume_reading()

    def close_output(self):
        self._output().close()

    def _output(self):
        return self.process._transport.get_pipe_transport(1)

    async def line(self):
        """The next line on standard output; "" at its end."""
        return (await asyncio.wait_for(self.process.stdout.readline(), cryo_peer.PATIENCE)).decode()

    async def next_event(self):
        line = await self.line()
        if not line:
            _, errors = await self.process.communicate()
            raise AssertionError("standard output ended; standard error:\n" + errors.decode())
        return json.loads(line)

    async def event(self, name, **fields):
        """The next event of this name, with these fields; others are kept for later questions."""

        def fits(event):
            return event["event"] == name and all(event.get(key) == value for key, value in fields.items())

        for event in self.seen:
            if fits(event):
                self.seen.remove(event)
                return event
        while True:
            event = await self.next_event()
            if fits(event):
                return event
            self.seen.append(event)

    async def stop(self, number=signal.SIGTERM):
        """Signals, and gives the exit status and what was on standard error; unread events are in `rest`."""
        self.process.send_signal(number)
        return await self.wait()

    async def wait(self):
        output, errors = await asyncio.wait_for(self.process.communicate(), cryo_peer.PATIENCE)
        self.rest = [json.loads(line) for line in output.decode().splitlines()]
        return self.process.returncode, errors.decode()
