#!/usr/bin/env bash
# reconnecting-websocket 4.4.0 (npm), over ws 8.18.0 (npm)
#
# Behaviour: the server refuses the upgrade with 401. The WebSocket below reports close 1006, not clean. The
#   wrapper, which is meant to be used in its place, reports close 1000 and wasClean true for the same refusal; so it
#   does over the WebSocket that is built into Node.js 22.
# Surprise: 1000 says that a connection has served its purpose, and without a close frame the code is 1006 (RFC 6455
#   sections 7.4.1 and 7.1.5); here there was not even a connection. A program that looks at the code to tell a
#   failure from an end takes a wrong password for a happy end.
#
# Seen:
#   ws alone: error, close 1006 wasClean false
#   with the wrapper: error, close 1000 wasClean true

set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"

npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$tmp" reconnecting-websocket@4.4.0 ws@8.18.0

cat > measure.js <<'NODE'
const http = require('http');
const { WebSocket } = require('ws');
const ReconnectingWebSocket = require('reconnecting-websocket');

const timer = setTimeout(() => { console.log('time-out'); process.exit(1); }, 10000);
const server = http.createServer();
server.on('upgrade', (request, socket) => {
  socket.end('HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="test"\r\n' +
             'Content-Length: 0\r\nConnection: close\r\n\r\n');
});

function measure(label, client) {
  const events = new Set();
  return new Promise((resolve) => {
    const done = () => { if (events.size === 2) resolve(`${label}: ${[...events].sort().reverse().join(', ')}`); };
    client.onerror = () => { events.add('error'); done(); };
    client.onclose = ({ code, wasClean }) => { events.add(`close ${code} wasClean ${wasClean}`); done(); };
  });
}

server.listen(0, '127.0.0.1', async () => {
  const url = `ws://127.0.0.1:${server.address().port}/`;
  const facts = [
    await measure('ws alone', new WebSocket(url)),
    await measure('with the wrapper', new ReconnectingWebSocket(url, [], { WebSocket, maxRetries: 0 })),
  ];
  clearTimeout(timer);
  server.close();
  facts.forEach((fact) => console.log(fact));
  if (facts[0] !== 'ws alone: error, close 1006 wasClean false' ||
      facts[1] !== 'with the wrapper: error, close 1000 wasClean true') {
    console.error('the behaviour has changed');
    process.exit(1);
  }
});
NODE
timeout 30 node measure.js
