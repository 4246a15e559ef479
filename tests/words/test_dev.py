"""What `./dev run --help` and the README say of the program and of what it needs.

test_dev.py PROGRAM: the `cryo` program.
"""

import os
import pathlib
import re
import subprocess
import shutil
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
program = pathlib.Path(sys.argv[1]).absolute()


def words(text):
    """Versions of CLI11 lay the same words out differently, and write a default as N=1 or N [1]."""
    return re.sub(r" \[([^\]\s]+)\]", r"=\1", re.sub(r"\[OPTIONS\]", "", text)).split()


# A cmake that only says what it was asked for, fails to configure where there is a file "broken", and builds a program that does so too.
CMAKE = """#!/bin/sh
echo "$*" >>log
case $1 in
--version) echo cmake version 3.25.1 ;;
--preset)
    touch "build/$2/CMakeCache.txt"
    if [ -e broken ]; then exit 1; fi
    touch "build/$2/build.ninja" ;;
--build)
    mkdir -p "$2/bin"
    printf '#!/bin/sh\\necho "$*"\\n' >"$2/bin/cryo"
    chmod +x "$2/bin/cryo" ;;
esac
"""
NOTHING_MISSING = "#!/bin/sh\nprintf installed\n"


class Configuring(unittest.TestCase):
    """`./dev run` in a tree of its own, with tools that do nothing."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(suffix=" with a blank"))
        self.addCleanup(shutil.rmtree, self.folder)
        tools = self.folder / "tools"
        tools.mkdir()
        for name, text in (("cmake", CMAKE), *((name, NOTHING_MISSING) for name in ("dpkg-query", "c++", "make", "ninja", "pkg-config"))):
            (tools / name).write_text(text)
            (tools / name).chmod(0o755)
        for name in ("dev", "CMakePresets.json"):
            shutil.copy(ROOT / name, self.folder)

    def run_dev(self, *arguments):
        """The exit status, what the program was given, and how cmake was called."""
        log = self.folder / "log"
        log.unlink(missing_ok=True)
        result = subprocess.run(
            [self.folder / "dev", "run", *arguments], capture_output=True, text=True, timeout=60, cwd="/",
            env={"PATH": f"{self.folder / 'tools'}:/usr/bin:/bin", "CRYO_NO_INSTALL": "1"},
        )  # fmt: skip
        calls = [line for line in log.read_text().splitlines() if line != "--version"]
        return result.returncode, result.stdout, calls

    def test_a_failure_does_not_last(self):
        (self.folder / "broken").touch()
        status, said, calls = self.run_dev()
        self.assertEqual((status, said), (1, ""))
        self.assertEqual(calls, ["--preset run --fresh"])
        (self.folder / "broken").unlink()
        status, said, calls = self.run_dev("--port", "0")
        self.assertEqual((status, said, calls[0]), (0, "serve --port 0\n", "--preset run --fresh"))

    def test_no_more_than_needed(self):
        self.run_dev()
        _, _, calls = self.run_dev()
        self.assertEqual(len(calls), 1)
        self.assertRegex(calls[0], r"\A--build build/run --parallel \d+ --target cryo_tool\Z")

    def test_what_was_configured_by_hand_is_kept(self):
        for name in ("CMakeCache.txt", "build.ninja"):
            (self.folder / "build/run").mkdir(parents=True, exist_ok=True)
            (self.folder / "build/run" / name).touch()
        _, _, calls = self.run_dev()
        self.assertEqual(calls[0], "--preset run")

    def test_another_generator_is_given_up(self):
        (self.folder / "build/run").mkdir(parents=True)
        for name in ("CMakeCache.txt", "Makefile"):
            (self.folder / "build/run" / name).touch()
        _, _, calls = self.run_dev()
        self.assertEqual(calls[0], "--preset run --fresh")

    def test_a_name_that_leads_nowhere_is_told(self):
        for name in ("getent", "openssl", "valgrind", "node"):
            (self.folder / "tools" / name).write_text("#!/bin/sh\nexit 2\n")
            (self.folder / "tools" / name).chmod(0o755)
        environment = {**os.environ, "PATH": f"{self.folder}/tools:{os.environ['PATH']}", "CRYO_NO_INSTALL": "1"}
        result = subprocess.run(["sh", "./dev", "test"], cwd=self.folder, env=environment, capture_output=True, text=True)
        self.assertEqual(result.returncode, 1)
        self.assertIn("put `127.0.0.1 localhost` into /etc/hosts", result.stderr)

    def test_link_time_optimisation_is_asked_for(self):
        status, said, calls = self.run_dev("--lto", "--json")
        self.assertEqual((status, said, calls[0]), (0, "serve --json\n", "--preset release --fresh"))


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
        body = "".join(re.findall(r"^want_to_(?:build|optimise)\(\) \{\n(.*?)^\}", (ROOT / "dev").read_text(), re.M | re.S))
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
