// TLS and CALE, with Node's own OpenSSL in the same process.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import test from "node:test";
import tls from "node:tls";
import { Client, connect } from "libcryo";
import { TOKEN, certificates, meet, next, serve, until } from "./support.js";

const file = certificates();
const pem = (name) => readFileSync(file(name));
const secure = (server) => `wss://localhost:${server.port}`;

async function echo(t, server, options) {
    server.on("message", (session, message) => session.send(message));
    const here = await connect(secure(server), TOKEN, options);
    t.after(() => here.close());
    here.send("over TLS");
    assert.deepEqual(await next(here, "message-utf8"), ["over TLS"]);
    return here;
}

test("with files, with what is in memory, and with the options of the server that came first", async (t) => {
    for (const options of [
        { tlsFiles: [file("rsa.pem"), file("rsa.key")] },
        {
            tlsMemory: [pem("ec.pem"), pem("ec.key").toString()],
            moreTlsFiles: [[file("rsa.pem"), file("rsa.key")]],
            tlsMinVersion: "1.3",
        },
        { ssl: { cert: pem("rsa.pem"), key: pem("rsa.key") } },
    ]) {
        const server = await serve(t, options);
        const trusted = options.tlsMemory ? [pem("ec.pem"), pem("rsa.pem")] : [pem("rsa.pem")];
        await echo(t, server, { tlsCaMemory: Buffer.concat(trusted) });
        await assert.rejects(connect(secure(server), TOKEN, { reconnectAttempts: 0 }), { code: "CRYO_ERR_TLS_UNTRUSTED" });
        server.setTls();
        server.setTls(options);
        server.setTlsTicketKeys(randomBytes(80));
        server.setTlsTicketKeys();
    }
    await assert.rejects(serve(t, { tlsFiles: [file("rsa.pem"), file("ec.key")] }), { code: "CRYO_ERR_TLS_MISMATCH" });
    await assert.rejects(serve(t, { tlsFiles: [file("none.pem"), file("ec.key")] }), { code: "CRYO_ERR_TLS_FILE" });
});

test("Node's own TLS works beside it", async (t) => {
    const server = await serve(t, { tlsFiles: [file("rsa.pem"), file("rsa.key")] });
    const socket = tls.connect({ port: server.port, host: "127.0.0.1", servername: "localhost", ca: pem("rsa.pem") });
    await next(socket, "secureConnect");
    assert.equal(socket.authorized, true);
    socket.destroy();
});

test("a client shows a certificate", async (t) => {
    const certificate = { tlsFiles: [file("rsa.pem"), file("rsa.key")] };
    const server = await serve(
        t,
        { ...certificate, tlsClientCaMemory: pem("rsa.pem"), tlsRequireClientCertificate: true },
        {
            authorize: (auth) => auth.accept(auth.peerCertificate.subject),
        },
    );
    const coming = next(server, "session");
    await echo(t, server, { ...certificate, tlsCaFile: file("rsa.pem"), tlsSystemCa: false });
    const [session] = await coming;
    assert.equal(session.user, "CN=localhost");
    assert.deepEqual(session.peerCertificate.names, ["DNS:localhost", "IP:127.0.0.1"]);
    assert.match(session.peerCertificate.fingerprint, /^[0-9a-f]{64}$/);
});

test("CALE, by both names", async (t) => {
    for (const name of ["cale", "use_cale"]) {
        const server = await serve(t, { [name]: true });
        const { client: here, session } = await meet(t, server, { cale: true });
        assert.ok(session.isSecure && here.isSecure);
        const heard = next(here, "message-binary");
        session.send(Buffer.from("sealed"));
        assert.equal((await heard)[0].toString(), "sealed");
        const plain = new Client(`ws://127.0.0.1:${server.port}`, TOKEN, { caleTimeoutMs: 50 });
        t.after(() => plain.close());
        plain.start();
        assert.deepEqual((await next(plain, "closed"))[0], 4010);
        await until(() => server.sessionCount === 1);
    }
});
