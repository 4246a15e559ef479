"""Installs to the usual place, with the system's own settings: what is installed is found, and taken away again.

test_install.py BUILD WORK. CC and CXX are obeyed.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

import own_places

ROOT = pathlib.Path(__file__).resolve().parents[2]
LOCAL = pathlib.Path("/usr/local")
SKIPPED = 77  # to CTest
build, work = (pathlib.Path(argument).absolute() for argument in sys.argv[1:3])
# As a new shell has it: nothing says where the library is.
ENVIRONMENT = {
    name: value for name, value in os.environ.items()
    if name not in ("LD_LIBRARY_PATH", "LD_PRELOAD", "CRYO_LIBRARY", "PKG_CONFIG_PATH", "CMAKE_PREFIX_PATH", "DESTDIR")
} | {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}  # fmt: skip

MAIN_C = "#include <cryo.h>\n#include <stdio.h>\nint main(void) { puts(cryo_version_string()); return 0; }\n"
MAIN_CPP = '#include <cryo.hpp>\n#include <iostream>\nint main() { std::cout << cryo::version() << "\\n"; }\n'


def run(*command, **options):
    return subprocess.run(
        command, check=True, text=True, stdout=subprocess.PIPE, timeout=120, env=ENVIRONMENT, **options
    ).stdout


def files():
    return sorted(path for path in LOCAL.rglob("*") if path.is_symlink() or path.is_file())


class Installation(unittest.TestCase):
    def setUp(self):
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)

    def compile(self, compiler, source, text, *options):
        (work / source).write_text(text)
        flags = run("pkg-config", "--cflags", "--libs", "cryo").split()
        return run(os.environ.get(compiler, "cc"), *options, source, "-o", source + ".out", *flags, cwd=work)

    def test_found_and_taken_away(self):
        version = re.search(r"^project\(cryo VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text(), re.M)[1]
        self.assertEqual(files(), [])
        run("cmake", "--install", str(build))
        self.compile("CC", "main.c", MAIN_C)
        self.compile("CXX", "main.cpp", MAIN_CPP, "-std=c++20")
        self.assertEqual(run(work / "main.c.out"), version + "\n")
        self.assertEqual(run(work / "main.cpp.out"), version + "\n")
        python = "import sys; sys.path.insert(0, sys.argv[1]); import cryo; print(cryo.library_version())"
        self.assertEqual(run("/usr/bin/python3", "-B", "-c", python, ROOT / "bindings/python"), version + "\n")
        self.assertIn(version, run("cryo", "--version"))

        run("cmake", "-D", f"BUILD={build}", "-P", ROOT / "cmake/uninstall.cmake")
        self.assertEqual(files(), [])
        self.assertEqual(list(LOCAL.rglob("cryo")), [])
        gone = subprocess.run(
            ["cmake", "-D", f"BUILD={build}", "-P", ROOT / "cmake/uninstall.cmake"], capture_output=True, text=True
        )
        self.assertEqual(gone.returncode, 1)
        self.assertIn("Nothing was installed", gone.stderr)

    def test_where_the_loader_does_not_look_that_is_said(self):
        said = run("cmake", "--install", str(build), "--prefix", str(work / "elsewhere"))
        self.assertIn(f"-Wl,-rpath,{work}/elsewhere/lib", said)

    def test_a_packagers_folder_changes_nothing_of_the_system(self):
        before = pathlib.Path("/etc/ld.so.cache").read_bytes()
        said = run("env", f"DESTDIR={work}/package", "cmake", "--install", str(build))
        self.assertNotIn("rpath", said)
        self.assertEqual(pathlib.Path("/etc/ld.so.cache").read_bytes(), before)
        self.assertTrue((work / "package/usr/local/include/cryo.h").is_file())


if __name__ == "__main__":
    if not own_places.enter():
        print("skipped: this needs mounts of its own, which a container without privileges and a chroot do not allow")
        sys.exit(SKIPPED)
    unittest.main(argv=sys.argv[:1], verbosity=2)
