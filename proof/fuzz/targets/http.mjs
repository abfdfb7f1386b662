import { connect } from 'node:net';
import { demand } from '../finding.mjs';

const TOKEN = 'the-token-of-the-port-0123456789';
const EMAIL = 'ann@example.com';

/** A connection that is still open then was forgotten. The server ends what is not whole after seconds. */
const CLOSED_AFTER_MS = 45_000;
const ALIVE_EVERY = 200;

const WORDS = [
  'GET ',
  'POST ',
  'HEAD ',
  'PUT ',
  'OPTIONS * ',
  'CONNECT ',
  '/healthz',
  '/readyz',
  '/metrics',
  '/api/v1/status',
  '/-/reconcile',
  '?',
  '%2e',
  '..',
  ' HTTP/1.1\r\n',
  ' HTTP/1.0\r\n',
  'Host: localhost\r\n',
  'Host: 127.0.0.1\r\n',
  'Host: evil.example\r\n',
  'Authorization: Bearer ',
  TOKEN,
  'Content-Length: 5\r\n',
  'Content-Length: -1\r\n',
  'Content-Length: 99999999\r\n',
  'Transfer-Encoding: chunked\r\n',
  '0\r\n\r\n',
  'ffffffff\r\n',
  'Connection: close\r\n',
  'Expect: 100-continue\r\n',
  'Origin: http://evil.example\r\n',
  'X-Forwarded-For: 1.2.3.4\r\n',
  'Gitsync-Hash: ',
  'Upgrade: h2c\r\n',
  '\r\n',
  '\r\n\r\n',
];

/** The port of the daemon, by sockets. */
export const httpTarget = {
  name: 'http',
  share: 1,
  says: 'requests to the port of the daemon: an answer or an end, names and runs only for whoever may have them',
  shape: 'text',
  words: WORDS,
  open: async (load) => {
    const { startHttp } = await load('adapters/http/start-http');
    const ports = [await openPort(startHttp, null), await openPort(startHttp, () => TOKEN)];
    let inputs = 0;
    return {
      check: async (bytes) => {
        for (const port of ports) await checkPort(bytes, port);
        inputs += 1;
        if (inputs % ALIVE_EVERY === 0) for (const port of ports) await demandAlive(port);
      },
      close: async () => {
        for (const { server } of ports) await server.close();
      },
    };
  },
};

async function openPort(startHttp, httpToken) {
  const seen = { runs: 0, faults: [] };
  const server = await startHttp({
    address: '127.0.0.1:0',
    httpToken,
    board: {
      status: () => ({ who: EMAIL }),
      publicStatus: () => ({ who: null }),
      ready: () => ({ ok: true, reasons: [] }),
    },
    metrics: { render: () => 'grantd_build_info 1\n', contentType: 'text/plain' },
    reconcile: () => {
      seen.runs += 1;
    },
    isStuck: () => null,
    onError: (error) => seen.faults.push(error),
  });
  return { server, seen, hasToken: httpToken !== null };
}

async function checkPort(bytes, { server, seen, hasToken }) {
  const runsBefore = seen.runs;
  const received = await exchange(server.address, bytes);
  demand(seen.faults.length === 0, 'no request is a fault of the server', seen.faults[0]?.stack);
  demandAnswers(received);
  const said = bytes.toString('latin1');
  const asked = said.split('/-/reconcile').length - 1;
  const runs = seen.runs - runsBefore;
  demand(runs <= asked, 'a run is only begun by whoever asks for one', runs);
  demand(!received.includes(TOKEN) || !hasToken, 'the token of the port is not told', received);
  const hasRight = said.includes(TOKEN);
  const isLocal = /host:[ \t]*(?:localhost|\d|\[)/i.test(said);
  if (hasToken) demand(!received.includes(EMAIL) || hasRight, 'names need the token', received);
  else
    demand(!(received.includes(EMAIL) || runs > 0) || isLocal, 'a name that was pointed here gets nothing', received);
}

/** Everything that comes is one answer after another, each with a status that says what it is. */
function demandAnswers(received) {
  if (received === '') return;
  demand(/^HTTP\/1\.1 (?:100|200|4\d\d|5\d\d) /.test(received), 'an answer is an answer', received.slice(0, 100));
  for (const [, status] of received.matchAll(/^HTTP\/1\.1 (\d+) /gm)) {
    demand(/^(?:100|200|4\d\d|503|505)$/.test(status), 'a request is answered or refused, never a fault', status);
  }
}

async function demandAlive({ server }) {
  const received = await exchange(server.address, Buffer.from('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n'));
  demand(received.startsWith('HTTP/1.1 200 '), 'whoever comes next is answered', received);
}

/** Sends bytes, ends, and gives what came until the other side ended too. */
function exchange(address, bytes) {
  const [host, port] = address.split(':');
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect({ host, port: Number(port), allowHalfOpen: true });
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error(`the connection was still open after ${CLOSED_AFTER_MS} ms`));
    }, CLOSED_AFTER_MS);
    socket.setEncoding('latin1');
    socket.on('connect', () => socket.end(bytes));
    socket.on('data', (text) => {
      received += text;
    });
    socket.on('end', () => socket.destroy());
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(received);
    });
  });
}
