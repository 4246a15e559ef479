"""Each header is compiled alone by the build: here is only made sure that none was forgotten.

Reads from the environment: CRYO_BUILD_FOLDER.
"""

import json
import os
import re
import unittest
from pathlib import Path

from tree import files

BUILD = Path(os.environ["CRYO_BUILD_FOLDER"])


class Headers(unittest.TestCase):
    def setUp(self):
        commands = json.loads((BUILD / "compile_commands.json").read_text())
        self.alone = [entry for entry in commands if "/headers_of_" in entry["file"]]

    def test_each_header_is_compiled_alone(self):
        compiled = set()
        for entry in self.alone:
            compiled.update(Path(entry["file"]).read_text().splitlines())
        for path in files("include", "src", "tools"):
            if path.suffix in {".h", ".hpp"}:
                top = {"src": "src", "tools": "tools/cryo"}.get(path.parts[0], "include")
                name = path.relative_to(top).as_posix()
                with self.subTest(header=str(path)):
                    self.assertIn(f'#include "{name}"', compiled)

    def test_each_was_built(self):
        self.assertGreater(len(self.alone), 50)
        for entry in self.alone:
            with self.subTest(source=entry["file"]):
                output = re.search(r" -o (\S+)", entry["command"])[1]
                self.assertTrue((BUILD / output).is_file())


if __name__ == "__main__":
    unittest.main()
