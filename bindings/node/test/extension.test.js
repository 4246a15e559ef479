// Extensions: pass, replace, stop, fail; at once or later.

import assert from "node:assert/strict";
import test from "node:test";
import { meet, next, serve } from "./support.js";

test("hooks see, change and stop messages, in their order", async (t) => {
    const server = await serve(t);
    const seen = [];
    const registered = [];
    const extension = {
        name: "all",
        onRegister: () => registered.push("in"),
        onUnregister: () => registered.push("out"),
        async on_receive_utf8(session, box) {
            seen.push(["receive", session.id, box.value]);
            if (box.value === "stop") return false;
            box.value = box.value.toUpperCase();
            return true;
        },
        on_receive_binary(_, box) {
            box.value[0] = 42; // in place
            return true;
        },
        before_send_utf8(_, box, hook) {
            setImmediate(() => (box.value === "veto" ? hook.stop() : hook.replace(box.value + "!")));
        },
        async before_send_binary() {
            return true;
        },
    };
    server.RegisterExtension(extension);
    assert.throws(() => server.addExtension(extension), { code: "CRYO_ERR_EXISTS" });
    assert.equal(server.findExtension("all"), extension);
    const { client: here, session } = await meet(t, server);
    const came = next(session, "message", 2);
    here.send("stop");
    here.send("go");
    here.send(Buffer.from([1, 2]));
    assert.deepEqual(await came, [["GO"], [Buffer.from([42, 2])]]);
    assert.deepEqual(seen, [
        ["receive", session.id, "stop"],
        ["receive", session.id, "go"],
    ]);
    const heard = next(here, "message", 2);
    const veto = session.sendWithReceipt("veto");
    session.send("a");
    session.send(Buffer.from([7]));
    assert.deepEqual(
        (await heard).map(([message]) => message),
        ["a!", Buffer.from([7])],
    );
    assert.deepEqual(await veto, { outcome: "vetoed", by: "all" });
    server.removeExtension("all");
    assert.throws(() => server.removeExtension("all"), { code: "CRYO_ERR_NOT_FOUND" });
    assert.equal(server.findExtension("all"), undefined);
    assert.deepEqual(registered, ["in", "out"]);
});

test("hooks that fail stop the message, or let it pass", async (t) => {
    const server = await serve(t);
    const errors = next(server, "error", 4);
    const failing = (name, onFailure) => ({
        name, onFailure, timeoutMs: 20_000,
        on_receive_utf8() { throw new Error("sync"); },
        async on_receive_binary() { throw new Error("async"); },
    }); // prettier-ignore
    server.addExtension(failing("pass", "pass"));
    server.addExtension({ name: "no answer", onFailure: "pass", on_receive_utf8: () => undefined });
    assert.throws(() => server.addExtension({ name: "x", onFailure: "maybe" }), TypeError);
    assert.throws(() => server.addExtension({ name: "" }), { code: "CRYO_ERR_INVALID" });
    const { client: here, session } = await meet(t, server);
    const came = next(session, "message", 2);
    here.send("x");
    here.send(Buffer.from("y"));
    assert.deepEqual(
        (await came).map(([message]) => message.toString()),
        ["x", "y"],
    );
    server.addExtension(failing("stop"));
    const receipt = here.sendWithReceipt("never seen");
    assert.equal((await receipt).outcome, "acknowledged");
    const names = (await errors).map(([error, where]) => `${where}: ${error.message}`);
    assert.deepEqual(names.slice(0, 3).sort(), [
        "on_receive_binary: async",
        "on_receive_utf8: on_receive_utf8 must return true (the message goes on) or false (it does not)",
        "on_receive_utf8: sync",
    ]);
});

test("of a client", async (t) => {
    const server = await serve(t);
    const { client: here, session } = await meet(t, server);
    here.addExtension({ name: "mine", before_send_utf8: async (_, box) => ((box.value = `<${box.value}>`), true) });
    const came = next(session, "message-utf8");
    here.send("x");
    assert.equal((await came)[0], "<x>");
    assert.equal(here.findExtension("mine").name, "mine");
    here.removeExtension("mine");
});
