"""What the linker and the compiler have put in against faults: see cmake/hardening.cmake."""

import os
import re
import subprocess
import unittest

LIBRARY = os.environ["CRYO_SHARED_LIBRARY"]
PROGRAM = os.environ["CRYO_PROGRAM"]
BOTH = [path for path in (LIBRARY, PROGRAM) if path]


def readelf(*arguments):
    return subprocess.run([os.environ["READELF"], "--wide", *arguments], check=True, capture_output=True, text=True).stdout


def foreign_names(path):
    """What is called of the C library."""
    return set(re.findall(r" UND (\w+)", readelf("--dyn-syms", path)))


class Hardening(unittest.TestCase):
    def test_there_is_something_to_look_at(self):
        self.assertTrue(BOTH)

    def test_what_is_relocated_is_read_only_once_it_runs(self):
        for path in BOTH:
            self.assertIn("GNU_RELRO", readelf("--program-headers", path))
            self.assertRegex(readelf("--dynamic", path), r"FLAGS_1\).*\bNOW\b")

    def test_no_memory_can_be_written_and_run(self):
        for path in BOTH:
            headers = readelf("--program-headers", path)
            self.assertRegex(headers, r"GNU_STACK.* RW +0x")
            self.assertIsNone(re.search(r"LOAD.*RWE", headers))

    def test_the_stack_is_watched(self):
        for path in BOTH:
            self.assertIn("__stack_chk_fail", foreign_names(path))

    def test_copies_are_checked(self):
        for path in BOTH:
            self.assertTrue([name for name in foreign_names(path) if re.fullmatch(r"__\w+_chk", name)], "none is checked")

    def test_the_program_may_be_anywhere(self):
        if not PROGRAM:
            self.skipTest("there is no program")
        self.assertRegex(readelf("--file-header", PROGRAM), r"Type:\s+DYN")
        self.assertRegex(readelf("--dynamic", PROGRAM), r"FLAGS_1\).*\bPIE\b")

    def test_indirect_calls_are_marked(self):
        if os.uname().machine != "x86_64":
            self.skipTest("this processor has no such marks")
        if not LIBRARY:
            self.skipTest("there is no shared library")
        # The mark of the whole file needs it in the C library's own objects too; ours begin with the instruction.
        address = next(
            int(line.split()[1], 16)
            for line in readelf("--dyn-syms", LIBRARY).splitlines()
            if " cryo_server_start" in line
        )
        section = next(line for line in readelf("--sections", LIBRARY).splitlines() if re.search(r"\] \.text ", line))
        start, offset = (int(word, 16) for word in section.split("PROGBITS")[1].split()[:2])
        with open(LIBRARY, "rb") as file:
            file.seek(address - start + offset)
            self.assertEqual(file.read(4), b"\xf3\x0f\x1e\xfa")  # endbr64


if __name__ == "__main__":
    unittest.main()
