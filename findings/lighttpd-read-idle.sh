#!/usr/bin/env bash
# lighttpd 1.4.69 (Debian package lighttpd 1.4.69-1), its mod_proxy with upgrade enabled
#
# Behaviour: server.max-read-idle, 60 seconds by default, goes on counting after a connection was upgraded, and
#   counts only what the client says. A connection over which the server speaks twice a second is cut
#   in the middle; one over which only the client speaks lives.
# Surprise: such a connection is not idle, and there is no request left to wait for: after the 101 another protocol
#   is spoken (RFC 7230 section 6.7), in which either side may be silent as long as it likes (RFC 6455 has no
#   time-out). A news ticker, which says something each second and hears nothing, is cut once a minute, and nothing
#   in its traffic tells why. Pings from the server help, as clients answer them.
#
# Seen, with server.max-read-idle = 2:
#   only the server speaks: ended after 3 s
#   only the client speaks: alive after 8 s

set -euo pipefail
tmp=$(mktemp -d)
lighttpd=
cleanup() {
    if [ -n "$lighttpd" ]; then kill "$lighttpd" 2>/dev/null || true; wait "$lighttpd" 2>/dev/null || true; fi
    rm -rf "$tmp"
}
trap cleanup EXIT
cd "$tmp"

apt-get -qq -o APT::Sandbox::User="$(id -un)" download lighttpd=1.4.69-1 libnettle8=3.8.1-2 libxxhash0=0.8.1-1
for package in *.deb; do dpkg-deb -x "$package" unpacked; done
libraries=$(echo "$tmp"/unpacked/usr/lib/*-linux-*)

# It listens on a socket of the file system: no port can be taken, and none has to be found out.
cat > lighttpd.conf <<CONF
server.document-root = "$tmp"
server.bind = "$tmp/front"
server.modules = ( "mod_proxy" )
server.errorlog = "$tmp/log"
server.max-read-idle = 2
proxy.server = ( "" => (( "host" => "$tmp/upstream" )) )
proxy.header = ( "upgrade" => "enable" )
CONF
LD_LIBRARY_PATH="$libraries" \
    unpacked/usr/sbin/lighttpd -D -f lighttpd.conf -m unpacked/usr/lib/lighttpd > start.log 2>&1 &
lighttpd=$!

timeout 50 python3 - <<'PYTHON'
import socket
import sys
import threading
import time

LIMIT = 8.0                                           # seconds to watch a connection, four times the setting


def connect(path):
    """A connection, as soon as somebody listens there."""
    deadline = time.monotonic() + 15
    while True:
        peer = socket.socket(socket.AF_UNIX)
        peer.settimeout(10)
        try:
            peer.connect(path)
            return peer
        except OSError:
            peer.close()
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def head(peer):
    received = b""
    while b"\r\n\r\n" not in received:
        part = peer.recv(1)
        if not part:
            sys.exit("the end within a head: %r" % received)
        received += part


def speak(speaker, listener, frame):
    """Sends a frame twice a second, which the other side hears each time; how long that went well, at most LIMIT."""
    begin = time.monotonic()
    while time.monotonic() - begin < LIMIT:
        try:
            speaker.sendall(frame)
            if len(listener.recv(len(frame), socket.MSG_WAITALL)) < len(frame):
                break
            speaker.settimeout(0.5)                   # the pace; the silent side says nothing, so this runs out
            if not speaker.recv(1):
                break
        except TimeoutError:
            continue
        except OSError:
            break
    return time.monotonic() - begin


upstream = socket.socket(socket.AF_UNIX)
upstream.bind("upstream")
upstream.listen()
upstream.settimeout(10)


def upgraded():
    client = connect("front")
    client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                   b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
    server, _ = upstream.accept()
    server.settimeout(10)
    head(server)
    server.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                   b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")
    head(client)
    return client, server


lived = {}


def measure(who, speaker, listener, frame):
    lived[who] = speak(speaker, listener, frame)


first, second = upgraded(), upgraded()
threads = [threading.Thread(target=measure, args=("server", first[1], first[0], b"\x81\x01y"), daemon=True),
           threading.Thread(target=measure, args=("client", second[0], second[1], b"\x81\x81\0\0\0\0x"), daemon=True)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join(30)
for who in "server", "client":
    print("only the %s speaks: %s after %.0f s" % (who, "ended" if lived[who] < LIMIT else "alive", lived[who]))
if not 1 < lived["server"] < 6 or lived["client"] < LIMIT:
    sys.exit("the behaviour has changed")
PYTHON
