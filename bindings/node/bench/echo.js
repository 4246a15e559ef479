// Sends each message back, and prints its port: a program of bench/languages.

import { cryo } from "libcryo";

const server = await cryo(() => true, { port: 0 });
server.on("session", (session) => {
    session.on("message-utf8", (text) => session.send(text));
    session.on("message-binary", (bytes) => session.send(bytes));
});
console.log(server.port);
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => server.close());
