#!/usr/bin/env bash
# SWI-Prolog 9.0.4 (Debian packages swi-prolog-core and swi-prolog-core-packages 9.0.4+dfsg-2), its
# library(http/websocket)
#
# Behaviour: http_open_websocket/3 says HTTP/1.0 in its request, and the same Sec-WebSocket-Key in each one: the
#   letters in it are ___SWI-Prolog___. Once library(http/http_stream) is loaded, for whatever reason, the very same
#   call says HTTP/1.1; the key stays.
# Surprise: the request must be of HTTP/1.1 at least, and the key a nonce, chosen anew at random for each connection
#   (RFC 6455 section 4.1). HTTP/1.0 knows no Upgrade (RFC 7230 section 6.7: a server must ignore it there), so
#   strict servers refuse the client, until some other part of the program happens to load a module.
#
# Seen:
#   first request: HTTP/1.0, key ___SWI-Prolog___
#   second request: HTTP/1.0, key ___SWI-Prolog___
#   with library(http/http_stream) loaded: HTTP/1.1, key ___SWI-Prolog___

set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"

apt-get -qq -o APT::Sandbox::User="$(id -un)" download swi-prolog-core=9.0.4+dfsg-2 \
    swi-prolog-core-packages=9.0.4+dfsg-2 libgmp10=2:6.2.1+dfsg1-1.1 libtcmalloc-minimal4=2.10-1 \
    libossp-uuid16=1.6.2-1.5+b11
for package in *.deb; do dpkg-deb -x "$package" unpacked; done

cat > client.pl <<'PROLOG'
:- use_module(library(http/websocket)).

% The server refuses each request, which is no matter here.
open(Url) :- catch(http_open_websocket(Url, _, []), _, true).
:- initialization((current_prolog_flag(argv, [Url | _]), open(Url), open(Url),
                   use_module(library(http/http_stream)), open(Url), halt), main).
PROLOG

cat > server.py <<'PYTHON'
import base64
import glob
import os
import re
import socket
import subprocess
import sys

listener = socket.create_server(("127.0.0.1", 0))
listener.settimeout(20)
home = os.path.abspath("unpacked/usr/lib/swi-prolog")
libraries = os.path.abspath(glob.glob("unpacked/usr/lib/*-linux-*")[0])
program = glob.glob(home + "/bin/*/swipl")[0]
client = subprocess.Popen([program, "--home=" + home, "client.pl", "ws://127.0.0.1:%d/" % listener.getsockname()[1]],
                          env=dict(os.environ, LD_LIBRARY_PATH=libraries), stdin=subprocess.DEVNULL)
facts = []
for label in "first request", "second request", "with library(http/http_stream) loaded":
    peer, _ = listener.accept()
    peer.settimeout(10)
    request = b""
    while b"\r\n\r\n" not in request:
        request += peer.recv(4096)
    peer.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    peer.close()
    key = re.search(rb"(?i)sec-websocket-key: *(\S+)", request)[1]
    version = re.match(rb"GET / (HTTP/\S+)\r\n", request)[1].decode()
    facts.append("%s: %s, key %s" % (label, version, base64.b64decode(key).decode("latin-1")))
    print(facts[-1])
client.wait(10)
if facts != ["first request: HTTP/1.0, key ___SWI-Prolog___",
             "second request: HTTP/1.0, key ___SWI-Prolog___",
             "with library(http/http_stream) loaded: HTTP/1.1, key ___SWI-Prolog___"]:
    sys.exit("the behaviour has changed")
PYTHON
timeout 50 python3 server.py
