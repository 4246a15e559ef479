"""`cryo connect` at a terminal: a prompt that what arrives does not garble, commands, and a history."""

import asyncio
import fcntl
import os
import pty
import re
import select
import struct
import tempfile
import termios
import time
import unittest

from connect_program import RefusingServer, ScriptedServer, connect
from json_program import PROGRAM, cryo_peer
from serve_program import Serve

CONTROL_D = "\x04"
UP = "\x1b[A"


class Terminal:
    """The program at a terminal of its own. What it draws is played into a screen of cells."""

    def __init__(self, arguments, columns=80, **environment):
        self.arguments = arguments
        self.columns = columns
        self.environment = {**os.environ, "TERM": "xterm", "LC_ALL": "C.UTF-8", "NO_COLOR": "1", **environment}
        self.drawn = ""

    async def __aenter__(self):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, self.columns, 0, 0))
        self.before = termios.tcgetattr(slave)
        self.slave = slave
        self.process = await asyncio.create_subprocess_exec(
            PROGRAM, *self.arguments, stdin=slave, stdout=slave, stderr=slave, env=self.environment,
            start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )  # fmt: skip
        return self

    async def __aexit__(self, *_):
        if self.process.returncode is None:
            self.process.kill()
            await self.process.wait()
        os.close(self.slave)
        os.close(self.master)

    def type(self, text):
        os.write(self.master, text.encode())

    async def until(self, fits):
        """Reads until fits(rows) for the rows of the screen."""
        deadline = time.monotonic() + cryo_peer.PATIENCE
        while not fits(self.rows()):
            assert time.monotonic() < deadline, "\n".join(self.rows()) + "\n" + repr(self.drawn)
            await self.read()

    async def shows(self, pattern):
        await self.until(lambda rows: any(re.search(pattern, row) for row in rows))

    async def prompts(self, text="> "):
        """The last row is the prompt, and what is typed."""
        await self.until(lambda rows: rows[-1].rstrip() == text.rstrip())

    async def read(self, timeout=1):
        ready, _, _ = await asyncio.to_thread(select.select, [self.master], [], [], timeout)
        if ready:
            self.drawn += os.read(self.master, 65536).decode(errors="replace")

    async def end(self):
        """Its exit status, when all that it drew is read."""
        waiting = asyncio.create_task(asyncio.wait_for(self.process.wait(), cryo_peer.PATIENCE))
        while not waiting.done():
            await self.read(0.1)
        while select.select([self.master], [], [], 0)[0]:
            await self.read(0)
        assert termios.tcgetattr(self.slave) == self.before, "the terminal is not as it was"
        return await waiting

    def rows(self):
        """The screen: as much as libedit and the program use of what a terminal understands."""
        rows, row, column = [[]], 0, 0
        for token in re.findall(r"\x1b\[[0-9;?]*[@A-Za-z]|\x1b[=>]|[^\x1b]", self.drawn):
            if token == "\r":
                column = 0
            elif token == "\n":
                row += 1
                if row == len(rows):
                    rows.append([])
            elif token == "\b":
                column = max(column - 1, 0)
            elif token == "\a" or token in ("\x1b=", "\x1b>"):
                continue
            elif token.startswith("\x1b["):
                row, column = self._escape(token, rows, row, column)
            else:
                if column == self.columns:  # as terminals do: the line breaks before the next character
                    row, column = row + 1, 0
                    if row == len(rows):
                        rows.append([])
                line = rows[row]
                line.extend(" " * (column + 1 - len(line)))
                line[column] = token
                column += 1
        return ["".join(line) for line in rows]

    def _escape(self, token, rows, row, column):
        numbers = [int(number) for number in re.findall(r"\d+", token)]
        count = numbers[0] if numbers else 1
        kind = token[-1]
        if kind == "A":
            row = max(row - count, 0)
        elif kind == "C":
            column = min(column + count, self.columns - 1)
        elif kind == "D":
            column = max(column - count, 0)
        elif kind == "G":
            column = count - 1
        elif kind == "K":
            assert not numbers or numbers[0] == 0, token
            del rows[row][column:]
        elif kind == "J":
            assert not numbers or numbers[0] == 0, token
            del rows[row][column:], rows[row + 1 :]
        elif kind == "P":
            del rows[row][column : column + count]
        elif kind == "@":
            rows[row][column:column] = " " * count
        else:
            assert kind in "mhl", token
        return row, column


