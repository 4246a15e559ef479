"""Tokens that expire: a client of each kind lives over several of them."""

import asyncio
import gc
import threading

import cryo
import cryo.aio

from .peer import PATIENCE
from .test_client import ClientTest


class TokenTest(ClientTest):
    def setUp(self):
        super().setUp()
        self.valid = "token-0"
        self.came = []

    def turnstile(self):
        """Lets one token in at a time."""
        return self.serve(validate=self.judge)

    def judge(self, token):
        self.came.append(token)
        return token == self.valid

    async def arrival(self):
        (session,) = await self.events.next_of("session")
        return session

    def asking(self, server, provider, kind=cryo.Client, **options):
        return self.client(server, kind, token="", token_provider=provider, **options)


class Replaced(TokenTest):
    async def test_at_any_time(self):
        client = self.client(self.turnstile(), token="before")
        for bad, error in (("", cryo.InvalidError), ("a\0b", ValueError)):
            with self.assertRaises(error):
                client.set_token(bad)
        client.set_token("token-0")
        client.start()
        for number in range(1, 4):
            session = await self.arrival()
            self.assertEqual(session.token, self.valid)
            self.valid = f"token-{number}"
            client.set_token(self.valid)
            session.close(1012)
        await self.arrival()
        with self.assertRaises(cryo.InvalidError):
            client.set_token("")
        await self.in_thread(client.close)
        with self.assertRaises(cryo.Closed):
            client.set_token("late")
        self.assertEqual(self.came, [f"token-{number}" for number in range(4)])

    async def test_not_with_a_provider(self):
        client = self.asking(self.turnstile(), lambda: self.valid)
        with self.assertRaises(cryo.StateError):
            client.set_token("no")
        client.start()
        with self.assertRaises(cryo.StateError):
            client.set_token("no")


class Provided(TokenTest):
    async def test_before_each_attempt(self):
        client = self.asking(self.turnstile(), lambda: self.valid).start()
        for number in range(1, 4):
            session = await self.arrival()
            self.valid = f"token-{number}"
            session.close(1012)
        await self.arrival()
        self.assertEqual(self.came, [f"token-{number}" for number in range(4)])
        self.assertTrue(client.session.is_open)

    async def test_what_is_no_token_is_a_failed_attempt(self):
        async def by_mistake():
            return "token-0"

        def nothing_yet():
            raise LookupError("the vault is locked")

        answers = [nothing_yet, lambda: None, lambda: 7, lambda: "", lambda: "a\0b", by_mistake]
        says = ["LookupError: the vault is locked", "NoneType", "int", "empty", "NUL", "cryo.aio"]
        left = iter(answers)
        client = self.asking(self.turnstile(), lambda: next(left, lambda: "token-0")())
        told = self.hook(client)
        client.start()
        for word in says:
            _, failure = await told.next_of("attempt failed")
            self.assertEqual((failure.status, failure.http_status), (cryo.Status.ERR_TOKEN, 0))
            self.assertIn(word, failure.text)
            self.assertIsNotNone(failure.retry_seconds)
        await self.arrival()
        self.assertEqual(self.came, ["token-0"])
        self.assertEqual(len(self.log.exceptions()), len(says))
        self.log.records.clear()

    async def test_it_must_be_a_function(self):
        with self.assertRaises(TypeError):
            cryo.Client("ws://localhost", token_provider="token")
        with self.assertRaises(cryo.InvalidError):
            cryo.Client("ws://localhost").start()

    async def test_a_peer(self):
        here = self.serve()
        server = self.turnstile()  # the events are its
        here.connect_peer(f"ws://127.0.0.1:{server.port}/", token_provider=lambda: self.valid, reconnect_initial_ms=1)
        await self.arrival()
        self.assertEqual(self.came, ["token-0"])


class Pulled(TokenTest):
    async def test_out_of_the_queue(self):
        client = self.client(self.turnstile(), cryo.QueueClient, token="", token_from_queue=True).start()

        def next_of(kind):
            while True:
                event = client.next_event(PATIENCE)
                self.assertIsNotNone(event)
                if isinstance(event, kind):
                    return event

        event = await self.in_thread(next_of, cryo.TokenEvent)
        self.assertEqual(event.session, client.session)
        with self.assertRaises(cryo.InvalidError):
            event.request.give("")
        self.assertTrue(event.request.fail("not yet"))
        self.assertFalse(event.request.give("token-0"))
        event = await self.in_thread(next_of, cryo.AttemptFailedEvent)
        self.assertIn("not yet", event.failure.text)
        event = await self.in_thread(next_of, cryo.TokenEvent)
        del event
        gc.collect()  # a ticket that nobody holds
        event = await self.in_thread(next_of, cryo.AttemptFailedEvent)
        self.assertEqual(event.failure.status, cryo.Status.ERR_TOKEN)
        event = await self.in_thread(next_of, cryo.TokenEvent)
        helper = threading.Thread(target=event.request.give, args=("token-0",))
        helper.start()
        await self.in_thread(helper.join)
        await self.in_thread(next_of, cryo.SessionEvent)
        self.assertEqual(self.came, ["token-0"])


class InALoop(TokenTest):
    async def drive(self, provider, **options):
        server = self.turnstile()
        async with cryo.aio.Client(
            f"ws://127.0.0.1:{server.port}/", token_provider=provider, reconnect_initial_ms=1, **options
        ) as client:
            events = client.events()
            failures = []
            reconnects = 0
            async for event in events:
                if isinstance(event, cryo.AttemptFailedEvent):
                    failures.append(event.failure)
                elif isinstance(event, (cryo.SessionEvent, cryo.ReconnectedEvent)):
                    reconnects += 1
                    session = await self.arrival()
                    if reconnects == 3:
                        return failures
                    self.valid = f"token-{reconnects}"
                    session.close(1012)
        return failures

    async def test_plain(self):
        thread = threading.get_ident()

        def provider():
            self.assertEqual(threading.get_ident(), thread)
            return self.valid

        self.assertEqual(await self.drive(provider), [])
        self.assertEqual(self.came, ["token-0", "token-1", "token-2"])

    async def test_async(self):
        async def provider():
            await asyncio.sleep(0)
            return self.valid

        self.assertEqual(await self.drive(provider), [])
        self.assertEqual(self.came, ["token-0", "token-1", "token-2"])

    async def test_async_with_failures(self):
        times = 0

        async def provider():
            nonlocal times
            times += 1
            if times == 1:
                raise OSError("no network")
            if times == 2:
                await asyncio.Event().wait()
            return self.valid

        failures = await self.drive(provider, connect_timeout_ms=300)
        self.assertIn("no network", failures[0].text)
        self.assertIn(failures[1].status, (cryo.Status.ERR_TIMEOUT, cryo.Status.ERR_TOKEN))
        self.assertEqual(self.came, ["token-0", "token-1", "token-2"])
        self.log.records.clear()

    async def test_closed_while_it_thinks(self):
        asked = asyncio.Event()
        cancelled = asyncio.Event()

        async def provider():
            asked.set()
            try:
                await asyncio.Event().wait()
            finally:
                cancelled.set()

        async with cryo.aio.Client("ws://127.0.0.1:9/", token_provider=provider) as client:
            await asyncio.wait_for(asked.wait(), PATIENCE)
            await asyncio.wait_for(client.close(), PATIENCE)
        await asyncio.wait_for(cancelled.wait(), PATIENCE)
