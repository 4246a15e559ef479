"""Options and enumerations, as languages with types have them."""

import sys
import unittest
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1]
ROOT = FOLDER.parents[1]
sys.path.insert(0, str(FOLDER))

from describe import describe  # noqa: E402
from languages import csharp, java  # noqa: E402
from typed import Argument, camel, enumerations, setters  # noqa: E402


class Typed(unittest.TestCase):
    def setUp(self):
        self.api = describe((ROOT / "include" / "cryo.h").read_text())

    def test_each_option_is_there(self):
        for who, own in (("server", {"validator", "events"}), ("client", {"events", "loop", "token_provider"})):
            wanted = {name for name in self.api["functions"] if name.startswith(f"cryo_{who}_options_")}
            wanted -= {f"cryo_{who}_options_{word}" for word in ("new", "free", *(f"set_{each}" for each in own))}
            self.assertEqual({each.function for each in setters(self.api, who)}, wanted)

    def test_arguments(self):
        of = {each.name: each.arguments for each in setters(self.api, "server") + setters(self.api, "client")}
        self.assertEqual(of["tls_memory"], [Argument("certificate", "bytes"), Argument("key", "bytes")])
        self.assertEqual(of["drop_policy"], [Argument("policy", "enum", "DropPolicy")])
        self.assertEqual(of["metrics"], [Argument("on", "flag"), Argument("token", "text")])
        self.assertEqual(of["session_id"], [Argument("id", "uuid")])
        self.assertEqual(of["listen_fd"], [Argument("fd", "i32")])

    def test_enumerations(self):
        known = {each.name: {of.name: of.value for of in each.constants} for each in enumerations(self.api)}
        self.assertEqual(known["TlsVersion"], {"TLS_1_2": 12, "TLS_1_3": 13})
        self.assertEqual(known["DropPolicy"], {"OLDEST": 1, "NEWEST": 2, "DEDUPE_LATEST": 3})
        self.assertEqual(known["Status"]["ADDRESS_IN_USE"], -12)
        self.assertEqual(camel("DEDUPE_LATEST"), "DedupeLatest")

    def test_documents_are_escaped(self):
        files = {**csharp.write(self.api), **java.write(self.api)}
        self.assertEqual(csharp._doc("n < 1 & m", 4), ["    /// <summary>N &lt; 1 &amp; m.</summary>"])
        self.assertNotIn("*/", java._doc("n */ 1")[0][:-2])
        self.assertIn("bindings/java/src/main/java/cryo/Abi.java", files)


if __name__ == "__main__":
    unittest.main()
