"""What becomes of a conversation when the network, or the machine at one of its ends, fails: nothing is lost, nothing comes twice,
nothing changes its order. `python3 test_networks.py --table` prints what docs/reliability.md has of it."""

import asyncio
import contextlib
import json
import signal
import sys
import time
import unittest

import networks
from connect_program import Connect
from serve_program import Serve, cryo_peer

KEEP_ALIVE = 0.3
FAR_KEEP_ALIVE = 1.5  # of the way that takes 0.3 s there and back
BEFORE, BEHIND = 40, 40  # messages in each direction that are heard before, and at least behind what happens
FAR = 15  # the same, as a client's program has one message at a time under way
PATIENCE = 2 * cryo_peer.PATIENCE

rows = []


class Heard:
    """Reads a program's events as they come, with the time of each."""

    def __init__(self, program):
        self.program = program
        self.events = []  # (time, event)
        self.settled = 0  # lines that have been acknowledged, or will not be
        self.changed = asyncio.Condition()
        self.task = asyncio.create_task(self._read())

    async def _read(self):
        while line := await self.program.process.stdout.readline():
            event = json.loads(line)
            if event["event"].startswith("stat-"):
                continue
            async with self.changed:
                self.events.append((time.monotonic(), event))
                self.settled += event["event"] in ("acknowledged", "unacknowledged")
                self.changed.notify_all()

    async def end(self):
        if self.program.process.returncode is None:
            self.program.process.kill()
        await self.task

    async def until(self, found):
        """What `found(events)` gives, once that is not None."""
        async with self.changed:
            await asyncio.wait_for(self.changed.wait_for(lambda: found(self.events) is not None), PATIENCE)
            return found(self.events)

    async def first(self, name, since=0.0, **fields):
        """When such an event came first, since then."""
        return await self.until(lambda events: self._first(events, name, since, fields))

    @staticmethod
    def _first(events, name, since, fields):
        for when, event in events:
            if when >= since and event["event"] == name and all(event.get(key) == fields[key] for key in fields):
                return when
        return None

    def texts(self, session=None, beginning=""):
        return [
            event["data"]
            for _, event in self.events
            if event["event"] == "message-utf8" and event["session"] == (session or event["session"])
            and event["data"].startswith(beginning)
        ]  # fmt: skip








class Talk:
    """Says "NAME 0", "NAME 1" and so on until it is told to stop. The program sends a line when the one before is acknowledged; a few
    more wait for that."""

    def __init__(self, heard, name):
        self.heard, self.name = heard, name
        self.said = 0
        self.task = asyncio.create_task(self._talk())

    async def _talk(self):
        with contextlib.suppress(asyncio.CancelledError):
            while True:
                await self.heard.program.write(f"{self.name} {self.said}\n")
                self.said += 1
                await asyncio.sleep(0.005)
                async with self.heard.changed:
                    await self.heard.changed.wait_for(lambda: self.said - self.heard.settled < 5)

    async def stop(self):
        self.task.cancel()
        await self.task


class Conversation:
    """A client in its network, one beside the server, and the server, which tells each what the other one says."""

    def __init__(self, network, server=networks.SERVER, keep_alive=KEEP_ALIVE, before=BEFORE):
        self.network, self.address, self.before = network, server, before
        self.keep_alive = ("--keepalive-ms", str(int(keep_alive * 1000)))

    async def __aenter__(self):
        self.stack = contextlib.AsyncExitStack()
        try:
            await self._begin()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_):
        for heard in (getattr(self, name, None) for name in ("remote", "local", "server")):
            if heard is not None:
                await heard.end()
        await self.stack.aclose()

    async def _begin(self):
        serve = Serve(
            "--mode", "broadcast", "--host", "0.0.0.0", "--resume-window-ms", "60000", "--max-queue-count", "1000000",
            *self.keep_alive,
        )  # fmt: skip
        serve.within = self.network.within(self.network.server)
        self.serve = await self.stack.enter_async_context(serve)
        self.remote_client = await self._connect(self.address, self.network.client, "--connect-timeout-ms", "2000")
        self.session = self.remote_client.connected["session"]
        self.remote, self.server = Heard(self.remote_client), Heard(self.serve)
        self.local = Heard(await self._connect("127.0.0.1", self.network.server))
        self.up = Talk(self.remote, "up")  # what each says
        await self.server.until(lambda _: self.heard_up() or None)  # from now on it hears what is broadcast
        self.down = Talk(self.local, "down")
        await self.flow_on(self.before)

    async def _connect(self, host, namespace, *arguments):
        client = Connect(
            f"ws://{host}:{self.serve.port}", "--stay", "--resend", *self.keep_alive, *arguments
        )  # fmt: skip
        client.within = self.network.within(namespace)
        return await self.stack.enter_async_context(client)

    def heard_up(self):
        return self.server.texts(self.session)

    def heard_down(self):
        return self.remote.texts(beginning="down ")

    async def flow_on(self, count):
        """Until so many more have arrived in both directions. When the first of them was there in both."""
        up, down = len(self.heard_up()), len(self.heard_down())
        await self.server.until(lambda _: len(self.heard_up()) > up or None)
        await self.remote.until(lambda _: len(self.heard_down()) > down or None)
        flows = time.monotonic()
        await self.server.until(lambda _: len(self.heard_up()) >= up + count or None)
        await self.remote.until(lambda _: len(self.heard_down()) >= down + count or None)
        return flows

    async def end(self):
        """All that was said is heard."""
        for talk in (self.up, self.down):
            await talk.stop()
        with contextlib.suppress(asyncio.TimeoutError):
            await self.server.until(lambda _: len(self.heard_up()) >= self.up.said or None)
            await self.remote.until(lambda _: len(self.heard_down()) >= self.down.said or None)

    def faults(self):
        """Lost, twice, out of their order."""
        lost = twice = disordered = 0
        for said, heard in (
            ([f"up {n}" for n in range(self.up.said)], self.heard_up()),
            ([f"down {n}" for n in range(self.down.said)], self.heard_down()),
        ):
            lost += len(set(said) - set(heard))
            twice += len(heard) - len(set(heard))
            numbers = [int(text.split()[1]) for text in heard]
            disordered += sum(later < earlier for earlier, later in zip(numbers, numbers[1:]))
        return lost, twice, disordered


