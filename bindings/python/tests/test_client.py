"""Clients of all kinds against a cryo.Server in the same process."""

import threading
import unittest
import uuid

import cryo
import cryo.aio

from .peer import PATIENCE
from .support import TOKEN, Events, ServerTest


def echo(session, message):
    session.send(message)


class ClientTest(ServerTest):
    def echo_server(self, **options):
        server = self.serve(**options)
        server.on_message(lambda session, message: (self.events.put("message", session, message), echo(session, message)))
        return server

    def client(self, server, kind=cryo.Client, **options):
        """A client that is closed at the end, and that tries again at once."""
        port = server if isinstance(server, int) else server.port
        options = {"reconnect_initial_ms": 1, "reconnect_max_ms": 20, **options}
        client = kind(f"ws://127.0.0.1:{port}/", options.pop("token", TOKEN), **options)
        self.addAsyncCleanup(self.in_thread, client.close)
        return client

    @staticmethod
    def hook(client):
        """Collects all the events of a cryo.Client."""
        told = Events()
        client.on_connected(lambda session: told.put("connected", session))
        client.on_message(lambda session, message: told.put("message", session, message))
        client.on_closed(lambda session, code, reason: told.put("closed", session, code, reason))
        client.on_stat(lambda session, stat, value: told.put("stat", session, stat, value))
        client.on_disconnected(lambda session, code, reason: told.put("disconnected", session, code, reason))
        client.on_reconnected(lambda session: told.put("reconnected", session))
        client.on_attempt_failed(lambda session, failure: told.put("attempt failed", session, failure))
        client.on_lost(lambda session, message: told.put("lost", session, message))
        return told


class CallbacksTest(ClientTest):
    async def test_a_conversation(self):
        sid = uuid.uuid4()
        server = self.echo_server()
        client = self.client(server, session_id=sid, parameters={"room": "tea & biscuits"}, keepalive_ms=100)
        told = self.hook(client)
        with self.assertRaises(cryo.StateError):
            client.session
        client.start()
        with self.assertRaises(cryo.StateError):
            client.start()
        self.assertEqual(await told.next_of("connected"), (client.session,))
        (theirs,) = await self.events.next_of("session")
        self.assertEqual((client.session.id, theirs.id), (sid, sid))
        self.assertEqual(theirs.parameters["room"], "tea & biscuits")
        for message in ("text \u2603", b"\0bytes", "", b""):
            client.session.send(message)
            self.assertEqual(await told.next_of("message"), (client.session, message))
        await told.next_of("stat")
        self.assertFalse(client.wait(0))
        await self.in_thread(client.close, 4321, "done")
        self.assertEqual(await told.next_of("closed"), (client.session, 4321, "done"))
        self.assertEqual((await self.events.next_of("closed"))[1:], (4321, "done"))
        with self.assertRaises(cryo.Closed):
            client.session.send("too late")
        self.assertTrue(client.wait())
        client.close()

    async def test_a_refusal(self):
        server = self.echo_server()
        client = self.client(server, token="wrong")
        told = self.hook(client)
        client.start()
        _, failure = await told.next_of("attempt failed")
        self.assertEqual((failure.status, failure.http_status), (cryo.Status.ERR_HTTP, 401))
        self.assertIsNone(failure.retry_seconds)
        self.assertIn("401", failure.text)
        await told.next_of("closed")
        self.assertTrue(await self.in_thread(client.wait, PATIENCE))

    async def test_it_comes_back(self):
        server = self.echo_server()
        port = server.port
        client = self.client(server)
        told = self.hook(client)
        client.start()
        await told.next_of("connected")
        await self.in_thread(server.close)
        self.assertEqual(await told.next_of("disconnected"), (client.session, 4000, "Server shutdown."))
        _, failure = await told.next_of("attempt failed")
        self.assertEqual(failure.status, cryo.Status.ERR_CONNECT)
        self.assertGreaterEqual(failure.retry_seconds, 0)
        with self.assertRaises(cryo.StateError):
            client.session.send("to nobody")
        self.echo_server(port=port)
        await told.next_of("reconnected")
        client.session.send("back")
        self.assertEqual(await told.next_of("message"), (client.session, "back"))

    async def test_cale(self):
        client = self.client(self.echo_server(cale=True), cale=True)
        told = self.hook(client)
        client.start()
        await told.next_of("connected")
        self.assertTrue(client.session.is_secure)
        client.session.send("sealed")
        self.assertEqual(await told.next_of("message"), (client.session, "sealed"))

    async def test_exceptions_go_to_the_log(self):
        def fail(session, *_):
            raise ZeroDivisionError(session.id)

        client = self.client(self.echo_server(), on_connected=fail, on_message=fail, on_closed=fail)
        client.start()
        await self.until(lambda: len(self.log.exceptions()) == 1)
        client.session.send("x")
        await self.until(lambda: len(self.log.exceptions()) == 2)
        await self.in_thread(client.close)
        self.assertEqual(len(self.log.exceptions()), 3)

    async def test_closing_inside_a_callback(self):
        client = self.client(
            self.echo_server(),
            on_connected=lambda session: session.send("let us hear each other"),
            on_message=lambda session, message: client.close(4100, "enough"),
        )
        client.start()
        self.assertEqual((await self.events.next_of("closed"))[1:], (4100, "enough"))

    def test_mistakes_are_told_at_once(self):
        url = "ws://127.0.0.1:1/"
        for arguments, options in (
            (("nonsense", "t"), {}),
            ((url, ""), {}),
            ((url, "t"), {"keepalive_ms": 9}),
            ((url, "t"), {"reconnect_attempts": 2**32}),
            ((url, "t"), {"session_id": "no uuid"}),
            ((url, "t"), {"tls_cert": "only.pem"}),
        ):
            with self.subTest(arguments=arguments, options=options), self.assertRaises(ValueError):
                cryo.Client(*arguments, **options)
        with self.assertRaisesRegex(TypeError, "no client option 'prot'"):
            cryo.Client(url, "t", prot=80)
        with self.assertRaises(cryo.TlsError):
            cryo.Client("wss://127.0.0.1:1/", "t", tls_ca="/nonexistent.pem").start()

    def test_every_number_is_taken(self):
        for name, kind in cryo.ClientOptions.__annotations__.items():
            if kind == "int" or getattr(kind, "__forward_arg__", "") == "int":
                cryo.Client("ws://a/", "t", **{name: 20_000})


