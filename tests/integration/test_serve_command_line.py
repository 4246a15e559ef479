"""The command line of `cryo` and `cryo serve`: help, versions, exit statuses, and what a person sees."""

import asyncio
import fcntl
import os
import pty
import re
import select
import signal
import socket
import struct
import subprocess
import tempfile
import termios
import time
import unittest

from serve_program import PROGRAM, TOKEN, Serve, certificates, cryo_peer, run


class CommandLine(unittest.TestCase):
    def test_help(self):
        for arguments in ((), ("--help",), ("-h",)):
            result = run(*arguments)
            self.assertEqual((result.returncode, result.stderr), (0, ""))
            self.assertIn("serve", result.stdout)
        result = run("serve", "--help")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        for word in (
            "--host --port --token --token-file --tls-cert --tls-key --tls-client-ca --tls-require-client-cert --tls-min-version --tls-ocsp-file --tls-ticket-keys --cale --keepalive-ms --hello-wait-ms --mode --threads --json --quiet "
            "--high-water-mark --low-water-mark --max-queued-bytes --max-queue-count --allow-origin --max-attempts-per-address --max-failed-tokens-per-address --drop-policy oldest newest dedupe "
            "4194304 1048576 4194304 1024 --verbose --help --version echo broadcast sink Examples status 15000 8080 127.0.0.1"
        ).split():
            self.assertIn(word, result.stdout)

    def test_version(self):
        for arguments in (("--version",), ("serve", "--version")):
            result = run(*arguments)
            self.assertEqual(result.returncode, 0)
            self.assertRegex(result.stdout, r"\Acryo \d+\.\d+\.\d+\n.*libwebsockets.*, CALE over (OpenSSL|mbedTLS)\n\Z")

    def test_bad_arguments(self):
        for arguments in (
            ["nonsense"],
            ["serve", "nonsense"],
            ["serve", "--nonsense"],
            ["serve", "--port"],
            ["serve", "--port", "65536"],
            ["serve", "--port", "-1"],
            ["serve", "--port", "http"],
            ["serve", "--host", ""],
            ["serve", "--threads", "0"],
            ["serve", "--allow-origin", ""],
            ["serve", "--allow-origin", "example.com"],
            ["serve", "--max-attempts-per-address", "-1"],
            ["serve", "--threads", "257"],
            ["serve", "--transport", "pigeon"],
            ["serve", "--keepalive-ms", "9"],
            ["serve", "--keepalive-ms", "4294967296"],
            ["serve", "--hello-wait-ms", "-1"],
            ["serve", "--hello-wait-ms", "4294967296"],
            ["serve", "--mode", "gossip"],
            ["serve", "--mode", "1"],
            ["serve", "--drop-policy", "both"],
            ["serve", "--drop-policy", "1"],
            ["serve", "--high-water-mark", "0"],
            ["serve", "--max-queued-bytes", "-1"],
            ["serve", "--max-queue-count", "0"],
            ["serve", "--max-queue-count", "4294967296"],
            ["serve", "--port", "0", "--high-water-mark", "1000", "--low-water-mark", "1001"],
            ["serve", "--token", ""],
            ["serve", "--token", "one", "two"],
            ["serve", "--tls-cert", "only.pem"],
            ["serve", "--tls-key", "only.key"],
            ["serve", "--quiet", "--verbose"],
            ["serve", "--token-file", "/nonexistent/file"],
            ["serve", "--token-file", "/"],
            ["serve", "--token-file", "/dev/null"],
        ):
            with self.subTest(arguments):
                result = run(*arguments)
                self.assertEqual((result.returncode, result.stdout), (2, ""))
                self.assertNotEqual(result.stderr, "")

    def test_what_was_meant_is_suggested(self):
        for arguments, words in (
            (["serve", "--prot", "1"], "cryo serve: there is no option --prot; did you mean --port? `cryo serve --help` "),
            (["serve", "--prot=1"], "cryo serve: there is no option --prot; did you mean --port? "),
            (["serve", "--tls-crt", "a.pem"], "there is no option --tls-crt; did you mean --tls-cert? "),
            (["connect", "ws://localhost", "--tokn", "t"], "cryo connect: there is no option --tokn; did you mean --token? "),
            (["bench", "--connection", "4"], "did you mean --connections? "),
            (["serve", "--zzzzzz"], "cryo serve: there is no option --zzzzzz. `cryo serve --help` "),
            (["serve", "-p", "1"], "there is no option -p"),
            (["serv"], "cryo: there is no command 'serv'; did you mean 'serve'? `cryo --help` "),
            (["frobnicate"], "cryo: there is no command 'frobnicate'. "),
            (["serve", "8080"], "cryo serve: '8080' was not expected. "),
            (["serve", "--port", "many"], "cryo serve: --port: "),
        ):
            with self.subTest(arguments):
                result = run(*arguments)
                self.assertEqual((result.returncode, result.stdout), (2, ""))
                self.assertIn(words, result.stderr)
                self.assertRegex(result.stderr, r"\A[^\n]+\n\Z")

    def test_what_keeps_it_from_starting(self):
        with socket.socket() as busy:
            busy.bind(("127.0.0.1", 0))
            busy.listen()
            port = str(busy.getsockname()[1])
            folder = certificates()
            for arguments, words in (
                (["--port", port], port),
                (["--host", "192.0.2.1", "--port", "0"], "192.0.2.1"),
                (["--tls-cert", "/nonexistent.pem", "--tls-key", "/nonexistent.key"], "/nonexistent.pem"),
                (["--tls-cert", f"{folder}/ec.pem", "--tls-key", f"{folder}/rsa.key"], "key"),
                (["--tls-cert", f"{folder}/expired.pem", "--tls-key", f"{folder}/ec.key"], "expired"),
            ):
                for more in ([], ["--json"]):
                    with self.subTest(arguments):
                        result = run("serve", "--token", "t", *arguments, *more)
                        self.assertEqual((result.returncode, result.stdout), (1, ""))
                        self.assertRegex(result.stderr, r"\Acryo: .*\n\Z")
                        self.assertIn(words, result.stderr)


