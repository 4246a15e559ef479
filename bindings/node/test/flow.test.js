// How messages flow, and how a server ends.

import assert from "node:assert/strict";
import test from "node:test";
import { client, meet, next, serve, until } from "./support.js";

test("stops, and drains", async (t) => {
    const server = await serve(t);
    const one = await meet(t, server);
    const over = next(one.client, "disconnected");
    const ended = server.close();
    assert.deepEqual(await over, [4000, "Server shutdown."]);
    await ended;
    assert.ok(server.isClosed);
    await server.close();
    await server.wait();
    await assert.rejects(server.start(), { code: "CRYO_ERR_CLOSED" });
    const second = await serve(t);
    const two = await meet(t, second);
    const told = next(two.client, "disconnected");
    await second.drain({ deadlineMs: 20, batchMs: 5, code: 4100, reason: "moving" });
    assert.deepEqual(await told, [4100, "moving"]);
});

test("sessions and messages as iterators", async (t) => {
    const server = await serve(t);
    const talk = (async () => {
        for await (const session of server) {
            for await (const message of session.messages()) session.send(message);
            server.stop();
        }
        return "over";
    })();
    const here = client(t, server);
    await here.connect();
    const echo = next(here, "message-utf8", 2000);
    for (let number = 0; number < 2000; number++) here.send(String(number));
    assert.deepEqual(
        (await echo).map(([text]) => Number(text)),
        [...Array(2000).keys()],
    );
    here.close();
    assert.equal(await talk, "over");
});

test("a session can be held up", async (t) => {
    const server = await serve(t, { manualAck: true, maxUnacknowledged: 2 });
    const { client: here, session } = await meet(t, server);
    const seen = [];
    session.on("message-utf8", (text, id) => seen.push([text, id]));
    const receipts = ["a", "b", "c"].map((text) => here.sendWithReceipt(text));
    await until(() => seen.length === 2);
    for (const [, id] of seen) {
        assert.ok(id);
        session.ack(id);
    }
    await until(() => seen.length === 3);
    session.ack(seen[2][1]);
    session.pause();
    session.resume();
    assert.deepEqual(
        (await Promise.all(receipts)).map((each) => each.outcome),
        ["acknowledged", "acknowledged", "acknowledged"],
    );
    assert.throws(() => session.ack(12345678), { code: "CRYO_ERR_STATE" });
});

test("messages wait for the first listener, and no longer", async (t) => {
    const server = await serve(t);
    const slow = async (session) => {
        await new Promise((later) => setTimeout(later, 30));
        session.on("message-binary", (bytes) => session.send(bytes));
        session.on("message-utf8", (text) => session.send(text));
    };
    server.on("session", slow);
    const here = client(t, server);
    const heard = next(here, "message", 100);
    await here.connect();
    for (let number = 0; number < 100; number++) here.send(number % 2 ? String(number) : Buffer.from(String(number)));
    assert.deepEqual(
        (await heard).map(([message]) => Number(message)),
        [...Array(100).keys()],
    );
    server.off("session", slow);
    const { client: other, session } = await meet(t, server);
    const receipts = Array.from({ length: 300 }, (_, number) => other.sendWithReceipt(String(number)));
    await Promise.all(receipts);
    await other.sendWithReceipt("last");
    await until(() => session.early === undefined);
    const { client: third, session: its } = await meet(t, server);
    third.send("said before it closed");
    await third.close();
    await until(() => its.closed);
    const seen = [];
    for await (const message of its.messages()) seen.push(message);
    assert.deepEqual(seen, ["said before it closed"]);
});
