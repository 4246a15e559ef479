"""The files are of a readable size, hold nothing half done, and say nothing of the machine that they were written on."""

import re
import unittest

from tree import files, read, tracked_files

MOST_LINES = 300
HALF_DONE = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")
A_MACHINE = re.compile(r"(?<![\w.~-])/(home|root|Users|wo" r"rk)/\w|\.\./sha" r"red\b")


def texts():
    """(path, text) of each tracked file that is text; the inputs of the fuzzers are left alone."""
    for path in tracked_files():
        if path.parts[:3] == ("tests", "fuzz", "corpus"):
            continue
        try:
            yield path, read(path)
        except UnicodeDecodeError:
            continue


class Tree(unittest.TestCase):
    def test_files_are_of_a_readable_size(self):
        for path in files("src", "tools", "include"):
            if path.parts[0] == "include" or path.suffix not in {".h", ".cpp"}:
                continue  # a public header is a manual, in one piece
            with self.subTest(file=str(path)):
                self.assertLessEqual(read(path).count("\n"), MOST_LINES)

    def test_nothing_is_half_done_and_no_machine_is_named(self):
        seen = 0
        for path, text in texts():
            seen += 1
            for number, line in enumerate(text.splitlines(), 1):
                for pattern in (HALF_DONE, A_MACHINE):
                    if pattern.search(line):
                        self.fail(f"{path}:{number}: {line.strip()}")
        self.assertGreater(seen, 50)

    def test_text_is_clean(self):
        for path, text in texts():
            with self.subTest(file=str(path)):
                self.assertNotIn("\r", text)
                if path.suffix != ".json":
                    self.assertNotRegex(text, r"[ \t]+\n", "blanks at the end of a line")
                self.assertTrue(text.endswith("\n") or not text, "no end of line at the end")

    def test_headers_are_guarded(self):
        for path in files("src", "tools"):
            if path.suffix == ".h":
                with self.subTest(file=str(path)):
                    self.assertIn("#pragma once\n", read(path))


if __name__ == "__main__":
    unittest.main()
