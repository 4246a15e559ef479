"""A user's program in Python, by ctypes alone: starts a server, lets one client in and another one not, and stops.

    server.py LIBRARY VERSION
"""

import ctypes
import socket
import sys
import threading

VALIDATE = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.POINTER(ctypes.c_char), ctypes.c_size_t, ctypes.c_void_p)
SESSION = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)

library_path, version = sys.argv[1:]
library = ctypes.CDLL(library_path)
library.cryo_version_string.restype = ctypes.c_char_p
library.cryo_last_error.restype = ctypes.c_char_p
library.cryo_server_port.restype = ctypes.c_uint16
let_in = threading.Event()


def must(status):
    if status != 0:
        sys.exit(f"status {status}: {library.cryo_last_error().decode()}")


def new(function, *arguments):
    handle = ctypes.c_void_p()
    must(function(*arguments, ctypes.byref(handle)))
    return handle


@VALIDATE
def validate(auth, token, length, _user):
    if token[:length] == b"Friend":
        library.cryo_auth_accept(ctypes.c_void_p(auth))
    else:
        library.cryo_auth_reject(ctypes.c_void_p(auth), b"Never seen you.")


@SESSION
def on_session(_session, _user):
    let_in.set()


def knock(port, token, session_id):
    connection = socket.create_connection(("127.0.0.1", port), timeout=10)
    connection.sendall(
        f"GET /?authorization=Bearer%20{token}&x-cryo-sid={session_id} HTTP/1.1\r\n"
        "Host: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
    )
    return connection, connection.recv(1024).split(b"\r\n")[0]


assert library.cryo_version_string().decode() == version, library.cryo_version_string()
events = new(library.cryo_events_new, None, None)
must(library.cryo_events_on_session(events, on_session))
options = new(library.cryo_server_options_new)
must(library.cryo_server_options_set_port(options, ctypes.c_uint16(0)))
must(library.cryo_server_options_set_validator(options, validate, None, None))
must(library.cryo_server_options_set_events(options, events))
server = new(library.cryo_server_new, options)
library.cryo_server_options_free(options)
library.cryo_events_free(events)
must(library.cryo_server_start(server))
port = library.cryo_server_port(server)

friend, answer = knock(port, "Friend", "11111111-2222-4333-8444-555555555555")
assert answer.startswith(b"HTTP/1.1 101"), answer
stranger, answer = knock(port, "Stranger", "21111111-2222-4333-8444-555555555555")
assert answer.startswith(b"HTTP/1.1 401"), answer
assert let_in.wait(10), "no session was announced"
friend.close()
stranger.close()

must(library.cryo_server_stop(server))
must(library.cryo_server_wait(server, 10000))
library.cryo_server_free(server)
print(f"libcryo {version} served a program in Python")
