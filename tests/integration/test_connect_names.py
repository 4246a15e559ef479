"""`cryo connect` to names that are looked up for half a minute: nobody waits for that."""

import asyncio
import os
import signal
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


if __name__ == "__main__":
    unittest.main()
