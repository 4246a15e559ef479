// The process: which libraries it has, and that it ends when it should.

import assert from "node:assert/strict";
import { execFile, execFileSync, spawn } from "node:child_process";
import { promises as fs } from "node:fs";
import test from "node:test";
import { promisify } from "node:util";
import { buildInfo, setLogLevel, version } from "libcryo";
import { TOKEN, meet, serve } from "./support.js";

const run = promisify(execFile);
const node = (code, options = {}) => run(process.execPath, ["--input-type=module", "-e", code], { timeout: 30_000, ...options });
const SERVER = 'import { cryo, connect } from "libcryo"; const server = await cryo(() => true, { port: 0 });';
// Slower than this is no prompt end, but a wait that was sat out.
const PROMPT_MS = 5_000;

async function timed(promise) {
    const begin = performance.now();
    const result = await promise.catch((error) => error);
    return [performance.now() - begin, result];
}

test("the library has its own libuv and OpenSSL, and not Node's", () => {
    const [first, second] = execFileSync(process.env.CRYO_PROGRAM, ["--version"]).toString().trim().split("\n");
    assert.equal(buildInfo, second);
    assert.equal(first, `cryo ${version}`);
});

test("a process ends once all of its servers and clients are closed, and not before", async () => {
    const { stdout } = await node(`${SERVER}
        setTimeout(async () => {
            const client = await connect("ws://127.0.0.1:" + server.port, "t");
            await client.close();
            await server.close();
            console.log("closed");
        }, 1);`);
    assert.equal(stdout, "closed\n");
    await node(`${SERVER} server.unref();`);
    await node('import { Client, Server } from "libcryo"; new Server(() => true, {}); new Client("ws://127.0.0.1:1", "t");');
});

test("process.exit and an exception that nobody catches end it at once", async () => {
    const [exit, exited] = await timed(node(`${SERVER} setTimeout(() => process.exit(7), 1);`));
    assert.equal(exited.code, 7);
    assert.ok(exit < PROMPT_MS, `${exit} ms`);
    const [crash, crashed] = await timed(node(`${SERVER} setTimeout(() => { throw new Error("mine"); }, 1);`));
    assert.equal(crashed.code, 1);
    assert.match(crashed.stderr, /Error: mine/);
    assert.ok(crash < PROMPT_MS, `${crash} ms`);
    const [rejection, rejected] = await timed(node(`${SERVER} Promise.reject(new Error("mine"));`));
    assert.equal(rejected.code, 1);
    assert.ok(rejection < PROMPT_MS, `${rejection} ms`);
});

test("a signal ends it", async () => {
    const child = spawn(process.execPath, ["--input-type=module", "-e", `${SERVER} console.log("up");`]);
    await new Promise((resolve) => child.stdout.once("data", resolve));
    child.kill("SIGTERM");
    const [, signal] = await new Promise((resolve) => child.once("exit", (...how) => resolve(how)));
    assert.equal(signal, "SIGTERM");
});

test("mistakes of handlers go to standard error where nobody asks for them", async () => {
    const { stdout, stderr } = await node(`${SERVER}
        server.on("session", async (session) => {
            session.on("message-utf8", (text) => { throw new Error("of " + text); });
            session.on("closed", () => server.close());
        });
        const client = await connect("ws://127.0.0.1:" + server.port, "t");
        await client.sendWithReceipt("hello");
        await client.close();
        await server.wait();
        console.log("went on");`);
    assert.equal(stdout, "went on\n");
    assert.match(stderr, /^cryo: what handles "message-utf8" has failed: Error: of hello/);
});

test("files and names are looked up while it waits", async (t) => {
    await serve(t);
    const begin = performance.now();
    await Promise.all(Array.from({ length: 64 }, () => fs.stat(".")));
    assert.ok(performance.now() - begin < PROMPT_MS);
});

test("in a worker thread", async () => {
    const { stdout } = await node(`
        import { Worker } from "node:worker_threads";
        const worker = new Worker(\`import("libcryo").then(async ({ cryo, connect }) => {
            const server = await cryo(() => true, { port: 0 });
            server.on("message", (session, message) => session.send(message));
            const client = await connect("ws://127.0.0.1:" + server.port, "t");
            const { parentPort } = await import("node:worker_threads");
            client.on("message-utf8", async (text) => {
                parentPort.postMessage(text);
                await client.close();
                await server.close();
            });
            client.send("echo");
        })\`, { eval: true });
        worker.on("message", (text) => console.log(text));
        worker.on("exit", () => console.log("ended"));`);
    assert.equal(stdout, "echo\nended\n");
    const terminated = await node(`
        import { Worker } from "node:worker_threads";
        const worker = new Worker(\`import("libcryo").then(async ({ cryo, connect }) => {
            const server = await cryo(() => true, { port: 0 });
            server.on("message", (session, message) => session.send(message));
            const client = await connect("ws://127.0.0.1:" + server.port, "t");
            const { parentPort } = await import("node:worker_threads");
            client.on("message-utf8", (text) => parentPort.postMessage(text) || client.send(text));
            client.send("busy");
        })\`, { eval: true });
        worker.once("message", async () => {
            await worker.terminate();
            console.log("terminated");
        });`);
    assert.equal(terminated.stdout, "terminated\n");
});

test("sessions go with their objects", async (t) => {
    const { stdout } = await node(`
        import { setFlagsFromString } from "node:v8";
        import { runInNewContext } from "node:vm";
        import { cryo, connect } from "libcryo";
        setFlagsFromString("--expose-gc");
        const gc = runInNewContext("gc");
        const server = await cryo(() => true, { port: 0 });
        let gone = 0;
        const registry = new FinalizationRegistry(() => gone++);
        server.on("session", (session) => registry.register(session));
        for (let count = 0; count < 50; count++) await (await connect("ws://127.0.0.1:" + server.port, "t")).close();
        while (gone < 40) { gc(); await new Promise((later) => setTimeout(later, 5)); }
        await server.close();
        console.log("gone");`);
    assert.equal(stdout, "gone\n");
    const server = await serve(t);
    const { client, session } = await meet(t, server);
    assert.equal(session.token, TOKEN);
    await client.close();
});

test("what cannot be loaded is told", async () => {
    const load = (library) =>
        node('import "libcryo";', { env: { ...process.env, CRYO_LIBRARY: library } }).catch((error) => error.stderr);
    assert.match(
        await load("/nowhere/libcryo.so.1"),
        /cryo: CRYO_LIBRARY is "\/nowhere\/libcryo\.so\.1", which cannot be loaded: .*Install libcryo, or set/,
    );
    assert.match(await load("libc.so.6"), /cryo: libc\.so\.6 is not libcryo/);
});

test("the log's level", () => {
    for (const level of ["off", "debug", 2, "warning"]) setLogLevel(level);
    assert.throws(() => setLogLevel("loud"), TypeError);
});
