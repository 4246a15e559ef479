#!/usr/bin/env bash
# http-proxy 1.18.1 (npm)
#
# Behaviour: a WebSocket server refuses an upgrade with 401 and a chunked body. The proxy passes the field
#   Transfer-Encoding: chunked on, and the body without its chunks. The same response to a plain GET is right.
# Surprise: who says chunked must send chunks (RFC 7230 sections 3.3.1 and 4.1), so the response cannot be
#   parsed, and clients report a protocol error instead of the reason of the refusal. Chunked is what a server in
#   Node.js sends by itself when it says no length, so the most ordinary servers meet it; the response with a
#   Content-Length comes through.
#
# Seen (the first line of the body on the wire; a chunk begins with its size, here 10 in hexadecimal):
#   from the server: 10
#   through the proxy, plain GET: 10
#   through the proxy, upgrade: The token is old
#   through the proxy, upgrade, with a Content-Length: well-formed
#   what the HTTP client of Node.js says of the one without: HPE_INVALID_CHUNK_SIZE

set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"

npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$tmp" http-proxy@1.18.1

cat > measure.js <<'NODE'
const http = require('http');
const net = require('net');
const httpProxy = require('http-proxy');

const timer = setTimeout(() => { console.log('time-out'); process.exit(1); }, 10000);
const listen = (server) => new Promise((resolve) => {
  server.listen(0, '127.0.0.1', () => resolve(server.address().port));
});

// A server in Node.js without a listener for upgrades takes one for an ordinary request; so this is one and the same
// refusal, to an upgrade and to a GET. No length is said unless the path asks for it, so it is chunked.
const REFUSAL = 'The token is old';
const upstream = http.createServer((request, response) => {
  const length = request.url === '/length' ? { 'Content-Length': REFUSAL.length } : {};
  response.writeHead(401, { 'Content-Type': 'text/plain', Connection: 'close', ...length });
  response.write(REFUSAL);
  response.end();
});

const upgrade = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13',
                  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==' };

/** The first line of the body, as it is on the wire, when the head says that it is chunked. */
function wire(port, fields) {
  return new Promise((resolve) => {
    let received = '';
    const socket = net.connect(port, '127.0.0.1');
    const lines = Object.entries({ Host: `127.0.0.1:${port}`, ...fields }).map(([name, value]) => `${name}: ${value}`);
    socket.write(`GET / HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    socket.on('data', (data) => { received += data; });
    socket.on('end', () => {
      socket.end();
      const [head, body] = received.split(/\r\n\r\n(.*)/s);
      const chunked = /^HTTP\/1.1 401 [^]*transfer-encoding: chunked/i.test(head);
      resolve(chunked ? body.split('\r\n')[0] : `not chunked: ${head}`);
    });
  });
}

/** What the HTTP client of Node.js makes of it. */
function parsed(port, path) {
  return new Promise((resolve) => {
    http.get({ port, path, host: '127.0.0.1', headers: upgrade }, (response) => {
      let body = '';
      response.on('error', () => {});                 // told below, by its cause
      response.on('data', (data) => { body += data; });
      response.on('end', () => resolve(body === REFUSAL ? 'well-formed' : `body ${body}`));
    }).on('error', (error) => resolve(error.code));
  });
}

(async () => {
  const direct = await listen(upstream);
  const proxy = httpProxy.createProxyServer({ target: { host: '127.0.0.1', port: direct } });
  const front = http.createServer((request, response) => proxy.web(request, response));
  front.on('upgrade', (request, socket, head) => proxy.ws(request, socket, head));
  const port = await listen(front);
  const facts = [await wire(direct, upgrade), await wire(port, { Connection: 'close' }), await wire(port, upgrade),
                 await parsed(port, '/length'), await parsed(port, '/')];
  clearTimeout(timer);
  console.log(`from the server: ${facts[0]}`);
  console.log(`through the proxy, plain GET: ${facts[1]}`);
  console.log(`through the proxy, upgrade: ${facts[2]}`);
  console.log(`through the proxy, upgrade, with a Content-Length: ${facts[3]}`);
  console.log(`what the HTTP client of Node.js says of the one without: ${facts[4]}`);
  const same = facts.join() === '10,10,The token is old,well-formed,HPE_INVALID_CHUNK_SIZE';
  if (!same) console.error('the behaviour has changed');
  process.exit(same ? 0 : 1);
})();
NODE
timeout 30 node measure.js
