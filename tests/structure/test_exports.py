"""What libcryo exports is what cryo.h declares is what docs/symbols.txt lists.

Reads from the environment: CRYO_SHARED_LIBRARY and CRYO_STATIC_LIBRARY (paths; empty: not built), CRYO_STATIC_IS_JOINED,
NM, READELF.
"""

import os
import re
import subprocess
import unittest

from tree import header_functions, header_number, listed_symbols

SHARED = os.environ["CRYO_SHARED_LIBRARY"]
STATIC = os.environ["CRYO_STATIC_LIBRARY"]


def tool(name, *arguments):
    return subprocess.run([os.environ[name], *arguments], check=True, capture_output=True, text=True).stdout


def defined(*arguments):
    """Name -> type of the global symbols that a library defines; version names (absolute) left out."""
    found = {}
    for line in tool("NM", "--defined-only", *arguments).splitlines():
        match = re.fullmatch(r"[0-9a-f]+ (\w) (\S+)", line)
        if match and match[1] != "A":
            found[match[2]] = match[1]
    return found


class Exports(unittest.TestCase):
    def test_list_is_sorted_and_names_each_once(self):
        names = [name for name, _ in listed_symbols()]
        self.assertEqual(names, sorted(set(names)))

    def test_list_equals_header(self):
        declared = header_functions()
        self.assertEqual(len(declared), len(set(declared)), "declared twice")
        self.assertEqual(sorted(declared), [name for name, _ in listed_symbols()])

    def test_list_is_not_from_the_future(self):
        now = (header_number("CRYO_VERSION_MAJOR"), header_number("CRYO_VERSION_MINOR"))
        for name, version in listed_symbols():
            self.assertLessEqual(tuple(map(int, version.split("."))), now, name)

    def test_shared_library_exports_the_list_under_its_versions(self):
        if not SHARED:
            return  # CMake was told not to build it
        # GNU's nm has to be asked for the versions; LLVM's tells them unasked.
        versions = [] if "llvm" in os.path.basename(os.environ["NM"]) else ["--with-symbol-versions"]
        exported = defined("--dynamic", *versions, SHARED)
        self.assertEqual(sorted(exported), sorted(f"{name}@@CRYO_{version}" for name, version in listed_symbols()))
        self.assertEqual(set(exported.values()), {"T"}, "an export that is no function")

    def test_static_library_gives_nothing_else(self):
        if not STATIC:
            return  # CMake was told not to build it
        given = defined("--extern-only", STATIC)
        names = {name for name, _ in listed_symbols()}
        self.assertLessEqual(names, set(given))
        if os.environ["CRYO_STATIC_IS_JOINED"] == "1":
            self.assertEqual(set(given), names)

    def test_soname_has_the_abi_number(self):
        if not SHARED:
            return  # CMake was told not to build it
        soname = re.search(r"\(SONAME\).*\[(.*)\]", tool("READELF", "--dynamic", "--wide", SHARED))[1]
        self.assertEqual(soname, f"libcryo.so.{header_number('CRYO_ABI_VERSION')}")

    def test_shared_library_is_not_unloaded(self):
        """Runtimes unload on their own, a collector for example, while threads run."""
        if not SHARED:
            return  # CMake was told not to build it
        self.assertRegex(tool("READELF", "--dynamic", "--wide", SHARED), r"\bNODELETE\b")
        self.assertNotRegex(tool("READELF", "--dyn-syms", "--wide", SHARED), r"\bUNIQUE\b.* [0-9]+ \S+$")


if __name__ == "__main__":
    unittest.main()
