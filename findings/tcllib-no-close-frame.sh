#!/usr/bin/env bash
# tcllib 1.21, its package websocket (Debian package tcllib 1.21+dfsg-1, on Tcl 8.6.13+dfsg-2), its client
#
# Behaviour: the command websocket::close, documented as graceful, with code and reason for the other side, sends
#   nothing at all: the stream ends. A close frame from the server is answered in the same way. And when the
#   stream just ends, the program is told of a close with code 1001.
# Surprise: both ends must send a close frame (RFC 6455 sections 5.5.1 and 7.1.2), so servers see each
#   connection of a well-behaved Tcl program break off; and for a lost connection the code to report is 1006
#   (section 7.1.5), while 1001 says that the server went away on purpose.
#
# Seen (W: what the server received behind the handshake, P: what the program was told):
#   the program closes: W nothing, then the end; P close 1000
#   the server closes with 4000: W nothing, then the end; P close 4000
#   the stream ends: W nothing, then the end; P close 1001

set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"

apt-get -qq -o APT::Sandbox::User="$(id -un)" download \
    tcllib=1.21+dfsg-1 tcl8.6=8.6.13+dfsg-2 libtcl8.6=8.6.13+dfsg-2
for package in *.deb; do dpkg-deb -x "$package" unpacked; done

cat > client.tcl <<'TCL'
package require websocket
proc told {sock type message} {
    switch -- $type {
        connect { if {$::argc > 1} { websocket::close $sock 1000 bye } }
        close { puts "close [lindex $message 0]"; flush stdout; after 0 {set done 1} }
    }
}
after 10000 { puts "time-out"; exit 1 }
websocket::open [lindex $argv 0] told
vwait done
TCL

cat > server.py <<'PYTHON'
import base64
import hashlib
import os
import re
import socket
import subprocess
import sys

root = sys.argv[1] + "/unpacked/usr"
libraries = next(name for name in os.listdir(root + "/lib") if "-linux-" in name)
environment = dict(os.environ, LD_LIBRARY_PATH=root + "/lib/" + libraries,
                   TCL_LIBRARY=root + "/share/tcltk/tcl8.6", TCLLIBPATH=root + "/share/tcltk/tcllib1.21",
                   TCL8_6_TM_PATH=root + "/share/tcltk/tcl8.6/tcl8")
listener = socket.create_server(("127.0.0.1", 0))
listener.settimeout(10)


def measure(label, frame, *order):
    """One connection; the server sends the frame, if any, and ends its stream, unless the program has the order."""
    client = subprocess.Popen([root + "/bin/tclsh8.6", "client.tcl", "ws://127.0.0.1:%d/" % listener.getsockname()[1],
                               *order], env=environment, stdout=subprocess.PIPE, text=True)
    peer, _ = listener.accept()
    peer.settimeout(10)
    request = b""
    while b"\r\n\r\n" not in request:
        request += peer.recv(4096)
    key = re.search(rb"(?i)sec-websocket-key: *(\S+)", request)[1]
    accept = base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
    peer.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                 b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n" + frame)
    if not frame and not order:
        peer.shutdown(socket.SHUT_WR)
    received = b""
    while part := peer.recv(4096):
        received += part
    told = client.communicate(timeout=10)[0].splitlines()[-1]     # a line of its log may come before
    peer.close()
    fact = "%s: W %s, then the end; P %s" % (label, received.hex() or "nothing", told)
    print(fact)
    return fact


facts = [measure("the program closes", b"", "close"),
         measure("the server closes with 4000", b"\x88\x05\x0f\xa0bye"),
         measure("the stream ends", b"")]
if facts != ["the program closes: W nothing, then the end; P close 1000",
             "the server closes with 4000: W nothing, then the end; P close 4000",
             "the stream ends: W nothing, then the end; P close 1001"]:
    sys.exit("the behaviour has changed")
PYTHON
timeout 50 python3 server.py "$tmp"
