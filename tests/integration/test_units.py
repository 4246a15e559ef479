"""systemd's units, as they are installed: systemd itself reads them, where it is there."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from serve_program import PROGRAM

UNITS = pathlib.Path(__file__).resolve().parents[2] / "packaging/systemd"


class Units(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        text = (UNITS / "cryo.service.in").read_text(encoding="utf-8")
        (self.folder / "cryo.service").write_text(text.replace("@CRYO_BINDIR@", os.path.dirname(PROGRAM)), encoding="utf-8")
        shutil.copy(UNITS / "cryo.socket", self.folder)

    def test_systemd_understands_them(self):
        if shutil.which("systemd-analyze") is None:
            self.skipTest("there is no systemd-analyze here")
        names = [str(self.folder / name) for name in ("cryo.service", "cryo.socket")]
        got = subprocess.run(["systemd-analyze", "verify", *names], capture_output=True, text=True, timeout=60)
        # Of other units of the system it complains as well.
        words = [line for line in (got.stdout + got.stderr).splitlines() if "cryo" in line and "man cryo" not in line]
        self.assertEqual(words, [])

    def test_the_options_are_ones(self):
        service = (self.folder / "cryo.service").read_text(encoding="utf-8")
        line = next(line for line in service.splitlines() if line.startswith("ExecStart="))
        command = line[len("ExecStart=") :].replace("$CRYO_SERVE_OPTIONS", "--trusted-proxy 127.0.0.1 --threads 4").split()
        got = subprocess.run([*command, "--help"], capture_output=True, text=True, timeout=60)
        self.assertEqual(got.returncode, 0, got.stderr)
        self.assertIn("Type=notify\n", service)
        self.assertEqual((self.folder / "cryo.socket").read_text(encoding="utf-8").count("\nListenStream="), 1)


if __name__ == "__main__":
    unittest.main()
