#!/usr/bin/env bash
# websocket 1.0.35 (npm), its W3CWebSocket (exported as w3cwebsocket)
#
# Behaviour: a text message without content is never delivered: no event, no error. An empty binary message
#   is. When the server closes with 4000, the client answers with 1000 in place of 4000, the closing handshake
#   is complete, and the program is told code 4000 with wasClean false.
# Surprise: the class bears the name of the API of browsers. There each message makes an event, and an empty one
#   is a message like any other (RFC 6455 section 5.2 allows a payload length of 0). And wasClean there says
#   whether the closing handshake was completed (RFC 6455 section 7.1.4), not whether the code was 1000.
#
# Seen:
#   sent: empty text, text x, empty binary, text y
#   delivered: text x, binary of 0 bytes, text y
#   close of the server: 4000; answer on the wire: 1000
#   told to the program: code 4000, wasClean false

set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"

npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$tmp" websocket@1.0.35

cat > measure.js <<'NODE'
const http = require('http');
const { createHash } = require('crypto');
const { w3cwebsocket: W3CWebSocket } = require('websocket');

const timer = setTimeout(() => { console.log('time-out'); process.exit(1); }, 10000);
const delivered = [];
let answer = 'none', told = 'nothing';

const server = http.createServer();
server.on('upgrade', (request, socket) => {
  const accept = createHash('sha1')
    .update(request.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest('base64');
  socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
               `Sec-WebSocket-Accept: ${accept}\r\n\r\n`);
  socket.write(Buffer.from([0x81, 0, 0x81, 1, 0x78, 0x82, 0, 0x81, 1, 0x79, 0x88, 2, 0x0f, 0xa0]));
  const chunks = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('end', () => {
    socket.end();
    const frame = Buffer.concat(chunks);              // one masked close frame with a code
    if (frame.length >= 8 && frame[0] === 0x88) {
      answer = String((frame[6] ^ frame[2]) * 256 + (frame[7] ^ frame[3]));
    }
  });
  socket.on('close', () => finish());
});

server.listen(0, '127.0.0.1', () => {
  const client = new W3CWebSocket(`ws://127.0.0.1:${server.address().port}/`);
  client.binaryType = 'arraybuffer';
  client.onmessage = ({ data }) =>
    delivered.push(typeof data === 'string' ? `text ${data}` : `binary of ${data.byteLength} bytes`);
  client.onclose = ({ code, wasClean }) => { told = `code ${code}, wasClean ${wasClean}`; finish(); };
});

let ends = 0;
function finish() {
  if (++ends < 2) return;                             // both sides must have seen the end
  clearTimeout(timer);
  server.close();
  console.log('sent: empty text, text x, empty binary, text y');
  console.log(`delivered: ${delivered.join(', ')}`);
  console.log(`close of the server: 4000; answer on the wire: ${answer}`);
  console.log(`told to the program: ${told}`);
  const same = delivered.join() === 'text x,binary of 0 bytes,text y' && answer === '1000' &&
               told === 'code 4000, wasClean false';
  if (!same) {
    console.error('the behaviour has changed');
    process.exit(1);
  }
}
NODE
timeout 30 node measure.js
