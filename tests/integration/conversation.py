"""A conversation with an echo, every frame of it looked at."""

import asyncio
import contextlib

from watched_server import PATIENCE, cryo_peer

DATA = (cryo_peer.UTF8DATA, cryo_peer.BINARYDATA)


class Counted(cryo_peer.Peer):
    """A peer that holds the server to its numbers: what the server originates is numbered 0, 1, 2, … without a gap."""

    def __init__(self, peer):
        super().__init__(peer.websocket, peer.sid)
        self.expected = 0  # the number of the next frame that the server originates
        self.pings = 0
        self.pongs = []

    async def _react(self, frame):
        ping = frame.type == cryo_peer.PING_PONG and frame.payload == b"ping"
        if frame.type in DATA or ping:
            assert frame.number == self.expected, (frame.number, self.expected)
            self.expected += 1
        if ping:
            self.pings += 1
        elif frame.type == cryo_peer.PING_PONG:
            assert frame.payload == b"pong", frame
            self.pongs.append(frame.number)
        elif frame.type == cryo_peer.ACK:
            assert frame.payload == b"", frame
        else:
            assert frame.type in DATA, frame
        await super()._react(frame)


async def send_whole(peer, type, payload):
    await peer._send_data(type, payload)


def in_pieces(sizes, ping_between=False):
    """Sends each frame in fragments of these sizes, and one more with the rest."""

    async def send(peer, type, payload):
        number = peer._take_number()
        whole = cryo_peer.HEAD.pack(peer.sid.bytes, number, type) + payload

        async def pieces():
            at = 0
            for size in sizes:
                yield whole[at : at + size]
                at += size
                if ping_between:
                    await asyncio.wait_for(await peer.websocket.ping(), PATIENCE)
            yield whole[at:]

        await peer.send_raw(pieces())

    return send


async def converse(peer, payloads, window=256, send=send_whole):
    """Sends them all, with so many unanswered at most. Each must come back as it was, in order, after its ACK."""
    room = asyncio.Semaphore(window)
    first = peer.next_number
    known = len(peer.acks)

    async def speak():
        for payload in payloads:
            await room.acquire()
            if isinstance(payload, str):
                await send(peer, cryo_peer.UTF8DATA, payload.encode())
            else:
                await send(peer, cryo_peer.BINARYDATA, payload)

    speaking = asyncio.create_task(speak())
    try:
        for position, payload in enumerate(payloads):
            frame = await peer.expect(*DATA)
            came = frame.payload.decode() if frame.type == cryo_peer.UTF8DATA else frame.payload
            if came != payload:
                raise AssertionError(f"message {position}: {came[:80]!r} instead of {payload[:80]!r}")
            if len(peer.acks) - known <= position:
                raise AssertionError(f"the echo of message {position} came before its ACK")
            room.release()
        await speaking
    finally:
        speaking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await speaking
    acks = peer.acks[known:]
    assert acks == list(range(first, first + len(payloads))), (first, acks[:20])
