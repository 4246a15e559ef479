"""The layers know each other in one direction, and each foreign library is seen from one place only."""

import re
import unittest

from tree import files, includes

# What a layer may include besides itself.
BELOW = {
    "base": set(),
    "ws": {"base"},
    "upgrade": {"base"},
    "net": {"base", "ws", "upgrade"},
    "codec": {"base"},
    "cale": {"base", "codec"},
    "session": {"base", "codec", "cale"},
    "endpoint": {"base", "codec", "cale", "session", "ws", "upgrade", "net"},
    "server": {"base", "codec", "cale", "session", "ws", "upgrade", "net", "endpoint"},
    "client": {"base", "codec", "cale", "session", "ws", "net", "endpoint"},
    "peer": {"base", "codec", "cale", "session", "ws", "upgrade", "net", "endpoint", "server", "client"},
    "capi": {"base", "codec", "cale", "session", "ws", "upgrade", "net", "endpoint", "server", "client", "peer"},
}

# The layers that the load generator (tools/cryo/bench) is built of. The rest of the tools sees cryo.hpp only.
INSIDE_OF_BENCH = {"base", "codec", "cale", "ws", "upgrade"}

# Which files may include what is neither ours nor of the C++ library: (header, files), each a pattern.
FOREIGN = [
    (r"libwebsockets\.h|uv\.h", r"src/net/.*"),
    (r"openssl/.*", r"src/net/.*|src/cale/.*openssl.*"),
    (r"openssl/.*", r"src/cale/crypto_openssl\.cpp"),
    (r"(mbedtls|psa)/.*", r"src/cale/crypto_mbedtls\.cpp|src/net/(tls|loaded_libraries).*|src/upgrade/accept_key\.cpp"),
    (r"mbedtls/version\.h", r"src/capi/version\.cpp"),  # a number to tell, nothing to call
    (r"unistd\.h", r"src/base/process_id\.cpp"),
    (r"pthread\.h", r"src/base/(fork|thread)\.cpp"),
    (r"cryo\.h", r"src/capi/.*"),
    (r".*\.h", r"src/net/.*"),  # the operating system's
    (r"cryo\.hpp|CLI/.*|nlohmann/.*|mbedtls/base64\.h", r"tools/.*"),
    (r"(sys|netinet)/[a-z]+\.h|[a-z]+\.h", r"tools/.*"),
    (r"uv\.h", r"tools/cryo/bench/loop\.cpp"),
    (r"openssl/.*", r"tools/cryo/bench/tls\.cpp"),
]


def is_code(path):
    return path.suffix in {".h", ".hpp", ".c", ".cpp"}


def is_allowed_foreign(name, path):
    if re.fullmatch(r"[a-z_]+", name):  # the C++ library
        return True
    return any(re.fullmatch(header, name) and re.fullmatch(where, path.as_posix()) for header, where in FOREIGN)


class Includes(unittest.TestCase):
    def test_go_one_way_between_layers(self):
        seen = 0
        for path in filter(is_code, files("src")):
            layer = path.parts[1]
            self.assertIn(layer, BELOW, f"{path} is in a layer that BELOW does not know")
            for line, name, quoted in includes(path):
                if not quoted or name == "cryo.h":
                    continue
                seen += 1
                other = name.split("/")[0]
                with self.subTest(file=f"{path}:{line}", include=name):
                    self.assertTrue((path.parents[-2] / name).as_posix() in SOURCES, "not a path from src/")
                    self.assertIn(other, BELOW[layer] | {layer})
        self.assertGreater(seen, 100)

    def test_foreign_libraries_are_seen_from_their_place_only(self):
        for path in filter(is_code, files("src", "tools")):
            for line, name, quoted in includes(path):
                if quoted and name != "cryo.h" and path.parts[0] == "src":
                    continue
                if quoted and f"tools/cryo/{name}" in SOURCES:
                    continue
                if quoted and name.split("/")[0] in INSIDE_OF_BENCH and "tools/cryo/bench" in path.as_posix():
                    continue
                with self.subTest(file=f"{path}:{line}", include=name):
                    self.assertTrue(is_allowed_foreign(name, path), "not from here")

    def test_public_headers_need_nothing_but_the_standard(self):
        of_c = {name for _, name, _ in includes("include/cryo.h")}
        self.assertEqual(of_c, {"stddef.h", "stdint.h"})
        for path in files("include"):
            if path.suffix != ".hpp":
                continue
            needs = r"[a-z_]+|cryo\.h" if path.name == "cryo.hpp" else r"[a-z_]+|cryo\.hpp"
            if path.name == "cryo_rpc.hpp":
                needs += r"|nlohmann/json\.hpp"
            for line, name, _ in includes(path):
                with self.subTest(file=f"{path}:{line}", include=name):
                    self.assertRegex(name, rf"^({needs})$")

    def test_bindings_and_examples_see_only_the_public_headers(self):
        for path in filter(is_code, files("bindings", "examples")):
            for line, name, quoted in includes(path):
                with self.subTest(file=f"{path}:{line}", include=name):
                    self.assertFalse(quoted and name.split("/")[0] in BELOW, "a header of the inside")


SOURCES = {path.as_posix() for path in files("src", "tools")}

if __name__ == "__main__":
    unittest.main()
