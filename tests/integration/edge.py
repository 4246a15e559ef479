"""What stands in front of a server: PROXY headers, and raw requests from wherever a test likes."""

import contextlib
import json
import socket
import ssl
import struct
import uuid

from echo_server import BINARY, PONG
from raw_cryo import frame
from serve_program import TOKEN, certificates, cryo_peer
from watched_server import PATIENCE, WatchedServer

SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"


def proxy_v1(client, port=54321, family="TCP4"):
    there = "10.0.0.1" if family == "TCP4" else "::1"
    return f"PROXY {family} {client} {there} {port} 443\r\n".encode()


def proxy_v2(client=None, port=54321, records=b"", command=0x21):
    """Without a client, a header that names none."""
    if client is None:
        family, body = 0, b""
    elif ":" in client:
        family = 0x21
        body = socket.inet_pton(socket.AF_INET6, client) + b"\0" * 15 + b"\1" + struct.pack("!HH", port, 443)
    else:
        family = 0x11
        body = socket.inet_aton(client) + b"\x0a\0\0\1" + struct.pack("!HH", port, 443)
    body += records
    return SIGNATURE + bytes([command, family]) + struct.pack("!H", len(body)) + body


def query(sid=None, token=TOKEN):
    return f"authorization=Bearer%20{token}&x-cryo-sid={sid or uuid.uuid4()}"


def connection(server, source="127.0.0.1"):
    """A socket from this address: 127.0.0.2 and the like are ours as well."""
    sock = socket.socket()
    sock.settimeout(PATIENCE)
    sock.bind((source, 0))
    sock.connect(("127.0.0.1", server.port))
    return sock


def over_tls(sock):
    context = ssl.create_default_context(cafile=f"{certificates()}/ec.pem")
    return context.wrap_socket(sock, server_hostname="localhost")


def answer_to(sock, data, pieces=None):
    """The answer's head and whatever has come with it; "" where there is none. The socket stays as it is."""
    with contextlib.suppress(ConnectionError):
        for piece in pieces or [data]:
            sock.sendall(piece)
    received = b""
    while b"\r\n\r\n" not in received:
        try:
            more = sock.recv(65536)
        except (ConnectionError, ssl.SSLError):
            break
        if not more:
            break
        received += more
    return received.decode("latin-1")


def announce(sock, sid):
    """Behind the upgrade: what makes the server tell of the session."""
    sock.sendall(frame(PONG, b"cryo") + frame(BINARY, cryo_peer.HEAD.pack(sid.bytes, 0, cryo_peer.BINARYDATA)))


class Watched(WatchedServer):
    """Keeps where the sessions have come from."""

    def __init__(self, *arguments, **options):
        self.remotes = {}
        self.proxies = {}  # by which they have come
        super().__init__(*arguments, **{"log_may_speak": True, **options})

    def _take(self, line):
        if line.startswith(b'{"event":"session"'):
            event = json.loads(line)
            self.remotes[event["session"]] = event["remote"]
            self.proxies[event["session"]] = event.get("proxy", "")
        super()._take(line)
