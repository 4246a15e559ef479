"""Takes the README's servers in C, C++ and Python out of it, builds them with the commands printed under them, and talks to them. Those in other
languages are the ones of their packages' READMEs, whose own tests run them.

test_readme.py README PREFIX LIBDIR WORK: PREFIX is where Cryo is installed. CC, CXX and CFLAGS are obeyed.
"""

import asyncio
import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

import own_network
from talk import status_of, talk

PORT = 8080
TOKEN = "MySuperSecretToken"
MOST_LINES = {"c": 45, "cpp": 20, "python": 18}

readme, prefix, libdir, work = (pathlib.Path(argument).absolute() for argument in sys.argv[1:5])
source_tree = readme.parent


def blocks():
    """{language: (program, command printed under it)}"""
    found = re.findall(r"^```(\w+)\n(.*?)^```\n\n    (\S[^\n]*)\n", readme.read_text(), re.M | re.S)
    return {language: (program, command) for language, program, command in found}


def environment():
    return os.environ | {
        "PKG_CONFIG_PATH": str(libdir / "pkgconfig"),
        "LD_LIBRARY_PATH": str(libdir),
        "CRYO_LIBRARY": str(libdir / "libcryo.so"),
        "PYTHONPATH": str(source_tree / "bindings/python"),
    }


def shell(command, folder):
    """Runs the command as printed; its `cc` and `c++` are the compilers of this build, with their flags."""
    tools = folder / "bin"
    tools.mkdir(exist_ok=True)
    for name, compiler, flags in (("cc", "CC", "CFLAGS"), ("c++", "CXX", "CXXFLAGS")):
        real = shutil.which(os.environ.get(compiler, name))
        (tools / name).write_text(f'#!/bin/sh\nexec {real} -Wall -Wextra -Werror {os.environ.get(flags, "")} "$@"\n')
        (tools / name).chmod(0o755)
    path = f"{tools}:{os.environ['PATH']}"
    # A sanitizer that is preloaded is meant for the Python program, not for compilers.
    subprocess.run(command, shell=True, cwd=folder, env=environment() | {"PATH": path, "LD_PRELOAD": ""}, check=True)


async def converse():
    async with talk(PORT, TOKEN) as client:
        heard = [await client.hear()]
        await client.say("Hello, grüße!")
        heard.append(await client.hear())
    return heard, client.acknowledged, await status_of(PORT, "wrong")


class Readme(unittest.TestCase):
    def converse_with(self, command, folder):
        preload = {} if command[0] == sys.executable else {"LD_PRELOAD": ""}  # compiled ones have it inside
        options = {"cwd": folder, "env": environment() | preload, "text": True}
        with subprocess.Popen(command, stdout=subprocess.PIPE, **options) as process:
            try:
                self.assertEqual(process.stdout.readline(), f"listening on 127.0.0.1:{PORT}\n")
                heard, acknowledged, refusal = asyncio.run(converse())
                second = subprocess.run(command, capture_output=True, timeout=60, **options)
            finally:
                process.kill()
        self.assertEqual((second.returncode, second.stdout), (1, ""))
        self.assertRegex(second.stderr, rf"\A[^\n]*{PORT}[^\n]*in use[^\n]*\n\Z")
        self.assertEqual(heard, ["Welcome!", "Hello, grüße!"])
        self.assertEqual(acknowledged, [0])
        self.assertEqual(refusal, 401)

    def folder_with(self, language, name):
        folder = work / language
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        program, command = blocks()[language]
        self.assertLessEqual(program.count("\n"), MOST_LINES[language], f"the {language} program grows too long")
        (folder / name).write_text(program)
        return folder, command

    def test_c(self):
        folder, command = self.folder_with("c", "server.c")
        shell(command, folder)
        self.converse_with(["./a.out"], folder)

    def test_cpp(self):
        folder, command = self.folder_with("cpp", "server.cpp")
        for level in ("-O1", "-O2"):  # which see other things to warn of
            shell(f"{command} {level}", folder)
        shell(command, folder)
        self.converse_with(["./a.out"], folder)

    def test_python(self):
        folder, command = self.folder_with("python", "server.py")
        self.assertEqual(command, "PYTHONPATH=bindings/python python3 server.py")
        self.converse_with([sys.executable, "server.py"], folder)

    def test_other_languages(self):
        text = readme.read_text()
        for language in ("node", "go", "rust", "csharp", "java"):
            with self.subTest(language):
                package = (source_tree / "bindings" / language / "README.md").read_text()
                block = re.search(r"^```\S+\n.*?^```\n", package, re.M | re.S).group()
                self.assertIn(f"\n{block}\n", text)
                self.assertIn(f"(bindings/{language}/README.md)", text)


if __name__ == "__main__":
    if not own_network.enter():
        own_network.require_free(PORT)
    unittest.main(argv=sys.argv[:1], verbosity=2)
