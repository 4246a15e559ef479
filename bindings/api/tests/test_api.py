"""What is read out of cryo.h is what it says, and nothing that was written from it is stale."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1]
ROOT = FOLDER.parents[1]
sys.path.insert(0, str(FOLDER))

from describe import Fault, describe  # noqa: E402
from update import REGION, outputs, table  # noqa: E402

SMALL = """
#include <stdint.h>
#define CRYO_ABI_VERSION 1
typedef int32_t cryo_status;
/* What it is about. */
enum {
    CRYO_FIRST = 1, /* the first */
    CRYO_LAST = -2  /* the last,
                     * of all */
};
typedef struct cryo_thing cryo_thing; /* a thing */
typedef struct cryo_seen cryo_seen;
/* Called. */
typedef void (*cryo_seen_fn)(cryo_seen *seen, const uint8_t *data, size_t len, void *user);
/* Makes one. A thing handle is for one thread at a time. */
CRYO_API cryo_status cryo_thing_new(const char *name, cryo_thing **out);
CRYO_API void cryo_thing_free(cryo_thing *thing); /* the end */

/* Two at once.
 *
 * May be called in a signal handler. */
CRYO_API cryo_status cryo_thing_poke(cryo_thing *thing, const uint8_t *data,
                                     size_t len);
