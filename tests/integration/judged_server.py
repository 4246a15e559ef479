"""The judged_server program: a server whose application is told by the test what to do."""

import os
import queue
import subprocess
import threading

from serve_program import certificates
from watched_server import PATIENCE

PROGRAM = os.environ["CRYO_JUDGED_SERVER"]


class JudgedServer:
    def __init__(self, *arguments, tls=None):
        self.tls = tls
        self.certificate = tls and f"{certificates()}/{tls}.pem"
        command = [PROGRAM, *arguments]
        if tls is not None:
            command += [f"cert={self.certificate}", f"key={certificates()}/{tls}.key"]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1
        )
        self.lines = queue.SimpleQueue()
        self.kept = []  # lines that nobody has asked for yet
        threading.Thread(target=self._read, daemon=True).start()
        self.port = int(self.expect_start("listening ").split()[1])

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))
        self.lines.put(None)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is not None:
            self.process.kill()
        else:
            self.process.stdin.write("stop\n")
        self.process.stdin.close()
        status = self.process.wait(PATIENCE)
        log = self.process.stderr.read()
        self.process.stdout.close()
        self.process.stderr.close()
        if kind is None:
            assert (status, log) == (0, ""), (status, log[-4000:])

    def say(self, line):
        self.process.stdin.write(line + "\n")

    def expect(self, line, strip=False):
        return self._next(lambda came: (came.rstrip() if strip else came) == line, line)

    def expect_start(self, start):
        return self._next(lambda came: came.startswith(start), start)

    def _next(self, fits, wanted):
        for line in self.kept:
            if fits(line):
                self.kept.remove(line)
                return line
        while True:
            try:
                line = self.lines.get(timeout=PATIENCE)
            except queue.Empty:
                line = None
            assert line is not None, f"no {wanted!r}, but {self.kept}"
            if fits(line):
                return line
            self.kept.append(line)
