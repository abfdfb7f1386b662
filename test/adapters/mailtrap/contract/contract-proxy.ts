import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse, request as send } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const DOCUMENTS = [
  { document: 'getResources.openapi.json', path: /\/permissions\/resources$/ },
  { document: 'updateUserPermissions.openapi.json', path: /\/permissions\/bulk$/ },
];

/** One exchange that went through a validating proxy, and what it had to say against it. */
export interface CheckedExchange {
  readonly method: string;
  readonly status: number;
  /** Empty where both the request and the answer are as the contract says. */
  readonly violations: string;
}

/**
 * Stands between a client and an API: the calls of the contract go through a Prism for the document of each, which
 * validates request and answer, and every other call goes straight on.
 */
export class ContractProxy {
  readonly checked: CheckedExchange[] = [];
  readonly #server: Server;
  readonly #prisms: ChildProcess[] = [];
  readonly #portByPath: { readonly path: RegExp; readonly port: number }[] = [];

  constructor(upstreamPort: number) {
    this.#server = createServer((request, response) => {
      const prism = this.#portByPath.find(({ path }) => path.test(request.url ?? ''));
      pass(request, response, prism?.port ?? upstreamPort, (answer, body) => {
        if (prism) this.checked.push(toChecked(request, answer, body));
      });
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async start(upstreamUrl: string): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    await Promise.all(DOCUMENTS.map(({ document, path }) => this.#startPrism(document, path, upstreamUrl)));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await Promise.all(this.#prisms.map(end));
  }

  async #startPrism(document: string, path: RegExp, upstreamUrl: string): Promise<void> {
    const port = await freePort();
    const cli = fileURLToPath(new URL('../../../../node_modules/@stoplight/prism-cli/dist/index.js', import.meta.url));
    const file = fileURLToPath(new URL(document, import.meta.url));
    const prism = spawn(process.execPath, [cli, 'proxy', file, upstreamUrl, '--errors', '--port', String(port)]);
    this.#prisms.push(prism);
    this.#portByPath.push({ path, port });
    await listening(prism);
  }
}

/** With `--errors` a violation takes the place of the answer, as a problem document. */
function toChecked(request: IncomingMessage, answer: IncomingMessage, body: string): CheckedExchange {
  const isProblem = answer.headers['content-type']?.includes('problem+json') ?? false;
  const noted = answer.headers['sl-violations'];
  const violations = isProblem ? body : noted === undefined ? '' : String(noted);
  return { method: request.method ?? '', status: answer.statusCode ?? 0, violations };
}

type Seen = (answer: IncomingMessage, body: string) => void;

function pass(request: IncomingMessage, response: ServerResponse, port: number, seen: Seen): void {
  const { method, url, headers } = request;
  const forwarded = send({ host: '127.0.0.1', port, method, path: url, headers }, async (answer) => {
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    seen(answer, body.toString('utf8'));
    const { 'transfer-encoding': _, ...rest } = answer.headers;
    response.writeHead(answer.statusCode ?? 502, rest).end(body);
  });
  forwarded.on('error', () => response.destroy());
  request.pipe(forwarded);
}

/** Resolves when Prism says that it listens; rejects with what it said when it ends before. */
function listening(prism: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    const hear = (chunk: Buffer) => {
      said += chunk.toString('utf8');
      if (said.includes('Prism is listening')) resolve();
    };
    prism.stdout?.on('data', hear);
    prism.stderr?.on('data', hear);
    prism.once('exit', () => reject(new Error(`Prism ended: ${said}`)));
  });
}

async function end(prism: ChildProcess): Promise<void> {
  if (prism.exitCode !== null || prism.signalCode !== null) return;
  const ended = once(prism, 'exit');
  prism.kill('SIGKILL');
  await ended;
}

async function freePort(): Promise<number> {
  const server = createTcpServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
