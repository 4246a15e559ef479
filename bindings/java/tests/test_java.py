"""The package for Java: built, tested, and run as its README says.

Reads from the environment: CRYO_LIBRARY, CRYO_TOOL (the `cryo` program), CRYO_MAKE_CERTIFICATES, CRYO_BINDING_BUILD (a folder for what
is built), CRYO_JNA (jna.jar).
"""

import os
import shutil
import signal
import subprocess
import sys
import unittest
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1]
BUILD = Path(os.environ["CRYO_BINDING_BUILD"])
JNA = os.environ["CRYO_JNA"]
sys.path.insert(0, str(FOLDER.parent / "conformance"))

from programs import Program, blocks, check_server, connect, TOKEN  # noqa: E402


def compile_java(into, *sources, warnings="all"):
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(parents=True)
    path = f"{BUILD / 'classes'}:{JNA}"
    command = ["javac", "--release", "17", f"-Xlint:{warnings}", "-d", into, "-cp", path, *sources]
    subprocess.run([str(each) for each in command], check=True, timeout=300)


def java(*words):
    return ["java", "-cp", f"{BUILD / 'programs'}:{BUILD / 'classes'}:{JNA}", *words]


def build():
    compile_java(BUILD / "classes", *(FOLDER / "src/main/java/cryo").glob("*.java"))
    texts = BUILD / "texts"
    texts.mkdir(exist_ok=True)
    for text in blocks(FOLDER / "README.md", "java"):
        name = text.split("public class ")[1].split()[0]
        if name == "Echo":
            assert text.count(".port(8080)") == 1
            text = text.replace(".port(8080)", ".port(0)").replace(
                "new Listener() {\n",
                "new Listener() {\n            @Override\n            public void onListening(String host, int port) {\n"
                "                System.out.println(port);\n            }\n\n")  # fmt: skip
        else:
            text = text.replace('"ws://127.0.0.1:8080"', "arguments[0]")
        (texts / f"{name}.java").write_text(text)
    sources = [each for folder in ("tests", "conformance", "example") for each in (FOLDER / folder).glob("*.java")]
    compile_java(BUILD / "programs", *sources, *texts.glob("*.java"))


def setUpModule():
    build()


class Java(unittest.TestCase):
    def test_the_package(self):
        certificates = BUILD / "certificates"
        certificates.mkdir(exist_ok=True)
        subprocess.run([os.environ["CRYO_MAKE_CERTIFICATES"], str(certificates)], check=True)
        done = subprocess.run(java(f"-Dcertificates={certificates}", "Tests"), capture_output=True, text=True, timeout=240)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_the_small_server(self):
        for number, status in ((signal.SIGTERM, 143), (signal.SIGINT, 130)):
            with self.subTest(signal=number):
                check_server(self, java("Echo"), {}, number, [status])

    def test_a_handler_that_ends_the_program(self):
        self.assertEqual(Program(self, java("Tests", "leave")).status(), 5)

    def test_the_client(self):
        server = Program(self, java("Echo"))
        port = server.line(r"^(\d+)$")[1]
        client = Program(self, java("Hello", f"ws://127.0.0.1:{port}"))
        client.line("^Welcome!$")
        client.line("^hello$")
        self.assertEqual(client.status(), 0, client.said)

    def test_the_example(self):
        room = Program(self, java("Chat", TOKEN, "0"))
        port = int(room.line(r"listening on 127\.0\.0\.1:(\d+)")[1])
        first = connect(self, port, TOKEN, "--stay")
        first.line("Welcome, somebody!")
        connect(self, port, TOKEN, "-x", "hello")
        first.line("somebody came")
        first.line("somebody: hello")
        first.line("somebody left")

    def test_where_the_library_is_found(self):
        for name, words in (("/none.so", "CRYO_LIBRARY is \"/none.so\", which cannot be loaded"),
                            ("libc.so.6", "libc.so.6 is not libcryo: it has no cryo_abi_version")):  # fmt: skip
            refused = Program(self, java("Echo"), {"CRYO_LIBRARY": name})
            refused.line(words)
            self.assertEqual(refused.status(), 1)
        place = BUILD / "carried" / "linux-x86-64"
        place.mkdir(parents=True, exist_ok=True)
        shutil.copy(os.environ["CRYO_LIBRARY"], place / "libcryo.so.1")
        command = java("Echo")
        command[2] = f"{place.parent}:{command[2]}"
        check_server(self, command, {"CRYO_LIBRARY": ""}, signal.SIGTERM, [143])


if __name__ == "__main__":
    unittest.main()