class LoopTest(ClientTest):
    async def test_everything_happens_in_run_once(self):
        server = self.echo_server()
        threads, heard = set(), []

        def hear(session, message):
            threads.add(threading.current_thread())
            heard.append(message)
            session.close()

        def run():
            loop = cryo.Loop()
            over = []
            clients = [
                cryo.Client(
                    f"ws://127.0.0.1:{server.port}/", TOKEN, loop=loop, on_message=hear,
                    on_connected=lambda session: session.send("hello"),
                    on_closed=lambda *_: over.append(1),
                )  # fmt: skip
                for _ in range(2)
            ]
            for client in clients:
                client.start()
            while len(over) < 2:
                loop.run_once(PATIENCE)
            self.assertGreater(loop.fileno(), 0)
            for client in clients:
                client.close()
            return threading.current_thread()

        thread = await self.in_thread(run)
        self.assertEqual((threads, heard), ({thread}, ["hello"] * 2))

    async def test_what_stops_a_program_leaves_run_once(self):
        server = self.echo_server()

        def run():
            loop = cryo.Loop()

            def interrupt(_session):
                raise KeyboardInterrupt

            client = cryo.Client(f"ws://127.0.0.1:{server.port}/", TOKEN, loop=loop, on_connected=interrupt)
            client.start()
            try:
                while True:
                    loop.run_once(PATIENCE)
            except KeyboardInterrupt:
                client.close()
                return "interrupted"

        self.assertEqual(await self.in_thread(run), "interrupted")


class QueueTest(ClientTest):
    async def test_pulled(self):
        server = self.echo_server()
        port = server.port
        client = self.client(server, cryo.QueueClient, keepalive_ms=60_000).start()

        async def next_of(kind):
            while True:
                event = await self.in_thread(client.next_event, PATIENCE)
                self.assertIsNotNone(event)
                if isinstance(event, kind):
                    return event

        self.assertEqual((await next_of(cryo.SessionEvent)).session, client.session)
        client.session.send(b"bytes")
        self.assertEqual(await next_of(cryo.MessageEvent), cryo.MessageEvent(client.session, b"bytes"))
        await self.in_thread(server.close)
        lost = await next_of(cryo.DisconnectedEvent)
        self.assertEqual(lost, cryo.DisconnectedEvent(client.session, 4000, "Server shutdown."))
        failed = await next_of(cryo.AttemptFailedEvent)
        self.assertEqual(failed.failure.status, cryo.Status.ERR_CONNECT)
        self.echo_server(port=port)
        self.assertEqual(await next_of(cryo.ReconnectedEvent), cryo.ReconnectedEvent(client.session))
        client.stop(4321, "done")
        rest = await self.in_thread(lambda: list(client.events()))
        self.assertEqual(rest[-1], cryo.ClosedEvent(client.session, 4321, "done"))


class AioTest(ClientTest):
    async def test_events_are_iterated_over(self):
        server = self.echo_server()
        heard = []
        async with cryo.aio.Client(f"ws://127.0.0.1:{server.port}/", TOKEN) as client:
            async for event in client.events():
                if isinstance(event, cryo.SessionEvent):
                    client.send("hello")
                elif isinstance(event, cryo.MessageEvent):
                    heard.append(event.message)
                    client.stop(4321, "done")
                elif isinstance(event, cryo.ClosedEvent):
                    heard.append((event.code, event.reason))
        self.assertEqual(heard, ["hello", (4321, "done")])
        await client.close()
        await client.wait()

    async def test_leaving_closes(self):
        server = self.echo_server()
        async with cryo.aio.Client(f"ws://127.0.0.1:{server.port}/", TOKEN) as client:
            async for event in client.events():
                if isinstance(event, cryo.SessionEvent):
                    client.send("hello")  # once this is heard, the server has told of the session
                elif isinstance(event, cryo.MessageEvent):
                    break
        self.assertEqual((await self.events.next_of("closed"))[1:], (4000, ""))

    async def test_a_refusal_ends_the_iteration(self):
        server = self.echo_server()
        async with cryo.aio.Client(f"ws://127.0.0.1:{server.port}/", "wrong") as client:
            kinds = [type(event) async for event in client.events()]
        self.assertEqual(kinds, [cryo.AttemptFailedEvent, cryo.ClosedEvent])

    async def test_before_the_start(self):
        client = cryo.aio.Client("ws://127.0.0.1:1/", TOKEN)
        with self.assertRaises(cryo.StateError):
            await client.wait()
        with self.assertRaises(cryo.StateError):
            client.send("x")
        await client.close()


if __name__ == "__main__":
    unittest.main()
