#!/usr/bin/env bash
# AnyEvent::WebSocket::Client 0.54 (Debian package libanyevent-websocket-client-perl 0.54-1)
#
# Behaviour: close without arguments writes a close frame with code 1005. The answer to a close frame of the
#   server is the same, whatever code the server gave. So is the one to a close frame without a code.
# Surprise: 1005 is the name of the absence of a code, for programs only; an endpoint must not put it into a
#   frame (RFC 6455 section 7.4.1). So a strict peer finds a protocol error at the end of each orderly
#   conversation with this library.
#
# Seen (what the server received, in hexadecimal, unmasked: 03ed is 1005):
#   the program closes: close frame 03ed
#   the server closes with 4000: close frame 03ed
#   the server closes without a code: close frame 03ed

set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"

apt-get -qq -o APT::Sandbox::User="$(id -un)" download \
    libanyevent-websocket-client-perl=0.54-1 libanyevent-connector-perl=0.03-3 libanyevent-perl=7.170-2+b3 \
    libclass-method-modifiers-perl=2.14-1 libimport-into-perl=1.002005-2 libmodule-runtime-perl=0.016-2 \
    libmoo-perl=2.005005-1 libperlx-maybe-perl=1.202-1 libprotocol-websocket-perl=0.26-3 \
    libregexp-ipv6-perl=0.03-3 librole-tiny-perl=2.002004-1 libsub-quote-perl=2.006008-1 liburi-perl=5.17-1 \
    liburi-ws-perl=0.03-3
for package in *.deb; do dpkg-deb -x "$package" unpacked; done

cat > client.pl <<'PERL'
use strict;
use warnings;
use AnyEvent::WebSocket::Client;

my $end = AnyEvent->condvar;
my $timer = AnyEvent->timer(after => 10, cb => sub { die "time-out\n" });
my $connection;
AnyEvent::WebSocket::Client->new->connect($ARGV[0])->cb(sub {
    $connection = eval { $_[0]->recv } or die "not connected: $@";
    $connection->on(finish => sub { $end->send });
    $connection->close if @ARGV > 1;
});
$end->recv;
PERL

cat > server.py <<'PYTHON'
import base64
import glob
import hashlib
import re
import socket
import subprocess
import sys

listener = socket.create_server(("127.0.0.1", 0))
listener.settimeout(10)
perl = ["perl", "-I", "unpacked/usr/share/perl5"]
for folder in glob.glob("unpacked/usr/lib/*/perl5/*"):
    perl += ["-I", folder]


def measure(label, frame, *order):
    client = subprocess.Popen([*perl, "client.pl", "ws://127.0.0.1:%d/" % listener.getsockname()[1], *order])
    peer, _ = listener.accept()
    peer.settimeout(10)
    request = b""
    while b"\r\n\r\n" not in request:
        request += peer.recv(4096)
    key = re.search(rb"(?i)sec-websocket-key: *(\S+)", request)[1]
    accept = base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
    peer.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                 b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n" + frame)
    received = b""
    while part := peer.recv(4096):
        received += part
    peer.close()
    client.wait(10)
    mask, payload = received[2:6], received[6:]
    content = bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload)).hex()
    closes = len(received) >= 6 and received[0] == 0x88 and received[1] == 0x80 | len(payload)
    fact = "%s: %s" % (label, "close frame " + content if closes else "no close frame, but " + received.hex())
    print(fact)
    return fact


facts = [measure("the program closes", b"", "close"),
         measure("the server closes with 4000", b"\x88\x02\x0f\xa0"),
         measure("the server closes without a code", b"\x88\x00")]
if not all(fact.endswith(": close frame 03ed") for fact in facts):
    sys.exit("the behaviour has changed")
PYTHON
timeout 50 python3 server.py