def told(seconds):
    return "–" if seconds is None else f"{max(seconds, 0.0):.1f} s"


class Networks(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        try:
            self.network = networks.Network().__enter__()
        except networks.Impossible as why:
            print(f"skipped: {why}", file=sys.stderr)
            self.skipTest(str(why))
        self.addCleanup(self.network.__exit__)

    def skip(self, why):
        print(f"{self.id()} skipped: {why}", file=sys.stderr)
        self.skipTest(why)

    async def converse_over(self, what, happens, ends=None, **options):
        """`happens(conversation)`; when both know, `ends(conversation)`, and messages flow again."""
        async with Conversation(self.network, **options) as talk:
            begin = time.monotonic()
            await happens(talk)
            client_knows = server_knows = None
            if ends is None:  # nothing more is needed to come back
                cured = begin
                client_knows = await talk.remote.first("disconnected", begin)
                server_knows = await talk.server.first("disconnected", begin, session=talk.session)
            else:
                first = asyncio.create_task(talk.remote.first("disconnected", begin))
                second = asyncio.create_task(talk.server.first("disconnected", begin, session=talk.session))
                await ends(talk, first, second)
                cured = time.monotonic()
                client_knows, server_knows = await first, await second
            await talk.server.first("reconnected", begin, session=talk.session)
            flows = await talk.flow_on(BEHIND)
            await talk.end()
            faults = talk.faults()
        self.assertEqual(faults, (0, 0, 0), "lost, twice, out of order")
        rows.append((what, told(client_knows - begin), told(server_knows - begin), told(flows - cured), *faults))

    # --- the network ------------------------------------------------------------------------------------------------------------------

    async def test_hand_over(self):
        async def happens(_):
            self.network.hand_over()

        await self.converse_over("another network; the old one is silent", happens)

    async def test_hand_over_that_the_system_tells(self):
        async def happens(_):
            self.network.hand_over()
            if not self.network.end_sockets_of_a():
                self.skip("this system cannot end sockets (`ss --kill`)")

        await self.converse_over("another network; the system ends the old socket", happens)

    async def test_another_address(self):
        async def happens(_):
            self.network.change_address()

        await self.converse_over("another address in the same network", happens)

    async def black_hole(self, what, *addresses):
        async def happens(_):
            self.network.swallow(*addresses)

        async def ends(_, *both):
            await asyncio.gather(*both)
            self.network.let_pass(*addresses)

        await self.converse_over(what, happens, ends)

    async def test_black_hole_to_the_server(self):
        await self.black_hole("black hole towards the server", networks.SERVER)

    async def test_black_hole_to_the_client(self):
        await self.black_hole("black hole towards the client", networks.CLIENT_BY_A)

    async def test_black_hole_in_both_directions(self):
        await self.black_hole("black hole in both directions", networks.SERVER, networks.CLIENT_BY_A)

    async def test_far_away(self):
        try:
            self.network.make_far(0.3, 0.01)
        except networks.Impossible as why:
            self.skip(str(why))
        options = {"server": networks.FAR_SERVER, "keep_alive": FAR_KEEP_ALIVE, "before": FAR}
        async with Conversation(self.network, **options) as talk:
            begin = time.monotonic()
            await talk.flow_on(FAR)
            await talk.end()
            faults = talk.faults()
            losses = [event for when, event in talk.remote.events if when > begin and event["event"] == "disconnected"]
        self.assertEqual(faults, (0, 0, 0), "lost, twice, out of order")
        known = "–" if not losses else f"{len(losses)} losses"
        rows.append(("300 ms there and back, 1 % of the packets lost", known, known, "–", *faults))

    # --- the machines -----------------------------------------------------------------------------------------------------------------

    async def sleep(self, what, program_of):
        async def happens(talk):
            program_of(talk).process.send_signal(signal.SIGSTOP)

        async def ends(talk, *both):
            await asyncio.sleep(5 * KEEP_ALIVE)
            program_of(talk).process.send_signal(signal.SIGCONT)

        await self.converse_over(what, happens, ends)

    async def test_a_client_that_sleeps(self):
        await self.sleep("the client sleeps for 5 intervals", lambda talk: talk.remote_client)

    async def test_a_server_that_sleeps(self):
        await self.sleep("the server sleeps for 5 intervals", lambda talk: talk.serve)


def print_table():
    print("| what happens | the client knows | the server knows | messages flow again | lost | twice | out of order |")
    print("|---|---|---|---|---|---|---|")
    for row in rows:
        print("| " + " | ".join(map(str, row)) + " |")


if __name__ == "__main__":
    wants_table = "--table" in sys.argv
    if wants_table:
        sys.argv.remove("--table")
    program = unittest.main(exit=False)
    if wants_table:
        print_table()
    sys.exit(not program.result.wasSuccessful())
