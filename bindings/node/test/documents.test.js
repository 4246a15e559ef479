// The README's programs as they are printed, the example, and a program of the server for Node.js that came first.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { TOKEN, client, next, serve, until, urlOf } from "./support.js";

const here = dirname(fileURLToPath(import.meta.url));
const place = dirname(createRequire(import.meta.url).resolve("libcryo"));
const readme = readFileSync(join(place, "README.md"), "utf8");
const blocks = [...readme.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code]) => code);

// A program that is ended with the test; what it says so far is `said`.
function start(t, path, given = [], environment = {}) {
    const child = spawn(process.execPath, [path, ...given], { env: { ...process.env, ...environment } });
    const program = { child, said: "", ended: new Promise((resolve) => child.once("exit", (code) => resolve(code))) };
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (program.said += text));
    t.after(() => child.kill("SIGKILL"));
    program.find = async (pattern) => {
        await until(() => pattern.test(program.said) || child.exitCode !== null);
        return program.said.match(pattern) ?? assert.fail(program.said);
    };
    return program;
}

function printed(name, code) {
    const path = join(here, name);
    writeFileSync(path, code);
    return path;
}

test("the README's server and client, as printed", async (t) => {
    for (const signal of ["SIGTERM", "SIGINT"]) {
        const server = start(t, printed("readme_server.mjs", blocks[0]), [], { PORT: "0" });
        const [, port] = await server.find(/listening on 127\.0\.0\.1:(\d+)/);
        await assert.rejects(client(t, `ws://127.0.0.1:${port}`, {}, "wrong").connect(), { code: "CRYO_ERR_HTTP" });
        const other = start(t, printed("readme_client.mjs", blocks[1]), [], { SERVER: `ws://127.0.0.1:${port}` });
        assert.equal(await other.ended, 0, other.said);
        assert.equal(other.said, "acknowledged\nWelcome!\nhello\n");
        server.child.kill(signal);
        assert.equal(await server.ended, 0);
    }
});

test("the example", async (t) => {
    const server = start(t, join(place, "example.js"), ["--token", TOKEN, "--port", "0"]);
    const [, port] = await server.find(/listening on 127\.0\.0\.1:(\d+)/);
    const [ann, bob] = ["Ann", "Bob"].map((name) => client(t, `ws://127.0.0.1:${port}`, { parameters: { name } }));
    const welcome = next(ann, "message-utf8");
    await ann.connect();
    assert.deepEqual(await welcome, ["Welcome, Ann!"]);
    const came = next(ann, "message-utf8");
    await bob.connect();
    assert.deepEqual(await came, ["Bob came"]);
    const said = next(ann, "message-utf8");
    bob.send("  ");
    bob.send(" hello ");
    assert.deepEqual(await said, ["Bob: hello"]);
    await bob.close();
    await server.find(/Bob left: 4000/);
    server.child.kill("SIGTERM");
    assert.equal(await server.ended, 0);
});

test("a program of the server that came first, with only the import changed", async (t) => {
    const program = printed("first_server.mjs", `
        import { cryo } from "libcryo";

        class Logger {
            name = "logger";
            async before_send_utf8(session, outgoing_message) {
                console.log("Outgoing: " + outgoing_message.value);
                return true;
            }
            async on_receive_utf8(session, incoming_message) {
                console.log("Incoming: " + incoming_message.value);
                incoming_message.value = incoming_message.value.toUpperCase();
                return true;
            }
            async on_receive_binary(session, incoming_message) {
                return false;
            }
        }

        const server = await cryo({
            async validate(token) {
                return token === "MySuperSecretToken";
            }
        }, {
            use_cale: false,
            port: 0,
            keepAliveIntervalMs: 20,
            backpressure: { highWaterMark: 1024 * 1024, lowWaterMark: 1024, maxQueuedBytes: 4096, maxQueueCount: 16, dropPolicy: "drop-oldest" },
        });
        server.RegisterExtension(new Logger());
        server.on("session", async session => {
            session.Set("key", { id: session.id });
            session.on("message-utf8", (data) => session.SendUTF8(data + " " + (session.Get("key").id === session.id)));
            session.on("message-binary", (data) => console.log("never"));
            session.on("stat-rtt", (value) => typeof value === "number" && console.log("measured"));
            session.on("closed", () => {
                console.log("closed");
                server.Destroy();
            });
            session.SendPing();
            session.SendBinary(Buffer.from([1]));
        });
        server.on("listening", () => console.log("Server is listening... " + server.port));
    `); // prettier-ignore
    const server = start(t, program);
    const [, port] = await server.find(/listening\.\.\. (\d+)/);
    const made = client(t, `ws://127.0.0.1:${port}`);
    const heard = next(made, "message", 2);
    await made.connect();
    made.send(Buffer.from("x"));
    made.send("hello");
    assert.deepEqual(await heard, [[Buffer.from([1])], ["HELLO true"]]);
    await server.find(/measured/);
    await made.close();
    assert.equal(await server.ended, 0);
    assert.match(server.said, /Incoming: hello\nOutgoing: HELLO true\n/);
    assert.match(server.said, /closed/);
});

test("cryo connect talks to it", async (t) => {
    const server = await serve(t);
    const heard = next(server, "message");
    const program = spawn(process.env.CRYO_PROGRAM, ["connect", urlOf(server), "--token", TOKEN, "-x", "hé"], {
        stdio: "ignore",
    });
    t.after(() => program.kill("SIGKILL"));
    const ended = next(program, "exit");
    assert.equal((await heard)[1], "hé");
    assert.deepEqual(await ended, [0, null]);
    const refused = spawn(process.env.CRYO_PROGRAM, ["connect", urlOf(server), "--token", "wrong", "-x", "hé"], {
        stdio: "ignore",
    });
    assert.deepEqual(await next(refused, "exit"), [3, null]);
});
