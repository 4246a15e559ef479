"""A Cryo client on a raw socket that says exactly what it is told, and nothing by itself but WebSocket pongs."""

import struct
import uuid

from echo_server import CLOSE, PING, PONG, ACCEPT, BINARY, Client, client_context, close_frame, frame
from serve_program import TOKEN
from watched_server import PATIENCE, cryo_peer

__all__ = ["RawPeer", "close_frame", "frame", "request", "pack"]


def pack(sid, number, type, payload=b""):
    return cryo_peer.HEAD.pack(sid.bytes, number, type) + payload


def request(query, *headers, method="GET", path="/", upgrade=True):
    """An upgrade request, in bytes."""
    head = f"{method} {path}{'?' if query else ''}{query} HTTP/1.1\r\nHost: localhost\r\n"
    if upgrade:
        head += "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        head += "Sec-WebSocket-Version: 13\r\n"
    return (head + "".join(line + "\r\n" for line in headers) + "\r\n").encode("latin-1")


class RawPeer(Client):
    def __init__(self, server, sid=None, token=TOKEN, upgrade=True, **options):
        self.sid = uuid.uuid4() if sid is None else sid
        self.query = f"authorization=Bearer%20{token}&x-cryo-sid={self.sid}"
        if server.tls is not None:
            options.setdefault("context", client_context(server))
        super().__init__(server, upgrade=False, **options)
        self.socket.settimeout(PATIENCE)
        self.answers_pings = True
        if upgrade:
            self.upgrade()

    def upgrade(self, more=b""):
        """Asks for the upgrade, with `more` in the same write, and reads the answer."""
        self.send(request(self.query) + more)
        self.answer = self.read_head()
        assert self.answer.startswith("HTTP/1.1 101 "), self.answer
        assert f"Sec-WebSocket-Accept: {ACCEPT}" in self.answer, self.answer

    def send_cryo(self, type, number, payload=b""):
        self.send(frame(BINARY, pack(self.sid, number, type, payload)))

    def read_cryo(self):
        """The next Cryo frame. Raises cryo_peer.Closed."""
        while True:
            try:
                opcode, payload = self.read_frame()
            except (EOFError, ConnectionError):
                raise cryo_peer.Closed(1006, "") from None
            if opcode == PING:
                if self.answers_pings:
                    self.send(frame(PONG, payload))
            elif opcode == CLOSE:
                code = struct.unpack("!H", payload[:2])[0] if payload else 1005
                raise cryo_peer.Closed(code, payload[2:].decode())
            elif opcode == BINARY:
                head = cryo_peer.Frame(*cryo_peer.HEAD.unpack_from(payload), payload[cryo_peer.HEAD.size :])
                assert head.sid == self.sid.bytes
                return head
            else:
                assert opcode == PONG, opcode

    def expect(self, *types):
        while True:
            found = self.read_cryo()
            if found.type in types:
                return found

    def expect_close(self):
        """(code, reason) of the close that comes, whatever comes before it."""
        try:
            while True:
                self.read_cryo()
        except cryo_peer.Closed as end:
            return end.code, end.reason

    def announce(self):
        """Returns when the application has been told of this session: not before the first WebSocket ping is answered."""
        self.send_cryo(cryo_peer.BINARYDATA, 0, b"")
        self.expect(cryo_peer.ACK)
        return self

    def read_answer(self):
        """(status line, headers, body) of a refusal, and the end of the stream behind it."""
        data = b""
        while True:
            try:
                more = self.socket.recv(65536)
            except ConnectionResetError:
                break
            if not more:
                break
            data += more
        head, _, body = data.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(": ")
            assert name.lower() not in headers, line
            headers[name.lower()] = value
        return lines[0], headers, body.decode()
