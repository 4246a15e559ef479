"""Unix-domain sockets: the server's file, the client's URL, and a service manager that opens the socket."""

import contextlib
import os
import shlex
import signal
import socket
import stat
import subprocess
import tempfile
import unittest
import uuid

from connect_program import connect
from edge import Watched, announce, answer_to, over_tls, proxy_v1, proxy_v2, query
from raw_cryo import request
from serve_program import PROGRAM, TOKEN, run
from watched_server import PATIENCE, WatchedServer


class Folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="cryo_unix_")
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "cryo.sock")

    def serve(self, *arguments, path=None, **options):
        return WatchedServer(*arguments, host=f"unix:{path or self.path}", **options)

    def talk(self, url, *arguments):
        got = run(*connect(url, "-x", "hi", *arguments))
        self.assertEqual((got.returncode, "< hi\n" in got.stdout), (0, True), got)


class Server(Folder):
    def test_serves_and_cleans_up(self):
        with self.serve("--socket-mode", "600", "--threads", "2") as server:
            self.assertEqual((server.listening["host"], server.listening["port"]), (f"unix:{self.path}", 0))
            self.assertEqual(stat.S_IMODE(os.stat(self.path).st_mode), 0o600)
            for url in (f"ws+unix:{self.path}", f"ws+unix:{self.path}:", f"ws+unix://{self.path}:/a?b=c"):
                self.talk(url)
            server.wait(lambda: len(server.closed) == 3)
        self.assertFalse(os.path.exists(self.path))

    def test_over_tls_and_with_many_at_once(self):
        with self.serve("--threads", "4", tls="ec") as server, contextlib.ExitStack() as open_ones:
            for _ in range(20):
                sock = open_ones.enter_context(socket.socket(socket.AF_UNIX))
                sock.settimeout(PATIENCE)
                sock.connect(self.path)
                secure = open_ones.enter_context(over_tls(sock))
                self.assertIn(" 101 ", answer_to(secure, request(query())))
            self.assertEqual(server.closed, [])

    def test_the_printed_command_connects(self):
        path = self.path[:-5] + " odd:name?"
        command = [PROGRAM, "serve", "--host", f"unix:{path}"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
            printed = next(line for line in server.stdout if line.startswith("connect "))
            words = shlex.split(printed.split(None, 1)[1])
            got = subprocess.run([PROGRAM, *words[1:], "-x", "hi"], capture_output=True, text=True, timeout=PATIENCE)
            self.assertEqual((got.returncode, "< hi\n" in got.stdout), (0, True), got)
            server.terminate()
            server.communicate(timeout=PATIENCE)
        self.assertEqual(server.returncode, 0)

    def test_the_mode_is_the_umasks(self):
        before = os.umask(0o027)
        try:
            with self.serve():
                self.assertEqual(stat.S_IMODE(os.stat(self.path).st_mode), 0o750)
        finally:
            os.umask(before)
        for bad in ("0", "8", "1000", "rw", "0o600", ""):
            self.assertEqual(run("serve", "--host", "unix:/x", "--socket-mode", bad).returncode, 2)

    def test_a_stale_file_gives_way(self):
        server = self.serve(log_may_speak=True)
        server.process.send_signal(signal.SIGKILL)
        server.process.wait()
        server.reader.join()
        server.process.stdout.close()
        server.log.close()
        self.assertTrue(os.path.exists(self.path))
        with self.serve():
            self.talk(f"ws+unix:{self.path}")
            got = run("serve", "--host", f"unix:{self.path}", "--token", "t")  # it is taken
            self.assertEqual(got.returncode, 1)
            self.assertIn("a program listens there", got.stderr)
            self.talk(f"ws+unix:{self.path}")
        with open(self.path, "w", encoding="ascii"):
            pass
        self.assertEqual(run("serve", "--host", f"unix:{self.path}", "--token", "t").returncode, 1)
        self.assertTrue(os.path.exists(self.path))

    def test_words(self):
        for path, words in ((self.path + "/no/sock", "make the folder"), ("x" * 108, "107 bytes"), ("", "empty")):
            got = run("serve", "--host", f"unix:{path}", "--token", "t")
            self.assertEqual(got.returncode, 1)
            self.assertIn(words, got.stderr)
        got = run(*connect(f"ws+unix:{self.path}", "-x", "hi", "--no-reconnect"), timeout=60)
        self.assertNotEqual(got.returncode, 0)
        self.assertIn(self.path, got.stderr)
        for url in ("ws+unix:relative", "ws+unix:", f"ws+unix:{self.path}:path", f"wss+unix://{self.path}"):
            self.assertEqual(run(*connect(url, "-x", "hi")).returncode, 2)

    def test_a_name_without_a_file(self):
        name = f"@cryo-test-{uuid.uuid4()}"
        with self.serve(path=name) as server:
            self.assertEqual(server.listening["host"], f"unix:{name}")
            self.talk(f"ws+unix:{name}")
            server.wait(lambda: len(server.closed) == 1)

    def test_odd_paths(self):
        folder = os.path.dirname(self.path)
        path = f"{folder}/a b:c?d%é"
        with self.serve(path=path):
            self.talk("ws+unix:" + folder + "/a%20b%3Ac%3Fd%25%C3%A9")

    def test_who_comes(self):
        """All have one address, which is none: no limit is for it. A proxy says who they are."""
        limit = ["--max-sessions-per-address", "1"] if "--max-sessions-per-address" in run("serve", "--help").stdout else []
        with Watched("--trusted-proxy", "unix", *limit, host=f"unix:{self.path}") as server:
            for headers, remote in (([], "unix:"), ([], "unix:"), (["X-Forwarded-For: 192.0.2.7"], "192.0.2.7")):
                sid = uuid.uuid4()
                with socket.socket(socket.AF_UNIX) as sock:
                    sock.settimeout(PATIENCE)
                    sock.connect(self.path)
                    self.assertIn(" 101 ", answer_to(sock, request(query(sid), *headers)))
                    announce(sock, sid)
                    server.wait(lambda: str(sid) in server.remotes)  # noqa: B023
                    self.assertEqual(server.remotes[str(sid)], remote)
                    self.assertEqual(server.proxies[str(sid)], "unix:" if headers else "")
        with Watched(host=f"unix:{self.path}") as server, socket.socket(socket.AF_UNIX) as sock:
            sock.connect(self.path)  # nobody is trusted
            sid = uuid.uuid4()
            answer_to(sock, request(query(sid), "X-Forwarded-For: 192.0.2.7"))
            announce(sock, sid)
            server.wait(lambda: str(sid) in server.remotes)
            self.assertEqual(server.remotes[str(sid)], "unix:")

    def test_the_proxy_protocol(self):
        with Watched("--trusted-proxy", "unix", "--proxy-protocol", host=f"unix:{self.path}") as server:
            for prefix, remote in ((proxy_v1("192.0.2.7"), "192.0.2.7:54321"), (proxy_v2(), "unix:")):
                sid = uuid.uuid4()
                with socket.socket(socket.AF_UNIX) as sock:
                    sock.settimeout(PATIENCE)
                    sock.connect(self.path)
                    self.assertIn(" 101 ", answer_to(sock, prefix + request(query(sid))))
                    announce(sock, sid)
                    server.wait(lambda: str(sid) in server.remotes)  # noqa: B023
                    self.assertEqual(server.remotes[str(sid)], remote)
            with socket.socket(socket.AF_UNIX) as sock:
                sock.settimeout(PATIENCE)
                sock.connect(self.path)
                self.assertEqual(answer_to(sock, request(query())), "")

    def test_long_messages(self):
        with self.serve():
            text = "x" * 3_000_000
            got = run(*connect(f"ws+unix:{self.path}"), input=text + "\n", timeout=PATIENCE)
            self.assertEqual(got.returncode, 0, got.stderr)


class ServiceManager(Folder):
    """No systemd is needed: what it says is a socket and a few words of the environment."""

    def start(self, *sockets, arguments=(), notify=None, pid=None):
        """`cryo serve` with these as its inherited ones."""
        environment = {**os.environ, "LISTEN_FDS": str(len(sockets)), "LISTEN_FDNAMES": "a:b"}
        if notify is not None:
            environment["NOTIFY_SOCKET"] = notify

        # The process id is known only in the child.
        script = "import os,sys\n"
        script += "".join(f"os.dup2({100 + i}, {3 + i})\n" for i in range(len(sockets)))
        script += f"os.environ['LISTEN_PID'] = {pid!r} or str(os.getpid())\n"
        script += "os.execv(sys.argv[1], sys.argv[1:])\n"
        for i, sock in enumerate(sockets):
            os.dup2(sock.fileno(), 100 + i)
        try:
            process = subprocess.Popen(
                ["/usr/bin/python3", "-c", script, PROGRAM, "serve", "--json", "--token", TOKEN, *arguments],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
                pass_fds=[100 + i for i in range(len(sockets))],
            )  # fmt: skip
            self.addCleanup(process.communicate)
            self.addCleanup(process.kill)
            return process
        finally:
            for i in range(len(sockets)):
                os.close(100 + i)

    def listening(self, family=socket.AF_INET, where=("127.0.0.1", 0)):
        sock = socket.socket(family)
        self.addCleanup(sock.close)
        sock.bind(where)
        sock.listen()
        return sock

    def end(self, process, status=0):
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, status, errors)

    def test_an_inherited_socket(self):
        tcp = self.listening()
        port = tcp.getsockname()[1]
        process = self.start(tcp, arguments=["--port", "1", "--host", "192.0.2.1"])  # neither means anything now
        self.assertIn(f'"port":{port}', process.stdout.readline())
        self.talk(f"ws://127.0.0.1:{port}")
        self.end(process)
        # It is the manager's: a server that is started again finds who has come meanwhile.
        with socket.create_connection(("127.0.0.1", port)) as early:
            process = self.start(tcp)
            self.assertIn(" 101 ", answer_to(early, request(query())))
            self.end(process)

    def test_an_inherited_unix_socket(self):
        process = self.start(self.listening(socket.AF_UNIX, self.path))
        self.assertIn(f'"host":"unix:{self.path}"', process.stdout.readline())
        self.talk(f"ws+unix:{self.path}")
        self.end(process)
        self.assertTrue(os.path.exists(self.path))

    def test_what_is_refused(self):
        process = self.start(self.listening(), self.listening())
        _, errors = process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, 1)
        self.assertIn("2 sockets", errors)
        datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(datagrams.close)
        datagrams.bind(("127.0.0.1", 0))
        process = self.start(datagrams)
        _, errors = process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, 1)
        self.assertIn("no stream socket that listens", errors)

    def test_those_of_another_process(self):
        process = self.start(self.listening(), pid="1", arguments=["--port", "0"])
        line = process.stdout.readline()
        self.assertIn('"listening"', line)
        self.end(process)

    def test_news(self):
        for where in (self.path + ".notify", f"@cryo-notify-{uuid.uuid4()}"):
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
                manager.settimeout(PATIENCE)
                manager.bind("\0" + where[1:] if where.startswith("@") else where)
                process = self.start(self.listening(), notify=where)
                self.assertEqual(manager.recv(4096), b"READY=1")
                self.end(process)
                self.assertEqual(manager.recv(4096), b"STOPPING=1")
        for where in ("", "x", "/no/such/socket", "@" + "x" * 200):
            process = self.start(self.listening(), notify=where)
            process.stdout.readline()
            self.end(process)


if __name__ == "__main__":
    unittest.main()
