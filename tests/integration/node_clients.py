"""Node programs with the manners of the first clients: clients/*.js."""

import json
import os
import subprocess

from serve_program import TOKEN
from watched_server import PATIENCE

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "clients")


def node(job, server, program="main.js", **options):
    """Runs a job of a program, and gives its outcome."""
    scheme = "wss" if server.tls else "ws"
    options = {
        "url": f"{scheme}://localhost:{server.port}" if server.tls else f"{scheme}://127.0.0.1:{server.port}",
        "token": TOKEN, "certificate": server.certificate, **options,
    }  # fmt: skip
    environment = {name: value for name, value in os.environ.items() if name not in ("LD_PRELOAD", "NODE_OPTIONS")}
    result = subprocess.run(
        ["node", "--dns-result-order=ipv4first", os.path.join(FOLDER, program), job, json.dumps(options)],
        capture_output=True, text=True, timeout=2 * PATIENCE, env=environment,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr[-4000:]
    return json.loads(result.stdout)
