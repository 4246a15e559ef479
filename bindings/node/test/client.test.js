// Clients and peers: coming back, tokens, losses, receipts, full queues.

import assert from "node:assert/strict";
import test from "node:test";
import { Client, CryoError, connect } from "libcryo";
import { TOKEN, client, meet, next, serve, until, urlOf, validator } from "./support.js";

test("connects, or says why not", async (t) => {
    const server = await serve(t);
    const here = await connect(urlOf(server), TOKEN);
    assert.ok(here instanceof Client && here.isOpen);
    await here.close();
    assert.ok(here.closed);
    await here.close();
    const refused = await connect(urlOf(server), "wrong").catch((error) => error);
    assert.ok(refused instanceof CryoError);
    assert.equal(refused.code, "CRYO_ERR_HTTP");
    await assert.rejects(connect("ws://127.0.0.1:1", TOKEN, { reconnectAttempts: 0 }), { code: "CRYO_ERR_CONNECT" });
    assert.throws(() => new Client("nonsense", TOKEN), { code: "CRYO_ERR_INVALID" });
    await new Client(urlOf(server), TOKEN).close(); // never started
});

test("comes back, and tells what was lost", async (t) => {
    const server = await serve(t);
    const { client: here, session } = await meet(t, server, {
        reconnectInitialMs: 1,
        sessionId: "12345678-1234-4123-8123-123456789abc",
    });
    assert.equal(here.id, "12345678-1234-4123-8123-123456789abc");
    const told = next(here, "disconnected");
    const again = next(here, "reconnected");
    session.close(1012, "again");
    assert.deepEqual(await told, [1012, "again"]);
    await again;
    assert.ok(here.isOpen);
    await server.close();
    await until(() => !here.isOpen);
    const [failure] = await next(here, "attempt-failed");
    assert.equal(failure.code, "CRYO_ERR_CONNECT");
    assert.ok(failure.retryMs >= 0 && failure.text);
    assert.throws(() => here.send("x"), { code: "CRYO_ERR_STATE" });
});

test("asks for tokens", async (t) => {
    const asked = [];
    const server = await serve(t, {}, (token) => asked.push(token) && token === "second");
    const tokens = ["first", "second"];
    const here = client(t, server, { reconnectInitialMs: 1 }, async () => tokens.shift());
    await here.connect();
    assert.deepEqual(asked, ["first", "second"]);
    const failing = client(t, server, { reconnectInitialMs: 1 }, () => { throw new Error("no token today"); }); // prettier-ignore
    const report = t.mock.method(console, "error", () => {});
    failing.start();
    const [failure] = await next(failing, "attempt-failed");
    assert.equal(failure.code, "CRYO_ERR_TOKEN");
    assert.match(failure.text, /no token today/);
    assert.ok(report.mock.callCount() >= 1);
    const other = client(t, server, { reconnectInitialMs: 1 }, "second");
    other.setToken("second");
    await other.connect();
});

test("receipts say what became of a message", async (t) => {
    const server = await serve(t);
    const { client: here, session } = await meet(t, server);
    assert.equal((await here.sendWithReceipt(Buffer.from("x"), { key: "k" })).outcome, "acknowledged");
    const told = next(session, "receipt", 3);
    const big = 2n ** 62n + 1n;
    session.send("x", { receipt: 5 });
    session.send("x", { receipt: big, key: "k" });
    session.send("x", { receipt: Number.MAX_SAFE_INTEGER });
    assert.deepEqual(
        (await told).map(([number, receipt]) => [number, receipt.outcome]),
        [
            [5, "acknowledged"],
            [big, "acknowledged"],
            [Number.MAX_SAFE_INTEGER, "acknowledged"],
        ],
    );
    for (const wrong of [0, -1, 2n ** 63n]) assert.throws(() => session.send("x", { receipt: wrong }), RangeError);
    assert.throws(() => session.send("x", { receipt: 1.5 }), RangeError);
    await server.close();
    await assert.rejects(session.sendWithReceipt("x"), { code: "CRYO_ERR_CLOSED" });
});

test("a full queue drops, and flows again", async (t) => {
    const server = await serve(t, { highWaterMark: 4096, lowWaterMark: 1024, maxQueueCount: 2, stallTimeoutMs: 0 });
    const { client: here, session } = await meet(t, server);
    here.pause();
    const dropped = next(session, "dropped", 4);
    const writable = next(session, "writable");
    const filler = Buffer.alloc(1 << 20);
    const enough = dropped.then(() => true);
    while (!(await Promise.race([enough, new Promise((later) => setTimeout(later, 1))]))) session.SendBinary(filler);
    for (const [message, reason] of await dropped) assert.deepEqual([message.length, reason], [1 << 20, "oldest"]);
    here.resume();
    await writable;
});

test("a server talks to another one", async (t) => {
    const [server, other] = [await serve(t), await serve(t)];
    const there = next(other, "session");
    const peer = server.connectPeer(urlOf(other), async () => TOKEN, { reconnectInitialMs: 1 });
    const [announced] = await next(server, "session");
    assert.equal(announced, peer);
    assert.ok(peer.isPeer);
    const [session] = await there;
    const heard = next(peer, "message-utf8");
    session.send("hello");
    assert.equal((await heard)[0], "hello");
    assert.deepEqual(server.sessions, [peer]);
    const back = next(server, "reconnected");
    session.close(1012);
    assert.equal((await back)[0], peer);
    const over = next(peer, "closed");
    peer.close();
    assert.equal((await over)[0], 4000);
});

test("what was sent at a loss is lost, or sent again", async (t) => {
    const server = await serve(t, { manualAck: true });
    const { client: here, session } = await meet(t, server, { reconnectInitialMs: 1 });
    const came = next(session, "message-utf8");
    here.send("unanswered");
    await came;
    const lost = next(here, "lost");
    const back = next(here, "reconnected");
    session.close(1012);
    assert.deepEqual(await lost, ["unanswered"]);
    await back;
    await here.close();
    await until(() => server.sessionCount === 0);
    const again = await meet(t, server, { reconnectInitialMs: 1, resend: true });
    const first = next(again.session, "message-utf8");
    again.client.send("kept");
    await first;
    const second = next(server, "message");
    again.session.close(1012);
    assert.equal((await second)[1], "kept");
});

test("many at once", async (t) => {
    const server = await serve(t, { threads: 2 }, validator);
    server.on("message", (session, message) => session.send(message));
    const clients = await Promise.all(Array.from({ length: 50 }, () => client(t, server).connect()));
    const echoes = clients.map((each) => next(each, "message-utf8", 100));
    for (const each of clients) for (let number = 0; number < 100; number++) each.send(String(number));
    for (const echo of await Promise.all(echoes))
        assert.deepEqual(
            echo.map(([text]) => Number(text)),
            [...Array(100).keys()],
        );
});
