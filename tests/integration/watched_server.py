"""`cryo serve --json` as a process whose every event is read by a thread, and what it takes of the machine.

    with WatchedServer("--mode", "sink") as server:   # ends by SIGTERM, and must exit with 0 and an empty log
        ...
        server.wait(lambda: len(server.closed) == 3)
"""

import asyncio
import json
import os
import resource
import signal
import subprocess
import tempfile
import threading
import time
import unittest
from collections import Counter

from serve_program import PROGRAM, TOKEN, certificates, cryo_peer, trusting

PATIENCE = 60  # seconds that anything may take before a test gives up; the machine may be busy
SANITIZED = bool(os.environ.get("CRYO_SANITIZE"))

cryo_peer.PATIENCE = PATIENCE

# Thousands of clients need as many descriptors here.
_, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (min(_hard, 65536) if _hard > 0 else 65536, _hard))


def environment():
    """That AddressSanitizer keeps less of what was freed (256 MiB is its default), so that a bound on the memory says something."""
    options = ":".join(filter(None, (os.environ.get("ASAN_OPTIONS"), "quarantine_size_mb=32")))
    return {**os.environ, "ASAN_OPTIONS": options}


def scaled(count, divisor=10):
    """So many, but fewer under a sanitizer, where everything is slow."""
    return max(1, count // divisor) if SANITIZED else count


class AsyncTestCase(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        asyncio.get_running_loop().set_debug(False)  # it doubles the time that everything takes


class WatchedServer:
    def __init__(self, *arguments, tls=None, host="127.0.0.1", wrapper=(), keep_messages=False, log_may_speak=False):
        command = [*wrapper, PROGRAM, "serve", "--host", host, "--port", "0", "--json", "--token", TOKEN, *arguments]
        if tls is not None:
            folder = certificates()
            command += ["--tls-cert", f"{folder}/{tls}.pem", "--tls-key", f"{folder}/{tls}.key"]
        self.tls = tls
        self.certificate = tls and f"{certificates()}/{tls}.pem"
        self.options = {} if tls is None else {"ssl": trusting(f"{tls}.pem"), "server_hostname": "localhost"}
        self.log_may_speak = log_may_speak
        self.keep_messages = keep_messages
        self.messages = Counter()  # of each session
        self.kept = []  # the messages themselves, where they are asked for
        self.sessions = Counter()  # announced, by id
        self.closed = []  # (id, code, reason)
        self.dropped = Counter()  # messages of each session
        self.disconnected, self.reconnected = Counter(), Counter()
        self.stats = []
        self.told = []  # what the log says for information
        self.reloads = []
        self.changed = threading.Condition()
        self.failure = None
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.log, env=environment())
        first = self.process.stdout.readline()
        if not first:
            raise AssertionError("it did not start: " + self.log_text())
        self.listening = json.loads(first)
        self.port = self.listening["port"]
        shown = f"[{host}]" if ":" in host else host
        self.url = f"{'ws' if tls is None else 'wss'}://{shown}:{self.port}"
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is not None:  # a test has failed already
            if self.process.poll() is None:
                self.process.kill()
            self.process.wait()
            self.reader.join()
            self.process.stdout.close()
            print(self.log_text()[-4000:])
            self.log.close()
            return
        if self.process.returncode is None:
            status, log = self.stop()
            assert status == 0, (status, log[-4000:])
            assert log == "" or self.log_may_speak, log[-4000:]
        self.log.close()

    def log_text(self):
        self.log.seek(0)
        return self.log.read().decode(errors="replace")

    def stop(self, number=signal.SIGTERM):
        """Its exit status and what it has logged."""
        self.process.send_signal(number)
        status = self.process.wait(PATIENCE)
        self.reader.join(PATIENCE)
        self.process.stdout.close()
        assert self.failure is None, self.failure
        return status, self.log_text()

    # ---- events ----

    def wait(self, condition, patience=PATIENCE):
        """Until the condition holds, looked at again after each event."""
        with self.changed:
            assert self.changed.wait_for(lambda: condition() or self.failure, patience), self._state()
            assert self.failure is None, self.failure

    async def until(self, condition):
        await asyncio.get_running_loop().run_in_executor(None, self.wait, condition)

    def closed_of(self, sid):
        return [(code, reason) for of, code, reason in self.closed if of == str(sid)]

    def _state(self):
        return f"{sum(self.sessions.values())} sessions, {len(self.closed)} closed, {self.messages.total()} messages; {self.log_text()[-2000:]}"

    def _read(self):
        try:
            for line in self.process.stdout:
                with self.changed:
                    self._take(line)
                    self.changed.notify_all()
        except Exception as e:  # what is no JSON, or no event
            with self.changed:
                self.failure = repr(e)
                self.changed.notify_all()

    def _take(self, line):
        if line.startswith(b'{"event":"message-') and not self.keep_messages:
            at = line.index(b'"session":"') + 11
            self.messages[line[at : at + 36].decode()] += 1
            return
        event = json.loads(line)
        name = event["event"]
        if name == "session":
            self.sessions[event["session"]] += 1
        elif name == "closed":
            self.closed.append((event["session"], event["code"], event["reason"]))
        elif name.startswith("stat-"):
            self.stats.append((event["session"], name, event["data"]))
        elif name.startswith("message-"):
            self.messages[event["session"]] += 1
            self.kept.append((event["session"], name[8:], event["data"]))
        elif name == "dropped":
            self.dropped[event["session"]] += 1
        elif name in ("disconnected", "reconnected"):
            getattr(self, name)[event["session"]] += 1
        elif name == "log":
            self.told.append(event["message"])
        elif name == "reloaded":
            self.reloads.append(event)
        else:
            raise ValueError(line)

    # ---- clients ----

    async def connect(self, token=TOKEN, **options):
        return await cryo_peer.connect(self.url, token=token, **{**self.options, **options})

    async def serves(self):
        """A good client is served."""
        peer = await self.connect()
        await peer.send_text("still there?")
        assert await peer.message() == "still there?"
        await peer.close(4000)

    # ---- what it takes ----

    def memory(self):
        """Resident bytes."""
        with open(f"/proc/{self.process.pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def threads(self):
        return len(os.listdir(f"/proc/{self.process.pid}/task"))

    def cpu_seconds(self):
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def poll(self, condition, why, patience=PATIENCE):
        """For what /proc shows and nobody announces."""
        deadline = time.monotonic() + patience
        with self.changed:
            while not condition():
                assert time.monotonic() < deadline, why()
                self.changed.wait(0.02)

    def back_to(self, before, slack=24 * 2**20):
        """No more descriptors and threads than there were (a connection that was ending then may have been counted);
        nor memory, but for what the allocator keeps."""
        descriptors, threads, memory = before
        self.poll(
            lambda: self.descriptors() <= descriptors and self.threads() <= threads,
            lambda: f"{self.descriptors()} descriptors, {self.threads()} threads; before {descriptors}, {threads}",
        )
        if not SANITIZED:  # freed memory is in quarantine there
            self.poll(
                lambda: self.memory() < memory + slack, lambda: f"{memory} bytes became {self.memory()}", patience=10
            )

    def taken(self):
        return self.descriptors(), self.threads(), self.memory()
