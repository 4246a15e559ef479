"""Where the library's own log goes."""

import os
import socket
import subprocess
import sys
import unittest
from pathlib import Path

import cryo
from cryo import _callbacks

from .support import ServerTest

FOLDER = Path(__file__).resolve().parents[1]

# A server that may open no more files: it logs an error when a client comes.
OUT_OF_FILES = """
import logging, os, resource, sys
import cryo
{prepare}
server = cryo.Server(port=0, validate=lambda token: True).start()
lowest = os.dup(0)
os.close(lowest)
before = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (lowest, before[1]))
os.write(1, b"%d\\n" % server.port)
sys.stdin.read()
resource.setrlimit(resource.RLIMIT_NOFILE, before)
server.close()
"""


@unittest.skipIf(os.environ.get("CRYO_SANITIZE"), "the sanitizers need descriptors to judge what they see")
class SinkTest(unittest.TestCase):
    def first_lines(self, prepare, count=1):
        """What the program writes to standard output after its port, and all of standard error."""
        program = subprocess.Popen(
            [sys.executable, "-c", OUT_OF_FILES.format(prepare=prepare)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(FOLDER)},
        )
        with program, socket.create_connection(("127.0.0.1", int(program.stdout.readline()))):
            lines = [program.stdout.readline() for _ in range(count)]
            if not count:
                program.stderr.readline()  # it was told there
            program.stdin.close()
            program.wait(timeout=30)
            return lines, program.stderr.read(), program.returncode

    def test_lines_go_to_the_function(self):
        write = 'os.write(1, f"{level!r}: {line}\\n".encode())'
        (line,), err, code = self.first_lines(
            f"cryo.set_log(cryo.LogLevel.DEBUG, lambda level, line: {write})"
        )
        self.assertRegex(line, r"^<LogLevel.(ERROR|WARNING): [12]>: .+\n$")
        self.assertEqual((err, code), ("", 0))

    def test_they_go_to_logging(self):
        form = "%(name)s %(levelname)s %(message)s"
        (line,), err, code = self.first_lines(
            f"logging.basicConfig(stream=sys.stdout, format='{form}'); cryo.use_logging(cryo.LogLevel.DEBUG)"
        )
        self.assertRegex(line, r"^cryo (ERROR|WARNING) .+\n$")
        self.assertEqual((err, code), ("", 0))

    def test_they_go_to_standard_error_by_default(self):
        _, _, code = self.first_lines("cryo.set_log()", count=0)
        self.assertEqual(code, 0)

    def test_an_exception_in_the_function_ends_nothing(self):
        prepare = """
def failing(level, line):
    os.write(1, b"called\\n")
    raise ValueError("the log is full")
cryo.set_log(cryo.LogLevel.DEBUG, failing)"""
        lines, err, code = self.first_lines(prepare)
        self.assertEqual((lines, code), (["called\n"], 0))
        self.assertIn("ValueError: the log is full", err)


class SetLogTest(ServerTest):
    def setUp(self):
        super().setUp()
        self.addCleanup(cryo.set_log)

    async def test_what_happens_every_day_is_no_line_and_no_token_is_in_one(self):
        lines = []
        cryo.set_log(cryo.LogLevel.WARNING, lambda level, line: lines.append(line))
        server = self.serve()
        await self.meet(server)
        await self.assert_refused(server, token="a very secret word")
        await self.in_thread(server.close)
        self.assertEqual(lines, [])

    def test_a_function_is_let_go_when_it_is_replaced(self):
        cryo.set_log(cryo.LogLevel.DEBUG, lambda *_: None)
        self.assertTrue(_callbacks.any_registered())
        cryo.set_log(cryo.LogLevel.DEBUG, lambda *_: None)
        cryo.set_log()
        self.assertFalse(_callbacks.any_registered())

    def test_a_level_that_is_none_is_refused(self):
        with self.assertRaises(ValueError):
            cryo.set_log(99)


if __name__ == "__main__":
    unittest.main()
