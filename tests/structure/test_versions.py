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

    def test_packages(self):
        for path, pattern in (
            ("csharp/Cryo.nuspec", r"<version>(.*)</version>"),
            ("csharp/Cryo/Cryo.csproj", r"<Version>(.*)</Version>"),
            ("java/pom.xml", r"<version>(.*)</version>"),
            ("lua/cryo-0.1.0-1.rockspec", r'^version = "(.*)-1"$'),
            ("node/package.json", r'^  "version": "(.*)",$'),
            ("perl/lib/Cryo.pm", r"^our \$VERSION = '(.*)';$"),
            ("python/pyproject.toml", r'^version = "(.*)"$'),
            ("ruby/cryo.gemspec", r'^  spec.version = "(.*)"$'),
            ("rust/cryo/Cargo.toml", r'^version = "(.*)"$'),
            ("rust/cryo-sys/Cargo.toml", r'^version = "(.*)"$'),
        ):
            with self.subTest(file=path):
                self.assertEqual(re.search(pattern, read(f"bindings/{path}"), re.M)[1], VERSION)


if __name__ == "__main__":
    unittest.main()