class TokenFiles(unittest.IsolatedAsyncioTestCase):
    async def test_lines_comments_and_blanks(self):
        with tempfile.NamedTemporaryFile("w", newline="") as file:
            file.write("# tokens of the tests\n\nfirst\r\n  second  \n\t# not#a#token\nth#ird\n   \nlast")
            file.flush()
            async with Serve("--token-file", file.name) as serve:
                for token in ("first", "second", "th#ird", "last", TOKEN):
                    await (await serve.connect(token=token)).close()
                for token in ("", "# not#a#token", "not#a#token", "first\r", "  second  "):
                    with self.assertRaises(cryo_peer.Refused):
                        await serve.connect(token=token)


class OpenFiles(unittest.IsolatedAsyncioTestCase):
    async def test_the_soft_limit_becomes_the_hard_one(self):
        async with Serve() as serve:
            with open(f"/proc/{serve.process.pid}/limits", encoding="ascii") as limits:
                line = next(line for line in limits if line.startswith("Max open files"))
            soft, hard = (2**63 if word == "unlimited" else int(word) for word in line.split()[3:5])
            self.assertEqual(soft, min(hard, 1048576))


class ForPeople(unittest.IsolatedAsyncioTestCase):
    """Without --json."""

    async def start(self, *arguments, stdout=subprocess.PIPE, **environment):
        process = await asyncio.create_subprocess_exec(
            PROGRAM, "serve", "--port", "0", *arguments,
            stdout=stdout, stderr=subprocess.PIPE, env={**os.environ, "TERM": "xterm", **environment},
        )  # fmt: skip
        self.addAsyncCleanup(self.end, process)
        return process

    @staticmethod
    async def end(process):
        if process.returncode is None:
            process.kill()
        await process.communicate()

    @staticmethod
    async def until(process, pattern, so_far=""):
        """Reads standard output until it has a line with this pattern; gives all that was read."""
        while not re.search(pattern, so_far):
            line = await asyncio.wait_for(process.stdout.readline(), cryo_peer.PATIENCE)
            assert line, f"ended before {pattern!r}: {so_far!r}"
            so_far += line.decode()
        return so_far

    async def test_lines_for_a_pipe_have_no_escapes(self):
        process = await self.start("--verbose", "--keepalive-ms", "500")
        shown = await self.until(process, r"connect .*\n")
        self.assertRegex(shown, r"\Alistening on ws://127\.0\.0\.1:\d+  \(echo, over poll\)\ntoken +\S+\nurl +'ws://\S+'\nconnect +\S+ connect ws://\S+ --token=\S+\n\Z")
        token = re.search(r"token +(\S+)", shown)[1]
        port = re.search(r":(\d+) ", shown)[1]
        peer = await cryo_peer.connect(f"ws://127.0.0.1:{port}", token=token)
        evil = "\x1b[2J\x1b]0;owned\x07\r\n\x7f\u009b31m\u202eabc\u200b"
        await peer.send_text(evil)
        self.assertEqual(await peer.message(), evil)
        await peer.send_binary(b"\x00\x1b\xff")
        keepalive = asyncio.create_task(peer.closed())
        shown = await self.until(process, r"rtt .* ms\n", shown)
        await peer.close(4000, "\x1b[31mred")
        await keepalive
        shown = await self.until(process, r" closed .*\n", shown)
        self.assertNotRegex(shown, "[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u200b]")
        self.assertIn(r"\u{1b}[2J\u{1b}]0;owned\u{7}\r\n\u{7f}\u{9b}31m\u{202e}abc\u{200b}", shown)
        self.assertIn("00 1b ff", shown)
        self.assertIn(r"4000 \u{1b}[31mred", shown)
        self.assertIn(f"{peer.sid}", shown)
        process.send_signal(signal.SIGINT)
        self.assertEqual(await process.wait(), 0)

    async def test_long_texts_are_cut(self):
        process = await self.start("--token", "t")
        shown = await self.until(process, r"listening.*\n")
        port = re.search(r":(\d+) ", shown)[1]
        async with await cryo_peer.connect(f"ws://127.0.0.1:{port}", token="t") as peer:
            await peer.send_text("x" * 100_000)
            shown = await self.until(process, r"text .*\n")
            line = shown.splitlines()[-1]
            self.assertIn("97.7 KiB", line)
            self.assertLess(len(line), 120)
            self.assertTrue(line.endswith("x\u2026"))

    async def test_quiet_says_nothing_but_the_made_up_token(self):
        process = await self.start("--quiet")
        shown = await self.until(process, r"connect .*\n")
        self.assertRegex(shown, r"\Atoken +\S+\nurl +\S+\nconnect +[^\n]+\n\Z")
        port = re.search(r"127\.0\.0\.1:(\d+)/", shown)[1]
        async with await cryo_peer.connect(f"ws://127.0.0.1:{port}", token=shown.split()[1]) as peer:
            await peer.send_text("hello")
            await peer.message()
        process.send_signal(signal.SIGTERM)
        output, errors = await process.communicate()
        self.assertEqual((process.returncode, output, errors), (0, b"", b""))

    async def on_a_terminal(self, columns=80, **environment):
        """What a terminal gets to see of a short conversation."""
        master, slave = pty.openpty()
        self.addCleanup(os.close, master)
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        process = await self.start("--token", "t", "--keepalive-ms", "500", stdout=slave, **environment)
        os.close(slave)
        shown = ""

        async def until(pattern):
            nonlocal shown
            deadline = time.monotonic() + cryo_peer.PATIENCE
            while not re.search(pattern, shown):
                self.assertLess(time.monotonic(), deadline, shown)
                ready, _, _ = await asyncio.to_thread(select.select, [master], [], [], 1)
                if ready:
                    shown += os.read(master, 65536).decode()

        await until(r"listening")
        await until(r":\d+  \(")
        port = re.search(r":(\d+)  \(", shown)[1]
        peer = await cryo_peer.connect(f"ws://127.0.0.1:{port}", token="t")
        for _ in range(50):
            await peer.send_text("hello")
            await peer.message()
        keepalive = asyncio.create_task(peer.closed())
        await until(r"hello")
        if environment.get("TERM") != "dumb":
            await until(r"1 session  \d+ mess")
            if columns >= 80:
                await until(r"1 session  [1-9]\d* messages/s  [1-9]")
                await until(r"rtt \d+\.\d\d ms")
        await peer.close()
        await keepalive
        await until(r"closed")
        process.send_signal(signal.SIGTERM)
        self.assertEqual(await process.wait(), 0)
        while select.select([master], [], [], 0)[0]:
            try:
                shown += os.read(master, 65536).decode()
            except OSError:  # the other end is closed
                break
        return shown

    async def test_a_terminal_has_colours_and_a_status_line(self):
        shown = await self.on_a_terminal()
        self.assertIn("\x1b[32mlistening\x1b[0m", shown)
        # Each event begins on a line of its own, where the status line was erased.
        for line in shown.split("\r\n")[:-1]:
            self.assertRegex(line.rsplit("\r\x1b[K", 1)[-1], r"listening|session|text|closed")
        self.assertTrue(shown.endswith("\r\x1b[K"))

    async def test_no_color_is_honoured(self):
        shown = await self.on_a_terminal(NO_COLOR="1")
        self.assertNotRegex(shown, r"\x1b\[\d*m")
        self.assertIn("\r\x1b[K", shown)

    async def test_a_dumb_terminal_gets_plain_lines(self):
        self.assertNotIn("\x1b", await self.on_a_terminal(TERM="dumb"))

    async def test_the_status_line_fits_a_narrow_terminal(self):
        shown = await self.on_a_terminal(columns=25)
        for drawn in re.split(r"\r\x1b\[K|\r\n", shown):
            if re.match(r"\d+ session", drawn):
                self.assertLess(len(drawn), 25)


if __name__ == "__main__":
    unittest.main()
