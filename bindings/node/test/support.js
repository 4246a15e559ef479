// What the tests share.

import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, Server } from "libcryo";

export const TOKEN = "MySuperSecretToken";
export const validator = { validate: async (token) => token === TOKEN };

// A server on a free port that is closed at the end of the test.
export async function serve(t, options = {}, who = validator) {
    const server = new Server(who, { port: 0, ...options });
    t.after(() => server.close());
    await server.start();
    return server;
}

export const urlOf = (server) => `ws://127.0.0.1:${server.port}`;

export function client(t, server, options = {}, token = TOKEN) {
    const made = new Client(typeof server === "string" ? server : urlOf(server), token, options);
    t.after(() => made.close());
    return made;
}

// A connected client, and its session in the server.
export async function meet(t, server, options, token) {
    const made = client(t, server, options, token);
    const coming = once(server, "session");
    await made.connect();
    const [session] = await coming;
    return { client: made, session };
}

// The next `count` events of a name, each as the array of its arguments.
export function next(emitter, name, count = 1, ms = 20_000) {
    const { promise, resolve, reject } = deferred();
    const seen = [];
    const timer = setTimeout(() => reject(new Error(`no ${name} in ${ms} ms; ${seen.length} of ${count} came`)), ms);
    const listener = (...event) => {
        seen.push(event);
        if (seen.length < count) return;
        clearTimeout(timer);
        emitter.off(name, listener);
        resolve(count === 1 ? seen[0] : seen);
    };
    emitter.on(name, listener);
    return promise;
}

export function deferred() {
    let resolve, reject;
    const promise = new Promise((yes, no) => ([resolve, reject] = [yes, no]));
    return { promise, resolve, reject };
}

// Waits until `condition()` holds.
export async function until(condition, ms = 20_000) {
    for (const end = Date.now() + ms; !(await condition());) {
        if (Date.now() > end) throw new Error(`not in ${ms} ms: ${condition}`);
        await new Promise((resolve) => setTimeout(resolve, 2));
    }
}

export function certificates() {
    const folder = mkdtempSync(join(tmpdir(), "cryo-node-"));
    execFileSync(process.env.CRYO_MAKE_CERTIFICATES, [folder]);
    return (name) => join(folder, name);
}
