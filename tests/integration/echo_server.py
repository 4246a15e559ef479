"""The ws_echo program under test, and a WebSocket client on a raw socket that says exactly what it is told."""

import atexit
import os
import shutil
import socket
import ssl
import struct
import subprocess
import tempfile

PROGRAM = os.environ.get("CRYO_WS_ECHO")  # tests of other programs use the client only
KEY = "dGhlIHNhbXBsZSBub25jZQ=="  # of RFC 6455 section 1.3
ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
MASK = b"\x12\x34\x56\x78"

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10

_folder = None


def certificates():
    """The folder with what make_certificates writes, made once."""
    global _folder
    if _folder is None:
        _folder = tempfile.mkdtemp(prefix="cryo_certificates_")
        atexit.register(shutil.rmtree, _folder)
        subprocess.run([os.environ["CRYO_MAKE_CERTIFICATES"], _folder], check=True)
    return _folder


class Server:
    def __init__(self, *arguments, tls=None):
        command = [PROGRAM, "--port", "0", *arguments]
        self.certificate = None
        if tls is not None:
            self.certificate = os.path.join(certificates(), tls + ".pem")
            command += ["--tls-cert", self.certificate, "--tls-key", os.path.join(certificates(), tls + ".key")]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line.startswith("listening on 127.0.0.1:"):
            raise RuntimeError(line + self.process.stderr.read())
        self.port = int(line.rsplit(":", 1)[1])

    def stop(self):
        """Ends it by SIGTERM, and returns its exit status and what it said on standard error."""
        if self.process.poll() is None:
            self.process.terminate()
        _, errors = self.process.communicate(timeout=60)
        return self.process.returncode, errors

    def cpu_seconds(self):
        with open(f"/proc/{self.process.pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self):
        """Resident bytes."""
        with open(f"/proc/{self.process.pid}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))


def masked(payload, key=MASK):
    repeated = int.from_bytes((key * (len(payload) // 4 + 1))[: len(payload)], "big")
    return (int.from_bytes(payload, "big") ^ repeated).to_bytes(len(payload), "big")


def frame(opcode, payload=b"", fin=True, rsv=0, mask=True, length_bytes=None, declared=None):
    """A client's frame, or something that resembles one."""
    size = len(payload) if declared is None else declared
    if length_bytes is None:
        length_bytes = 0 if size < 126 else 2 if size < 65536 else 8
    head = bytes([(0x80 if fin else 0) | rsv << 4 | opcode])
    bit = 0x80 if mask else 0
    if length_bytes == 0:
        head += bytes([bit | size])
    elif length_bytes == 2:
        head += bytes([bit | 126]) + struct.pack("!H", size)
    else:
        head += bytes([bit | 127]) + struct.pack("!Q", size)
    return head + (MASK + masked(payload) if mask else payload)


def close_frame(code=None, reason=b""):
    return frame(CLOSE, b"" if code is None else struct.pack("!H", code) + reason)


class Client:
    def __init__(self, server, receive_buffer=None, context=None, upgrade=True):
        self.socket = socket.socket()
        self.socket.settimeout(30)
        if receive_buffer is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.connect(("127.0.0.1", server.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if context is not None:
            self.socket = context.wrap_socket(self.socket, server_hostname="localhost")
        self.buffer = b""
        if upgrade:
            self.send(self.request())
            self.answer = self.read_head()
            assert self.answer.startswith("HTTP/1.1 101 "), self.answer
            assert f"Sec-WebSocket-Accept: {ACCEPT}" in self.answer, self.answer

    @staticmethod
    def request():
        return (
            "GET /echo HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {KEY}\r\nSec-WebSocket-Version: 13\r\n\r\n"
        ).encode()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def fill(self):
        more = self.socket.recv(65536)
        self.buffer += more
        return bool(more)

    def read_head(self):
        while b"\r\n\r\n" not in self.buffer:
            if not self.fill():
                break
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        return head.decode()

    def read(self, size):
        parts = [self.buffer]
        have = len(self.buffer)
        while have < size:
            more = self.socket.recv(min(size - have, 1 << 20))
            if not more:
                raise EOFError
            parts.append(more)
            have += len(more)
        data = b"".join(parts)
        self.buffer = data[size:]
        return data[:size]

    def read_frame(self):
        """(opcode, payload); the server sends whole, unmasked frames only."""
        first, second = self.read(2)
        assert first & 0xF0 == 0x80, hex(first)
        assert second & 0x80 == 0
        size = second
        if size == 126:
            (size,) = struct.unpack("!H", self.read(2))
            assert size > 125
        elif size == 127:
            (size,) = struct.unpack("!Q", self.read(8))
            assert size > 65535
        return first & 0x0F, self.read(size)

    def read_close(self):
        """The code of the close frame that comes next, None for none, and the end of the stream behind it."""
        opcode, payload = self.read_frame()
        assert opcode == CLOSE, (opcode, payload[:100])
        self.expect_end()
        return struct.unpack("!H", payload[:2])[0] if payload else None

    def expect_end(self):
        assert self.buffer == b"", self.buffer[:100]
        try:
            assert self.socket.recv(1) == b""
        except ConnectionResetError:
            raise AssertionError("reset instead of an orderly end") from None


def client_context(server, minimum=None, maximum=None, ciphers=None, trust=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(trust or server.certificate)
    if minimum is not None:
        context.minimum_version = minimum
    if maximum is not None:
        context.maximum_version = maximum
    if ciphers is not None:
        context.set_ciphers(ciphers)
    return context
