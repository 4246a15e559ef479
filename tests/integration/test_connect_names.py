"""`cryo connect` to names that are looked up for half a minute: nobody waits for that."""

import asyncio
import os
import signal
import subprocess
import sys
import time
import unittest

from connect_program import connect
from json_program import PROGRAM, run

# The names hang for 30 s; what does not wait for them is done at once, also on a busy machine.
AT_ONCE = 15


def environment():
    # A program with AddressSanitizer in it wants that to be the first library.
    options = ":".join(filter(None, (os.environ.get("ASAN_OPTIONS"), "verify_asan_link_order=0")))
    return dict(os.environ, LD_PRELOAD=os.environ["CRYO_SLOW_NAMES"], ASAN_OPTIONS=options)


class Names(unittest.IsolatedAsyncioTestCase):
    async def test_a_signal_ends_it(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            program = await asyncio.create_subprocess_exec(
                PROGRAM,
                *connect("ws://a.slow.test", "--verbose"),
                env=environment(),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
            )
            while not any(name == "cryo-lookup" for name in self.threads_of(program.pid)):
                await asyncio.sleep(0.01)
            begun = time.monotonic()
            program.send_signal(number)
            await program.wait()
            self.assertLess(time.monotonic() - begun, AT_ONCE)

    @staticmethod
    def threads_of(pid):
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/comm") as file:
                yield file.read().strip()

    async def test_a_time_out_ends_it(self):
        begun = time.monotonic()
        arguments = connect("ws://a.slow.test", "-x", "hi", "--connect-timeout-ms", "200")
        result = await asyncio.to_thread(run, *arguments, env=environment())
        self.assertLess(time.monotonic() - begun, AT_ONCE)
        self.assertEqual(result.returncode, 1)
        self.assertIn("within 200 ms: nobody has told its address", result.stderr)


# Loads the library, has a name looked up, and unloads it while that goes on; then the look-up comes back.
UNLOADING = """
import ctypes, _ctypes, os, sys, time

def lookups():
    names = []
    for task in os.listdir("/proc/self/task"):
        with open(f"/proc/self/task/{task}/comm") as file:
            names.append(file.read().strip())
    return "cryo-lookup" in names

library = ctypes.CDLL(sys.argv[1])
options, client = ctypes.c_void_p(), ctypes.c_void_p()
for status in (
    library.cryo_client_options_new(ctypes.byref(options)),
    library.cryo_client_options_set_url(options, b"ws://a.brief.test"),
    library.cryo_client_options_set_token(options, b"t"),
    library.cryo_client_new(options, ctypes.byref(client)),
    library.cryo_client_start(client),
):
    assert status == 0, status
while not lookups():
    time.sleep(0.01)
for free in (library.cryo_client_free, library.cryo_client_options_free):
    free.restype = None
library.cryo_client_free(client)
library.cryo_client_options_free(options)
assert lookups()
_ctypes.dlclose(library._handle)
while lookups():
    time.sleep(0.01)
print("alive")
"""


class Unloading(unittest.TestCase):
    @unittest.skipIf(os.environ.get("CRYO_SANITIZE"), "Python has no sanitizer in it")
    def test_while_a_name_is_looked_up(self):
        command = [sys.executable, "-c", UNLOADING, os.environ["CRYO_SHARED_LIBRARY"]]
        result = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=60)
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, "alive\n", ""))


if __name__ == "__main__":
    unittest.main()
