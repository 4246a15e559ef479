"""One version, wherever it is written.

Reads from the environment: CRYO_PROJECT_VERSION and CRYO_ABI_VERSION, as CMake has them.
"""

import os
import re
import unittest

from tree import header_number, read

VERSION = os.environ["CRYO_PROJECT_VERSION"]


class Versions(unittest.TestCase):
    def test_header(self):
        parts = [header_number(f"CRYO_VERSION_{part}") for part in ("MAJOR", "MINOR", "PATCH")]
        self.assertEqual(".".join(map(str, parts)), VERSION)

    def test_abi_number(self):
        self.assertEqual(header_number("CRYO_ABI_VERSION"), int(os.environ["CRYO_ABI_VERSION"]))

    def test_python_package(self):
        match = re.search(r'^version = "(.*)"$', read("bindings/python/pyproject.toml"), flags=re.MULTILINE)
        self.assertEqual(match[1], VERSION)

    def test_packages_of_other_languages(self):
        for path, tag in (
            ("bindings/csharp/Cryo.nuspec", "version"),
            ("bindings/csharp/Cryo/Cryo.csproj", "Version"),
            ("bindings/java/pom.xml", "version"),
        ):
            with self.subTest(file=path):
                self.assertEqual(re.search(rf"<{tag}>(.*)</{tag}>", read(path))[1], VERSION)


if __name__ == "__main__":
    unittest.main()
