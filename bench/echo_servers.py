"""The servers that bench/run and bench/instructions measure: which program that is, and how it is started."""

import os
import signal
import socket
import subprocess

TOKEN = "token-of-the-benchmark"

# `cryo serve --quiet` says nothing, its port neither: it is given a socket, as a service manager would.
ADOPT = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
os.execvp(sys.argv[2], sys.argv[2:])
"""


def echo_server(build, interface="c", cale=False):
    """The command of an echo: over cryo.h (c; pull, pull-single: its events are pulled), over cryo.hpp (facade), or the cryo program (serve)."""
    binaries = build.resolve() / "bin"
    command = {
        "c": [str(binaries / "bench_echo_server")],
        "pull": [str(binaries / "bench_echo_server_pull")],
        "pull-single": [str(binaries / "bench_echo_server_pull"), "--single"],
        "facade": [str(binaries / "bench_echo_server_facade")],
        "serve": [str(binaries / "cryo"), "serve", "--quiet", "--token", TOKEN],
    }[interface]
    return [*command, *(["--cale"] if cale else [])]


class Server:
    """A program that prints its port, or takes one that is given to it, and ends by SIGTERM; on a core of its own if there is one."""

    def __init__(self, command, core=None, tool=()):
        self.name = command[0]
        given = None
        if command[1:2] == ["serve"]:
            given = socket.create_server(("127.0.0.1", 0), backlog=4096)
            adopt = ["/usr/bin/python3", "-c", ADOPT, str(given.fileno())]
            # strace starts a process of its own; valgrind becomes the server.
            command = [*tool, *adopt, *command] if tool[:1] == ["strace"] else [*adopt, *tool, *command]
        else:
            command = [*tool, *command]
        self.process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if tool else None,
            text=True,
            pass_fds=[given.fileno()] if given else [],
            preexec_fn=(lambda: os.sched_setaffinity(0, {core})) if core is not None else None,
        )
        if given:
            self.port = given.getsockname()[1]
            given.close()
            return
        line = self.process.stdout.readline()
        if not line.strip().isdigit():
            self.process.kill()
            raise SystemExit(f"{self.name} did not start")
        self.port = int(line)

    def pid(self):
        """Of the server itself, also where a tool runs it in a process below its own."""
        children = self.children()
        return children[0] if children else self.process.pid

    def children(self):
        with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children") as file:
            return [int(child) for child in file.read().split()]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.kill(self.pid(), signal.SIGTERM)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise SystemExit(f"{self.name} does not end") from None
        self.process.stdout.close()
