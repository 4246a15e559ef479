#!/usr/bin/env bash
# Pike 8.0.1738 (Debian package pike8.0-core 8.0.1738-1+b2), its Protocols.WebSocket.Connection
#
# Behaviour: for a URL with a port, a path and a query the client requests the path alone: the query is dropped.
#   Host stands in the request twice, both times without the port.
# Surprise: the query is part of the resource name (RFC 6455 section 3), and what a program puts there is lost
#   without a word. A server must answer a request with more than one Host with 400 (RFC 7230
#   section 5.4), so this client is refused by each server that keeps to the rules; and the port belongs in
#   Host unless it is the default one (RFC 6455 section 4.1).
#
# Seen, for ws://127.0.0.1:PORT/chat?room=7:
#   request line: GET /chat HTTP/1.1
#   Host fields: 127.0.0.1 | 127.0.0.1

set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"

apt-get -qq -o APT::Sandbox::User="$(id -un)" download pike8.0-core=8.0.1738-1+b2 libgmp10=2:6.2.1+dfsg1-1.1 \
    libhogweed6=3.8.1-2 libnettle8=3.8.1-2
for package in *.deb; do dpkg-deb -x "$package" unpacked; done

cat > client.pike <<'PIKE'
int main(int count, array(string) arguments)
{
    object connection = Protocols.WebSocket.Connection();
    connection->onclose = lambda(mixed reason) { exit(0); };
    connection->connect(Standards.URI(arguments[1]));
    call_out(exit, 10, 1);
    return -1;
}
PIKE

cat > server.py <<'PYTHON'
import glob
import os
import re
import socket
import subprocess
import sys

listener = socket.create_server(("127.0.0.1", 0))
listener.settimeout(20)
pike = os.path.abspath("unpacked/usr/lib/pike8.0")
environment = dict(os.environ, PIKE_MODULE_PATH=pike + "/modules",
                   LD_LIBRARY_PATH=os.path.abspath(glob.glob("unpacked/usr/lib/*-linux-*")[0]))
client = subprocess.Popen(["unpacked/usr/bin/pike8.0", "-m", pike + "/master.pike", "-I", pike + "/include",
                           "client.pike", "ws://127.0.0.1:%d/chat?room=7" % listener.getsockname()[1]],
                          env=environment)
peer, _ = listener.accept()
peer.settimeout(10)
request = b""
while b"\r\n\r\n" not in request:
    request += peer.recv(4096)
peer.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
peer.close()
client.wait(10)
line = request.decode().split("\r\n")[0]
hosts = re.findall(r"(?im)^host: *(.*?)\r$", request.decode())
print("request line:", line)
print("Host fields:", " | ".join(hosts))
if line != "GET /chat HTTP/1.1" or hosts != ["127.0.0.1", "127.0.0.1"]:
    sys.exit("the behaviour has changed")
PYTHON
timeout 50 python3 server.py
