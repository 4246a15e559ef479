"""nginx, HAProxy, Apache and Caddy with the configurations of examples/deploy, on ports and in a folder of a test."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time

from serve_program import certificates
from watched_server import PATIENCE

PATH = os.environ.get("PATH", "") + ":/usr/local/sbin:/usr/sbin:/sbin"  # where the servers are
EXAMPLES = os.path.join(os.path.dirname(__file__), "..", "..", "examples", "deploy")


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


class ReverseProxy:
    """`with Nginx(server.port) as proxy:`: TLS on `proxy.port`. `idle` is its idle time-out instead of a minute."""

    program = ""
    example = ""

    def __init__(self, backend, idle="60s", replace=()):
        self.port = free_port()
        self.folder = tempfile.mkdtemp(prefix="cryo_proxy_")
        self.logs = os.path.join(self.folder, "logs")
        os.mkdir(self.logs)
        chain, key = (f"{certificates()}/ec.{kind}" for kind in ("pem", "key"))
        self.certificate = chain
        self.url = f"wss://localhost:{self.port}"
        both = ""
        for name in (chain, key):
            with open(name, encoding="ascii") as file:
                both += file.read()
        with open(os.path.join(EXAMPLES, self.example), encoding="utf-8") as file:
            text = file.read()
        for old, new in (
            ("/etc/ssl/cryo/chain.pem", chain),
            ("/etc/ssl/cryo/key.pem", key),
            ("/etc/haproxy/cryo.pem", self.path("both.pem", both)),
            ("127.0.0.1:8080", f"127.0.0.1:{backend}"),
            ("chat.example.com", "localhost"),
            *self.places(idle),
            *replace,
        ):
            text = text.replace(old, new)
        self.configuration = self.path("configuration", text)
        self.process = None
        self.output = open(os.path.join(self.logs, "output"), "wb")

    def path(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def places(self, idle):
        """What of the example is another one here."""
        raise NotImplementedError

    def command(self):
        raise NotImplementedError

    def __enter__(self):
        if shutil.which(self.program, path=PATH) is None:
            raise FileNotFoundError(f"{self.program} is not installed; `./dev test` installs what the tests need")
        self.process = subprocess.Popen(
            self.command(), stdin=subprocess.DEVNULL, stdout=self.output, stderr=subprocess.STDOUT, cwd=self.folder,
            env={**os.environ, "PATH": PATH, "HOME": self.folder, "XDG_DATA_HOME": self.folder, "XDG_CONFIG_HOME": self.folder},
        )  # fmt: skip
        deadline = time.monotonic() + PATIENCE
        while True:
            assert self.process.poll() is None and time.monotonic() < deadline, self.log_text()
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return self
            time.sleep(0.02)

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.output.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def log_text(self):
        """All that it has written."""
        found = []
        for name in sorted(os.listdir(self.logs)):
            with open(os.path.join(self.logs, name), encoding="utf-8", errors="replace") as file:
                found.append(file.read())
        return "\n".join(found)

    def wait_for_log(self, word):
        deadline = time.monotonic() + PATIENCE
        while word not in self.log_text():
            assert time.monotonic() < deadline, self.log_text()
            time.sleep(0.02)
        return self.log_text()


class Nginx(ReverseProxy):
    program = "nginx"
    example = "nginx.conf"

    def places(self, idle):
        return [("listen 443 ", f"listen 127.0.0.1:{self.port} "), ("/var/log/nginx", self.logs), ("timeout 60s", f"timeout {idle}")]

    def command(self):
        temporary = "".join(f"{kind}_temp_path {self.folder}/t;" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        main = f"pid {self.folder}/pid; error_log {self.logs}/error.log; worker_processes 1; events {{}}\n"
        main += f"http {{ {temporary} include {self.configuration}; }}\n"
        return ["nginx", "-p", self.folder, "-e", f"{self.logs}/error.log", "-c", self.path("main", main), "-g", "daemon off;"]


class HAProxy(ReverseProxy):
    program = "haproxy"
    example = "haproxy.cfg"

    def places(self, idle):
        where = os.path.join(self.folder, "log")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(where)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        return [("bind :443", f"bind 127.0.0.1:{self.port}"), ("/dev/log", where),
                ("timeout client 60s", f"timeout client {idle}"), ("timeout server 60s", f"timeout server {idle}"),
                ("timeout tunnel 60s", f"timeout tunnel {idle}")]  # fmt: skip

    def _read(self):
        with open(os.path.join(self.logs, "log"), "ab", buffering=0) as file:
            with contextlib.suppress(OSError):
                while line := self.socket.recv(65536):
                    file.write(line + b"\n")

    def command(self):
        return ["haproxy", "-db", "-f", self.configuration]

    def __exit__(self, *rest):
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as last:
            last.sendto(b"", os.path.join(self.folder, "log"))
        self.reader.join(PATIENCE)
        self.socket.close()
        super().__exit__(*rest)


class HAProxyTcp(HAProxy):
    example = "haproxy-tcp.cfg"


class Apache(ReverseProxy):
    program = "apache2"
    example = "apache.conf"

    def places(self, idle):
        return [("*:443", f"127.0.0.1:{self.port}"), ("/var/log/apache2", self.logs), ("Timeout 60", f"Timeout {idle.rstrip('s')}")]

    def command(self):
        modules = ("mpm_event", "authz_core", "headers", "ssl", "proxy", "proxy_http", "socache_shmcb")
        main = "".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n" for name in modules)
        main += f"ServerName localhost\nServerRoot {self.folder}\nPidFile {self.folder}/pid\nErrorLog {self.logs}/error.log\n"
        main += f"DefaultRuntimeDir {self.folder}\nListen 127.0.0.1:{self.port} https\nInclude {self.configuration}\n"
        return ["apache2", "-D", "FOREGROUND", "-f", self.path("main", main)]


class Caddy(ReverseProxy):
    program = "caddy"
    example = "Caddyfile"

    def places(self, idle):
        return [("localhost {\n", f"https://localhost:{self.port} {{\n\tbind 127.0.0.1\n\ttls {self.certificate} {self.certificate[:-3]}key\n"),
                ("/var/log/caddy", self.logs), ("\tlog default {", "\tadmin off\n\tauto_https disable_redirects\n\tlog default {")]  # fmt: skip

    def command(self):
        return ["caddy", "run", "--config", self.configuration, "--adapter", "caddyfile"]
