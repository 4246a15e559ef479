"""Sends each message back, and prints its port: a program of bench/languages."""

import signal
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import cryo  # noqa: E402

stop = threading.Event()
for number in (signal.SIGTERM, signal.SIGINT):
    signal.signal(number, lambda *_: stop.set())
with cryo.Server(port=0, validate=lambda token: True, on_message=lambda session, message: session.send(message)) as server:
    print(server.port, flush=True)
    stop.wait()