CRYO_API uint16_t cryo_thing_port(const cryo_thing *thing);
/* One thread at a time. */
CRYO_API cryo_status cryo_thing_text(const cryo_thing *thing, char *out, size_t capacity, size_t *len);
CRYO_API cryo_status cryo_thing_wait(cryo_thing *thing, int32_t timeout_ms);
CRYO_API cryo_status cryo_seen_accept(cryo_seen *seen);
CRYO_API cryo_status cryo_things(cryo_thing *const *things, size_t count, cryo_thing **out, size_t capacity, double *sum);
"""


class SmallHeader(unittest.TestCase):
    def setUp(self):
        self.api = describe(SMALL)

    def kinds(self, function):
        return [each["kind"] for each in self.api["functions"][function]["parameters"]]

    def test_numbers(self):
        self.assertEqual(self.api["constants"], {"CRYO_ABI_VERSION": 1})
        self.assertEqual(self.api["enumerations"], [{"doc": "What it is about.", "constants": {
            "CRYO_FIRST": {"value": 1, "doc": "the first"},
            "CRYO_LAST": {"value": -2, "doc": "the last, of all"},
        }}])  # fmt: skip

    def test_handles(self):
        self.assertEqual(self.api["handles"], {
            "cryo_thing": {"doc": "a thing", "ended_by": ["cryo_thing_free"], "threads": "one"},
            "cryo_seen": {"doc": "", "ended_by": ["cryo_seen_accept"], "ticket": True, "threads": "any"},
        })  # fmt: skip

    def test_kinds(self):
        self.assertEqual(self.kinds("cryo_thing_new"), ["text", "handle_out"])
        self.assertEqual(self.kinds("cryo_thing_poke"), ["handle", "bytes", "size"])
        self.assertEqual(self.kinds("cryo_thing_text"), ["handle", "text_out", "size", "number_out"])
        self.assertEqual(self.kinds("cryo_things"), ["handles", "size", "handles_out", "size", "number_out"])
        self.assertEqual(self.api["functions"]["cryo_thing_port"]["returns"]["kind"], "u16")
        self.assertEqual([each["kind"] for each in self.api["callbacks"]["cryo_seen_fn"]["parameters"]],
                         ["handle", "bytes", "size", "pointer"])  # fmt: skip

    def test_what_belongs_together(self):
        poke, text = self.api["functions"]["cryo_thing_poke"], self.api["functions"]["cryo_thing_text"]
        self.assertEqual(poke["parameters"][1]["length"], "len")
        self.assertEqual((text["parameters"][1]["capacity"], text["parameters"][1]["length"]), ("capacity", "len"))
        self.assertEqual(self.api["functions"]["cryo_thing_new"]["parameters"][1]["owner"], "caller")

    def test_documents_are_those_above_and_behind(self):
        docs = {name: each["doc"] for name, each in self.api["functions"].items()}
        self.assertEqual(docs["cryo_thing_free"], "Makes one. A thing handle is for one thread at a time. the end")
        self.assertEqual(docs["cryo_thing_port"], "Two at once. May be called in a signal handler.")
        self.assertEqual(docs["cryo_seen_accept"], "One thread at a time.")

    def test_what_a_comment_says_of_one_function(self):
        of = self.api["functions"]
        self.assertEqual([name for name in of if of[name]["signal_safe"]], ["cryo_thing_poke"])
        self.assertEqual([name for name in of if of[name]["threads"] == "one"], ["cryo_thing_text"])
        self.assertEqual([name for name in of if of[name]["waits"]], ["cryo_thing_wait"])

    def test_what_is_not_understood_is_told(self):
        for line in ("CRYO_API void cryo_bad(float x);", "int cryo_variable;",
                     "typedef struct cryo_lost cryo_lost;"):  # fmt: skip
            with self.assertRaises(Fault):
                describe(SMALL + line + "\n")


class TheHeader(unittest.TestCase):
    """The sentences that are searched for are there."""

    def setUp(self):
        self.api = describe((ROOT / "include" / "cryo.h").read_text())

    def test_threads(self):
        one = {name for name, each in self.api["handles"].items() if each["threads"] == "one"}
        self.assertEqual(one, {"cryo_server_options", "cryo_client_options", "cryo_extension", "cryo_event"})
        of = self.api["functions"]
        self.assertEqual({name for name in of if of[name]["threads"] == "one"}, {"cryo_server_run_once", "cryo_loop_run_once"})
        self.assertEqual({name for name in of if of[name]["signal_safe"]},
                         {"cryo_server_stop", "cryo_server_wake", "cryo_loop_wake"})  # fmt: skip

    def test_what_waits(self):
        of = self.api["functions"]
        self.assertEqual({name for name in of if of[name]["waits"]}, {
            "cryo_server_run_once", "cryo_server_wait", "cryo_server_free", "cryo_client_wait", "cryo_client_free",
            "cryo_loop_run_once", "cryo_queue_next", "cryo_queue_next_many",
        })  # fmt: skip

    def test_each_function_is_documented(self):
        self.assertEqual([name for name, each in self.api["functions"].items() if not each["doc"]], [])

    def test_tickets(self):
        tickets = {name for name, each in self.api["handles"].items() if each.get("ticket")}
        self.assertEqual(tickets, {"cryo_auth", "cryo_hook", "cryo_token_request"})


class WhatIsWritten(unittest.TestCase):
    def test_nothing_is_stale(self):
        stale = [str(path.relative_to(ROOT)) for path, text in outputs(ROOT) if not path.exists() or path.read_text() != text]
        self.assertEqual(stale, [], "run bindings/api/update.py")

    def test_it_is_json(self):
        self.assertIn("cryo_server_new", json.loads((ROOT / "bindings" / "cryo.api.json").read_text())["functions"])

    def test_a_region_is_replaced_alone(self):
        text = "a\n# generated: begin\nold\n# generated: end\nb\n"
        self.assertEqual(REGION.sub(lambda m: m.group(1) + "new\n" + m.group(2), text),
                         "a\n# generated: begin\nnew\n# generated: end\nb\n")  # fmt: skip

    def test_the_table_tells_what_is_missing(self):
        api = {"functions": {"cryo_status_name": {}, "cryo_event_kind": {}, "cryo_server_new": {}}}
        lines = table(api, [("One", ["cryo_server_new"])]).split("\n")
        self.assertEqual([line.split("|")[2].strip() for line in lines[2:5]], ["–", "2", "x"])

    def test_a_stale_file_fails_the_check(self):
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder)
            for path in ("include", "bindings/api", "docs", "bindings/cryo.api.json"):
                (copy / path).parent.mkdir(parents=True, exist_ok=True)
                subprocess.run(["cp", "-r", str(ROOT / path), str(copy / path)], check=True)
            command = [sys.executable, str(copy / "bindings/api/update.py")]
            self.assertEqual(subprocess.run(command, capture_output=True).returncode, 0)
            self.assertEqual(subprocess.run([*command, "--check"], capture_output=True).returncode, 0)
            with (copy / "include" / "cryo.h").open("r+") as header:
                text = header.read().replace("CRYO_UTF8 = 1", "CRYO_UTF8 = 7")
                header.seek(0)
                header.write(text)
            told = subprocess.run([*command, "--check"], capture_output=True, text=True)
            self.assertEqual(told.returncode, 1)
            self.assertIn("bindings/cryo.api.json is stale; run bindings/api/update.py", told.stdout)


if __name__ == "__main__":
    unittest.main()
