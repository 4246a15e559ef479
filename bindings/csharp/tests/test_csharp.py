"""The package for C#, on Mono or on .NET: tested, and run as its README says. build.py has built it.

Reads from the environment: CRYO_LIBRARY, CRYO_TOOL (the `cryo` program), CRYO_MAKE_CERTIFICATES, CRYO_BINDING_BUILD (the folder where it
was built), CRYO_RUNTIME (mono or dotnet).
"""

import os
import shutil
import signal
import subprocess
import sys
import unittest
from pathlib import Path

from build import dotnet

FOLDER = Path(__file__).resolve().parents[1]
BUILD = Path(os.environ["CRYO_BINDING_BUILD"])
ON_MONO = os.environ["CRYO_RUNTIME"] == "mono"
sys.path.insert(0, str(FOLDER.parent / "conformance"))

from programs import TOKEN, Program, check_server, connect  # noqa: E402


def command(program, *arguments, folder=BUILD):
    if ON_MONO:
        return ["mono", str(folder / program), *arguments], {}
    words, environment = dotnet(BUILD, program, *arguments)
    return words, {**environment, "HOST_PROGRAM": str(folder / program)}


class CSharp(unittest.TestCase):
    def test_the_package(self):
        certificates = BUILD / "certificates" / os.environ["CRYO_RUNTIME"]
        certificates.mkdir(parents=True, exist_ok=True)
        subprocess.run([os.environ["CRYO_MAKE_CERTIFICATES"], str(certificates)], check=True)
        words, environment = command("Tests.exe")
        done = subprocess.run(words, env={**os.environ, **environment, "CERTIFICATES": str(certificates)},
                              capture_output=True, text=True, timeout=240)  # fmt: skip
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_the_small_server(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(signal=number):
                check_server(self, *command("Echo.exe"), number, [0])

    def test_a_handler_that_ends_the_program(self):
        self.assertEqual(Program(self, *command("Tests.exe", "leave")).status(), 5)

    def test_the_client(self):
        server = Program(self, *command("Echo.exe"))
        port = server.line(r"^(\d+)$")[1]
        client = Program(self, *command("Hello.exe", f"ws://127.0.0.1:{port}"))
        client.line("^Welcome!$")
        client.line("^hello$")
        self.assertEqual(client.status(), 0, client.said)

    def test_the_example(self):
        room = Program(self, *command("Chat.exe", TOKEN, "0"))
        port = int(room.line(r"listening on 127\.0\.0\.1:(\d+)")[1])
        first = connect(self, port, TOKEN, "--stay")
        first.line("Welcome, somebody!")
        connect(self, port, TOKEN, "-x", "hello")
        first.line("somebody came")
        first.line("somebody: hello")
        first.line("somebody left")

    def test_where_the_library_is_found(self):
        for name, said in (("/none.so", "CRYO_LIBRARY is \"/none.so\", which cannot be loaded: /none.so: cannot open"),
                           ("libc.so.6", "libc.so.6 is not libcryo: it has no cryo_abi_version")):  # fmt: skip
            words, environment = command("Echo.exe")
            refused = Program(self, words, {**environment, "CRYO_LIBRARY": name})
            refused.line(said)
            self.assertNotEqual(refused.status(), 0)
        beside = BUILD / "beside" / os.environ["CRYO_RUNTIME"]
        for place in (beside, beside / "runtimes" / "linux-x64" / "native"):
            shutil.rmtree(beside, ignore_errors=True)
            place.mkdir(parents=True)
            shutil.copy(os.environ["CRYO_LIBRARY"], place / "libcryo.so.1")
            for name in ("Cryo.dll", "Echo.exe"):
                shutil.copy(BUILD / name, beside)
            words, environment = command("Echo.exe", folder=beside)
            check_server(self, words, {**environment, "CRYO_LIBRARY": ""}, signal.SIGTERM, [0])


if __name__ == "__main__":
    unittest.main()
