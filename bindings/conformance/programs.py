"""Runs small programs as the READMEs print them: a server with `cryo connect` at the other end, and a client. For the tests of bindings.

Reads from the environment: CRYO_TOOL, the `cryo` program.
"""

from __future__ import annotations

import os
import queue
import re
import signal
import subprocess
import threading
import unittest
from pathlib import Path
from typing import Dict, List, Optional

PATIENCE = 30.0 * float(os.environ.get("CRYO_PATIENCE", "1"))
TOKEN = "MySuperSecretToken"


def blocks(readme: Path, language: str) -> List[str]:
    """The programs of that language in a README, as they are printed."""
    return re.findall(rf"```{language}\n(.*?)```", readme.read_text(encoding="utf-8"), flags=re.S)


class Program:
    """A process whose lines, of both its outputs, are waited for."""

    def __init__(self, test: unittest.TestCase, command: List[str], environment: Optional[Dict[str, str]] = None) -> None:
        self._test, self.said = test, ""
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={**os.environ, **(environment or {})},
            # A child of a shell's background job ignores SIGINT, and so would what it starts.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler) and None)  # fmt: skip
        self._lines: "queue.Queue[Optional[str]]" = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        test.addCleanup(self._end)

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._lines.put(line)
        self._lines.put(None)

    def _end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reader.join()
        assert self.process.stdout
        self.process.stdout.close()

    def line(self, pattern: str) -> "re.Match[str]":
        """The next line in which the pattern is found; others are passed over."""
        while True:
            try:
                line = self._lines.get(timeout=PATIENCE)
            except queue.Empty:
                line = None
            if line is None:
                self._test.fail(f"no line with {pattern!r} came, but {self.said!r}; status {self.process.poll()}")
            self.said += line
            match = re.search(pattern, line)
            if match:
                return match

    def status(self) -> int:
        return self.process.wait(PATIENCE)


def connect(test: unittest.TestCase, port: int, token: str, *more: str) -> Program:
    return Program(test, [os.environ["CRYO_TOOL"], "connect", f"ws://127.0.0.1:{port}", "--token", token, *more])


def check_server(test: unittest.TestCase, command: List[str], environment: Dict[str, str], number: signal.Signals, statuses: List[int]) -> None:
    """The small server: it prints its port, lets the token in and no other, greets, echoes, and ends well by a signal."""
    server = Program(test, command, environment)
    port = int(server.line(r"^(\d+)$")[1])
    test.assertEqual(connect(test, port, "wrong", "-x", "hello").status(), 3)
    client = connect(test, port, TOKEN, "-x", "hello", "--stay")
    client.line("< Welcome!")
    client.line("< hello")
    server.process.send_signal(number)
    client.line("Server shutdown.")
    status = server.status()
    test.assertIn(status, statuses, server.said)
