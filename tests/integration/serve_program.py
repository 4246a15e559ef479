"""The `cryo serve` program under test, and what the tests of it share."""

import os
import ssl

from json_program import PROGRAM, TOKEN, JsonProgram, certificates, cryo_peer, run

__all__ = ["PROGRAM", "TOKEN", "Serve", "certificates", "cryo_peer", "run", "trusting"]


def trusting(name):
    return ssl.create_default_context(cafile=os.path.join(certificates(), name))


class Serve(JsonProgram):
    """`async with Serve("--mode", "sink") as serve:` runs `cryo serve --port 0 --json …` and waits for "listening"."""

    def __init__(self, *arguments, token=TOKEN, tls=None, port=0):
        arguments = ["serve", "--port", str(port), "--json", *arguments]
        if token is not None:
            arguments += ["--token", token]
        if tls is not None:
            folder = certificates()
            arguments += ["--tls-cert", f"{folder}/{tls}.pem", "--tls-key", f"{folder}/{tls}.key"]
        # Tests of bytes run over each of the library's transports, as the build system says.
        wanted = os.environ.get("CRYO_TEST_TRANSPORT", "auto")
        if "--transport" not in arguments:
            arguments += ["--transport", wanted]
        super().__init__(arguments)
        self.tls = tls
        self.scheme = "ws" if tls is None else "wss"
        self.options = {} if tls is None else {"ssl": trusting(f"{tls}.pem"), "server_hostname": "localhost"}

    async def begin(self):
        self.listening = await self.next_event()
        assert self.listening["event"] == "listening", self.listening
        self.port = self.listening["port"]
        self.transport = self.listening["transport"]
        self.url = f"{self.scheme}://127.0.0.1:{self.port}"

    async def connect(self, token=TOKEN, **options):
        return await cryo_peer.connect(self.url, token=token, **{**self.options, **options})
