"""What `./dev run --help` and the README say of the program and of what it needs.

test_dev.py PROGRAM: the `cryo` program.
"""

import os
import pathlib
import re
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
program = pathlib.Path(sys.argv[1]).absolute()


def words(text):
    """Versions of CLI11 lay the same words out differently, and write a default as N=1 or N [1]."""
    return re.sub(r" \[([^\]\s]+)\]", r"=\1", re.sub(r"\[OPTIONS\]", "", text)).split()


class Dev(unittest.TestCase):
    def test_help_needs_nothing(self):
        printed = (ROOT / "docs/cryo-serve.txt").read_text()
        for option in ("--help", "-h"):
            # No compiler, no CMake, and nothing may be installed.
            result = subprocess.run(
                ["/bin/sh", ROOT / "dev", "run", "--port", "1", option], capture_output=True, text=True, timeout=60,
                env={"PATH": "/usr/bin:/bin", "CRYO_NO_INSTALL": "1", "CXX": "/nonexistent/c++"},
            )  # fmt: skip
            self.assertEqual((result.returncode, result.stderr, result.stdout), (0, "", printed))

    def test_help_is_that_of_the_program(self):
        printed = (ROOT / "docs/cryo-serve.txt").read_text()
        result = subprocess.run([program, "serve", "--help"], capture_output=True, text=True, timeout=60, check=True)
        self.assertEqual(words(printed), words(result.stdout))

    def test_the_packages_of_the_readme_are_those_that_dev_installs(self):
        named = re.search(r"^    apt-get install (.*)$", (ROOT / "README.md").read_text(), re.M)[1].split()
        body = re.search(r"^want_to_build\(\) \{\n(.*?)^\}", (ROOT / "dev").read_text(), re.M | re.S)[1]
        wanted = set(re.findall(r"\bwant(?:_command)? (\S+)", body)) - {"gcc"}  # g++ brings it
        self.assertEqual(set(named), wanted)

    def test_the_presets_need_no_other_generator(self):
        for argument in ("release", "run", "dev"):
            result = subprocess.run(
                ["cmake", "--preset", argument, "-N"], cwd=ROOT, capture_output=True, text=True, timeout=60
            )
            self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn('"generator": "Ninja"', (ROOT / "CMakePresets.json").read_text())
        self.assertNotIn('"-G', (ROOT / "dev").read_text())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