class Prompt(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.state = folder.name

    def terminal(self, url, *arguments, **options):
        return Terminal(connect(url, *arguments), XDG_STATE_HOME=self.state, **options)

    async def test_typing_and_hearing(self):
        async with Serve() as serve:
            async with self.terminal(serve.url) as terminal:
                await terminal.prompts()
                terminal.type("hello\r")
                await terminal.shows(r"< hello$")
                await terminal.shows(r"\u2713 round trip \d+\.\d\d ms$")
                await terminal.prompts()
                terminal.type("h\u00e9l\x7flo \U0001f600\r")  # Backspace takes a whole character
                await terminal.shows("< h\u00e9lo \U0001f600$")
                await terminal.prompts()
                terminal.type(CONTROL_D)
                self.assertEqual(await terminal.end(), 0)
                rows = terminal.rows()
                self.assertRegex(rows[0], r"^\d\d:\d\d:\d\d\.\d{3}  connected to ws://127")
                self.assertRegex("\n".join(rows), r"(?m)^> hello$")
                self.assertRegex("\n".join(rows), r"closed 4000")
                self.assertNotIn("> ", rows[-1])

    async def test_what_arrives_while_a_line_is_typed(self):
        for columns in (80, 20):
            speak = asyncio.Event()

            async def script(peer):
                await speak.wait()
                await peer.send_text("interruption")
                self.assertEqual(await peer.message(), "a line that is longer than the terminal is wide")
                await peer.close(4000, "thanks")

            async with ScriptedServer(script) as server:
                async with self.terminal(server.url, columns=columns) as terminal:
                    await terminal.shows("> ")
                    terminal.type("a line that is longer than the ter")
                    await terminal.until(lambda rows: "".join(rows).rstrip().endswith("the ter"))
                    speak.set()
                    await terminal.until(lambda rows: "interruption" in "".join(rows))
                    await terminal.until(lambda rows: "".join(rows).rstrip().endswith("> a line that is longer than the ter"))
                    self.assertEqual("".join(terminal.rows()).count("a line that"), 1)  # what was drawn before is gone
                    terminal.type("minal is wide\r")
                    self.assertEqual(await terminal.end(), 0)
                    self.assertIn("closed 4000 thanks", "".join(terminal.rows()))

    async def test_commands(self):
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"\x00\x01\xff")
            file.flush()
            async with Serve() as serve:
                async with self.terminal(serve.url) as terminal:
                    await terminal.prompts()
                    terminal.type("/help\r")
                    await terminal.shows(r"/close \[CODE \[REASON\]\]")
                    terminal.type("/stats\r")
                    await terminal.shows(r"rtt +not measured yet")
                    await terminal.shows(r"bytes-rx +\d+$")
                    terminal.type(f"/binary {file.name}\r")
                    await terminal.shows(r"< binary 3 B  00 01 ff")
                    terminal.type("/binary /nonexistent/file\r")
                    await terminal.shows(r"not sent: cannot read /nonexistent/file")
                    terminal.type("/stats\r")
                    await terminal.shows(r"rtt +\d+\.\d\d ms")
                    terminal.type("/ping\r")
                    terminal.type("/nonsense\r")
                    await terminal.shows(r"there is no command /nonsense")
                    terminal.type("//slash\r")
                    await terminal.shows(r"< /slash")
                    terminal.type("/close 99\r")
                    await terminal.shows(r"99")
                    terminal.type("/close nine\r")
                    await terminal.shows(r"nine is no number")
                    terminal.type("/close 4321 so long\r")
                    self.assertEqual(await terminal.end(), 0)
                    await serve.event("message-utf8", data="/slash")
                    closed = await serve.event("closed")
                    self.assertEqual((closed["code"], closed["reason"]), (4321, "so long"))

    async def test_the_history_survives(self):
        async with Serve() as serve:
            async with self.terminal(serve.url) as terminal:
                await terminal.prompts()
                terminal.type("remember me\r")
                await terminal.shows("< remember me")
                terminal.type("/close\r")
                self.assertEqual(await terminal.end(), 0)
            self.assertEqual(os.stat(f"{self.state}/cryo/history").st_mode & 0o077, 0)
            async with self.terminal(serve.url) as terminal:
                await terminal.prompts()
                terminal.type(UP + UP + "\r")
                await terminal.shows("< remember me")

    async def test_a_countdown_until_it_is_connected_again(self):
        async with Serve() as serve:
            port = serve.port
            terminal = await self.terminal(serve.url).__aenter__()
            self.addAsyncCleanup(terminal.__aexit__, None, None, None)
            await terminal.prompts()
            await serve.stop()
        await terminal.shows("disconnected 4000 Server shutdown.")
        await terminal.shows(r"failed .*refused|; again in \d")
        await terminal.shows(r"^\(again in \d+ s\) > |^\(connecting\) > ")
        terminal.type("nobody hears\r")
        await terminal.shows("not sent: ")
        async with Serve(port=port):
            await terminal.shows("connected again")
            await terminal.prompts()
            terminal.type("back\r")
            await terminal.shows("< back")
            terminal.type("\x03")  # Control-C
            self.assertEqual(await terminal.end(), 0)

    async def test_a_first_attempt_that_fails_shows_no_prompt(self):
        async with RefusingServer(401, b"No.") as server:
            async with self.terminal(server.url) as terminal:
                self.assertEqual(await terminal.end(), 3)
                self.assertRegex("".join(terminal.rows()), r"\Acryo: .*401")


if __name__ == "__main__":
    unittest.main()
