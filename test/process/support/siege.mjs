// Lays siege to a port: sockets that say nothing, and writers that send a request byte by byte. Each connects again as soon
// as it is closed. It prints a line once all of them have been connected, and lives until it is killed.
import { connect } from 'node:net';

const [, , port, silent, slow] = process.argv.map(Number);
const REQUEST = 'GET /api/v1/status HTTP/1.1\r\nHost: localhost\r\nX-Slow: ';
const EVERY_MS = 100;
let connected = 0;

function hold(isWriter, isFirst) {
  const socket = connect(port, '127.0.0.1');
  let at = 0;
  const drip = isWriter ? setInterval(() => socket.writable && socket.write(REQUEST[at++] ?? 'x'), EVERY_MS) : null;
  socket.on('connect', () => {
    if (isFirst && ++connected === silent + slow) process.stdout.write('besieged\n');
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    if (drip !== null) clearInterval(drip);
    hold(isWriter, false);
  });
}

for (let n = 0; n < silent; n += 1) hold(false, true);
for (let n = 0; n < slow; n += 1) hold(true, true);
