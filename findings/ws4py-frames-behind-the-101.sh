#!/usr/bin/env bash
# ws4py 0.5.1 (Debian package python3-ws4py 0.5.1+dfsg1-2), its client (the threaded one inherits this)
#
# Behaviour: three text messages leave the server in the same write as the 101 response. The client delivers
#   the first. The second and the third are thrown away, without an error and without a close; a fourth one,
#   sent after the client has answered, arrives as if nothing had happened.
# Surprise: a server may speak as soon as it has sent its handshake (RFC 6455 section 4.2.2, end: from then on
#   the connection is open and either side may send). TCP keeps no boundary between the 101 and the frames, so
#   a server that greets its clients loses messages or does not, as the kernel happens to cut the stream.
#
# Seen:
#   sent with the 101: one, two, three; sent later: four
#   delivered: one, four
#   close code: 1000

set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"

apt-get -qq -o APT::Sandbox::User="$(id -un)" download python3-ws4py=0.5.1+dfsg1-2
dpkg-deb -x python3-ws4py_*.deb unpacked

PYTHONPATH="$tmp/unpacked/usr/lib/python3/dist-packages" timeout 30 python3 - <<'PYTHON'
import base64
import hashlib
import socket
import sys
import threading

from ws4py.client import WebSocketBaseClient


def text(message):
    return bytes([0x81, len(message)]) + message.encode()


def serve(listener):
    peer, _ = listener.accept()
    peer.settimeout(10)
    request = b""
    while b"\r\n\r\n" not in request:
        request += peer.recv(4096)
    key = request.lower().index(b"sec-websocket-key:") + 18
    key = request[key:].split(b"\r\n")[0].strip()
    accept = base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
    head = (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n")
    peer.sendall(head + text("one") + text("two") + text("three"))
    peer.recv(4096)                                  # the client's answer to the first message
    peer.sendall(text("four"))
    peer.recv(4096)                                  # the answer to the fourth, or already the close
    peer.sendall(b"\x88\x02\x03\xe8")
    while peer.recv(4096):
        pass


class Client(WebSocketBaseClient):
    delivered = []
    code = None

    def received_message(self, message):
        self.delivered.append(str(message))
        self.send("got it")
        if str(message) == "four":
            self.close()

    def closed(self, code, reason=None):
        self.code = code


listener = socket.create_server(("127.0.0.1", 0))
threading.Thread(target=serve, args=(listener,), daemon=True).start()
client = Client("ws://127.0.0.1:%d/" % listener.getsockname()[1])
client.sock.settimeout(10)
client.connect()
client.run()                                         # returns when the connection has ended
print("sent with the 101: one, two, three; sent later: four")
print("delivered: " + ", ".join(client.delivered))
print("close code:", client.code)
if client.delivered != ["one", "four"]:
    sys.exit("the behaviour has changed")
PYTHON
