// A chat room: what one client says, the others hear.
//
//     node example.js --token SECRET [--host 127.0.0.1] [--port 8080] [--tls-cert cert.pem --tls-key key.pem]
//
// Clients connect to ws://127.0.0.1:8080/?authorization=Bearer%20SECRET&x-cryo-sid=UUID&name=Alice

import { timingSafeEqual } from "node:crypto";
import { parseArgs } from "node:util";
import { Server } from "libcryo";

const { values: given } = parseArgs({
    options: {
        host: { type: "string", default: "127.0.0.1" },
        port: { type: "string", default: "8080" },
        token: { type: "string" },
        "tls-cert": { type: "string" },
        "tls-key": { type: "string" },
    },
});
if (!given.token) throw new Error("--token TOKEN says which token lets in");

const isSame = (a, b) => a.length === b.length && timingSafeEqual(a, b);

const server = new Server(
    {
        async authorize(auth) {
            // May as well ask a database.
            if (!isSame(Buffer.from(auth.token), Buffer.from(given.token))) return auth.reject("Who are you?");
            return auth.accept({ name: auth.parameter("name") ?? "somebody" });
        },
    },
    {
        host: given.host,
        port: Number(given.port),
        keepaliveMs: 15_000,
        tlsFiles: given["tls-cert"] && [given["tls-cert"], given["tls-key"]],
    },
);

server.on("listening", ({ host, port }) => console.log(`listening on ${host}:${port}`));

server.on("session", (session) => {
    const { name } = session.user;
    session.send(`Welcome, ${name}!`);
    server.broadcast(`${name} came`, { except: session });
    session.on("message-utf8", (text) => server.broadcast(`${name}: ${text}`, { except: session }));
    session.on("message-binary", (bytes) => server.broadcast(bytes, { except: session }));
    session.on("stat-rtt", (ms) => console.log(`${name}: ${ms.toFixed(2)} ms`));
    session.on("closed", (code, reason) => {
        console.log(`${name} left: ${code} ${reason}`);
        server.broadcast(`${name} left`);
    });
});

server.addExtension({
    name: "manners",
    on_receive_utf8: (_, box) => {
        box.value = box.value.trim();
        return box.value !== ""; // nothing is passed on of an empty one
    },
});

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => server.close());
await server.start();
