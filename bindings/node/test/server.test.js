// Who is let in, what is said, and what is known of sessions.

import assert from "node:assert/strict";
import test from "node:test";
import { CryoError, DropReason, Server, ServerStat, Session, Status, sendToAll } from "libcryo";
import { TOKEN, client, meet, next, serve, until, urlOf } from "./support.js";

test("messages come back as they were", async (t) => {
    const server = await serve(t);
    server.on("message", (session, message) => session.send(message));
    const { client: here } = await meet(t, server);
    const texts = ["", "x", "a\0b", "hé llo ✓ 😀", "y".repeat(65_537), "\ud800"];
    for (const text of texts) {
        here.send(text);
        assert.deepEqual(await next(here, "message-utf8"), [text.replace("\ud800", "\ufffd")]);
    }
    for (const bytes of [
        Buffer.alloc(0),
        Buffer.from([0, 255]),
        new Uint16Array([1, 2]).subarray(1),
        Buffer.alloc(3 << 20, 7),
        new DataView(new ArrayBuffer(3)),
    ]) {
        here.send(bytes);
        const [got] = await next(here, "message-binary");
        assert.ok(Buffer.isBuffer(got));
        assert.deepEqual(got, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    }
    here.send(new ArrayBuffer(2));
    assert.equal((await next(here, "message-binary"))[0].length, 2);
    for (const wrong of [1, null, undefined, {}, []]) assert.throws(() => here.send(wrong), TypeError);
});

test("messages of one session stay in their order, text and bytes", async (t) => {
    const server = await serve(t);
    const { client: here, session } = await meet(t, server);
    const coming = next(session, "message", 5000);
    for (let number = 0; number < 5000; number++) here.send(number % 2 ? String(number) : Buffer.from(String(number)));
    assert.deepEqual(
        (await coming).map(([message]) => Number(message.toString())),
        [...Array(5000).keys()],
    );
});

test("only true lets in", async (t) => {
    let answer;
    const server = await serve(t, {}, (token, auth) => answer(token, auth));
    const errors = [];
    server.on("error", (error, where) => errors.push([error.message, where]));
    for (const each of [
        () => false,
        () => 1,
        () => undefined,
        () => "yes",
        async () => false,
        async () => ({}),
        () => {
            throw new Error("sync");
        },
        async () => {
            throw new Error("async");
        },
        (_, auth) => auth.refuse(503, "Later.", 1500),
    ]) {
        // prettier-ignore
        answer = each;
        const failure = await client(t, server, { reconnectAttempts: 0 })
            .connect()
            .then(
                () => "in",
                (error) => error,
            );
        assert.ok(failure instanceof CryoError, String(each));
        assert.equal(failure.code, "CRYO_ERR_HTTP");
    }
    assert.deepEqual(errors, [
        ["sync", "validate"],
        ["async", "validate"],
    ]);
    assert.equal(server.stat("refused", 401), 8);
    assert.equal(server.stat(ServerStat.REFUSED, 503), 1);
    answer = () => true;
    await meet(t, server);
    answer = (_, auth) => auth.accept();
    await meet(t, server);
});

test("a ticket can be answered later, and knows the request", async (t) => {
    const tickets = [];
    const server = await serve(
        t,
        { sessionHeaders: ["X-Kept"], resumeWindowMs: 1000 },
        { authorize: (auth) => void tickets.push(auth) },
    );
    const here = client(t, server, {
        parameters: { name: "Ann é" },
        headers: [
            ["X-Kept", "a"],
            ["X-Other", "b"],
        ],
    });
    const connected = here.connect();
    await until(() => tickets.length);
    const [auth] = tickets;
    assert.equal(auth.token, TOKEN);
    assert.match(auth.remoteAddress, /^127\.0\.0\.1:\d+$/);
    assert.deepEqual(
        [auth.proxyAddress, auth.path, auth.parameter("name"), auth.parameter("none")],
        ["", "/", "Ann é", undefined],
    );
    assert.deepEqual([auth.header("x-other"), auth.header("none"), auth.peerCertificate], ["b", undefined, undefined]);
    auth.setClaim("tenant", "ü");
    auth.setExpiry(3600_000);
    const user = { id: 7 };
    const coming = next(server, "session");
    assert.equal(auth.accept(user), true);
    assert.equal(auth.accept(user), false);
    assert.equal(auth.reject(), false);
    assert.throws(() => auth.path, { code: "CRYO_ERR_STATE" });
    await connected;
    const [session] = await coming;
    assert.equal(session.user, user);
    assert.deepEqual([session.claim("tenant"), session.claim("none")], ["ü", undefined]);
    assert.deepEqual([session.header("x-kept"), session.header("x-other")], ["a", undefined]);
    assert.equal(session.parameters.get("name"), "Ann é");
    assert.equal(session.token, TOKEN);
    assert.equal(session.id, here.id);
    assert.equal(session.path, "/");
    assert.equal(session.proxyAddress, "");
    assert.equal(session.peerCertificate, undefined);
    assert.match(session.id, /^[0-9a-f]{8}-[0-9a-f]{4}-/);
    assert.equal(session.idBytes.length, 16);
    assert.deepEqual([session.isOpen, session.isSecure, session.isPeer], [true, false, false]);
    session.setExpiry(Infinity);
    session.setExpiry(0);
    assert.deepEqual((await next(session, "closed")).slice(0, 2), [4001, "Token expired."]);
});

test("a session is one object, keeps values, and answers after its end", async (t) => {
    const server = await serve(t);
    const { client: here, session } = await meet(t, server);
    assert.ok(session instanceof Session);
    assert.deepEqual(server.sessions, [session]);
    assert.equal(server.findSession(here.id), session);
    assert.equal(server.findSession(session.idBytes), session);
    assert.equal(server.findSession("00000000-0000-0000-0000-000000000000"), undefined);
    assert.throws(() => server.findSession("x"), TypeError);
    assert.equal(server.sessionCount, 1);
    session.set("key", [1]);
    assert.deepEqual([session.get("key"), session.get("none")], [[1], undefined]);
    const over = Promise.all([next(session, "closed"), next(server, "closed"), next(here, "disconnected")]);
    session.close(4123, "enough");
    assert.deepEqual(await over, [
        [4123, "enough"],
        [session, 4123, "enough"],
        [4123, "enough"],
    ]);
    assert.equal(session.isOpen, false);
    assert.equal(session.id, here.id);
    assert.equal(session.token, TOKEN);
    assert.throws(() => session.send("x"), { code: "CRYO_ERR_CLOSED", status: Status.ERR_CLOSED, name: "CryoError" });
    assert.throws(() => session.close(), { code: "CRYO_ERR_CLOSED" });
    assert.equal(session.SendUTF8("x"), false);
    session.Destroy();
    assert.deepEqual(server.sessions, []);
});

test("to all, and to some", async (t) => {
    const server = await serve(t);
    const all = [];
    for (let count = 0; count < 3; count++) all.push(await meet(t, server));
    const [first, second, third] = all;
    const heard = [second, third].map((each) => next(each.client, "message-utf8"));
    assert.equal(server.broadcast("hello", { except: first.session }), 2);
    assert.deepEqual((await Promise.all(heard)).flat(), ["hello", "hello"]);
    const binary = next(first.client, "message-binary");
    second.session.close();
    const result = sendToAll([first.session, second.session], Buffer.from("x"));
    assert.equal(result.sent, 1);
    assert.deepEqual(
        result.failures.map((each) => [each.session, each.error.code]),
        [[second.session, "CRYO_ERR_CLOSED"]],
    );
    await binary;
});

test("figures", async (t) => {
    const server = await serve(t, { keepaliveMs: 20 });
    const { client: here, session } = await meet(t, server);
    const seen = Promise.all(
        ["stat-rtt", "stat-bytes-rx", "stat-bytes-tx", "stat-ack-timeout"].map((name) => next(session, name)),
    );
    const receipt = await session.sendWithReceipt("x");
    assert.equal(receipt.outcome, "acknowledged");
    assert.ok(receipt.rttMs >= 0 && !("by" in receipt));
    const [[rtt], [rx], [tx], [timeouts]] = await seen;
    assert.ok(rtt > 0 && rx > 0 && tx > 0 && timeouts === 0);
    assert.deepEqual(Object.keys(session.stats), ["rttMs", "bytesRx", "bytesTx", "ackTimeouts", "queuedBytes", "queuedCount"]);
    assert.ok(session.stats.rttMs > 0);
    assert.equal(here.stats.queuedCount, 0);
    here.ping();
    session.SendPing();
    assert.match(server.metrics(), /^cryo_\w+/m);
    assert.equal(server.stat("sessions"), 1);
    assert.throws(() => server.stat("nothing"), { code: "CRYO_ERR_INVALID" });
    assert.equal(server.transport, "poll");
    assert.equal(DropReason.OLDEST, 1);
});

test("mistakes of handlers end nothing", async (t) => {
    const server = await serve(t);
    const { client: here, session } = await meet(t, server);
    session.on("message-utf8", () => { throw new Error("sync"); }); // prettier-ignore
    session.on("message-binary", async () => { throw new Error("async"); }); // prettier-ignore
    const failures = next(server, "error", 2);
    here.send("x");
    here.send(Buffer.from("x"));
    assert.deepEqual(
        (await failures).map(([error, where, at]) => [error.message, where, at]),
        [
            ["sync", "message-utf8", session],
            ["async", "message-binary", session],
        ],
    );
    assert.ok(session.isOpen);
});

test("what cannot be is told", async (t) => {
    const server = await serve(t);
    const second = new Server(() => true, { port: server.port });
    await assert.rejects(second.start(), { code: "CRYO_ERR_ADDRESS_IN_USE" });
    await second.close();
    assert.throws(() => new Server(() => true, { nonsense: 1 }), /no server option "nonsense"/);
    assert.throws(() => new Server(() => true, { port: 65536 }), { code: "CRYO_ERR_INVALID" });
    assert.throws(() => new Server(() => true, { keepaliveMs: 1.5 }), TypeError);
    assert.throws(() => new Server(() => true, { threads: 0 }), RangeError);
    assert.throws(() => new Server(() => true, { dropPolicy: "whatever" }), TypeError);
    assert.throws(() => new Server(undefined), TypeError);
    await assert.rejects(server.start(), { code: "CRYO_ERR_STATE" });
});
