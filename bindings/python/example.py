"""A chat room: what one client says, the others hear. asyncio, with functions for events.

    python3 example.py --token SECRET [--port 8080] [--tls-cert cert.pem --tls-key key.pem]

Clients connect to ws://127.0.0.1:8080/?authorization=Bearer%20SECRET&x-cryo-sid=UUID&name=Alice
"""

import argparse
import asyncio
import hmac
import signal

import cryo.aio


def arguments():
    parser = argparse.ArgumentParser(description="A chat room over Cryo.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--token", required=True, help="the token that lets in")
    parser.add_argument("--tls-cert", help="certificate chain (PEM)")
    parser.add_argument("--tls-key", help="its private key (PEM)")
    return parser.parse_args()


async def main(given):
    server = cryo.aio.Server(
        host=given.host, port=given.port, tls_cert=given.tls_cert, tls_key=given.tls_key, keepalive_ms=15000
    )

    @server.validate
    async def may_come_in(token):  # may as well ask a database
        return hmac.compare_digest(token.encode(), given.token.encode())

    @server.on_listening
    def listening(host, port):
        print(f"listening on {host}:{port}", flush=True)

    @server.on_session
    async def greet(session):
        session["name"] = session.parameters.get("name", "somebody")
        session.send(f"Welcome, {session['name']}!")
        server.broadcast(f"{session['name']} came", exclude=session)

    @server.on_message
    async def pass_on(session, message):
        if isinstance(message, str):
            server.broadcast(f"{session['name']}: {message}", exclude=session)
        else:
            server.broadcast(message, exclude=session)

    @server.on_closed
    async def goodbye(session, code, reason):
        server.broadcast(f"{session['name']} left")
        print(f"{session['name']} left: {code} {reason}", flush=True)

    @server.on_stat
    def measured(session, stat, value):
        if stat is cryo.Stat.RTT:
            print(f"{session['name']}: {value:.2f} ms", flush=True)

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, server.stop)
    await server.serve()


if __name__ == "__main__":
    asyncio.run(main(arguments()))
