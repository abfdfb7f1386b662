import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type KubeObject = { metadata: Record<string, unknown>; [key: string]: unknown };

/** One write that was let through: what the object was after it, and when. */
export interface StoredWrite {
  readonly at: number;
  readonly method: 'POST' | 'PUT';
  readonly path: string;
  readonly object: KubeObject;
}

/** How the server fails, until a test sets it back. */
export type Trouble =
  | null
  /** Connections break. */
  | 'down'
  /** Nothing is ever answered. */
  | 'silent'
  /** What is written takes effect, and the answer is lost. */
  | 'answers-lost'
  | { readonly status: number; readonly body: string };

const PATHS =
  /^(\/apis\/coordination\.k8s\.io\/v1\/namespaces\/(?:team)\/leases|\/api\/v1\/namespaces\/(?:team)\/configmaps)(?:\/([^/]+))?$/;
const REVIEWS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

/** A server that does what the Kubernetes API does for Leases, ConfigMaps and access reviews of the namespace `team`. */
export class ApiServer {
  trouble: Trouble = null;
  /** What happens while a write has taken effect and its answer is on the way. */
  onTheWay: () => void = () => {};
  /** Verbs and names that are not allowed, such as `update leases`. */
  readonly forbidden = new Set<string>();
  readonly writes: StoredWrite[] = [];
  readonly tokens: (string | undefined)[] = [];
  readonly requests: string[] = [];
  readonly #objects = new Map<string, KubeObject>();
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  #version = 1000;

  static async start(): Promise<ApiServer> {
    const server = new ApiServer();
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What stands at a path, or undefined. */
  object(path: string): KubeObject | undefined {
    return this.#objects.get(path);
  }

  lease(name: string): KubeObject | undefined {
    return this.object(`/apis/coordination.k8s.io/v1/namespaces/team/leases/${name}`);
  }

  configMap(name: string): KubeObject | undefined {
    return this.object(`/api/v1/namespaces/team/configmaps/${name}`);
  }

  /** Writes as someone else does, with kubectl. */
  put(path: string, object: KubeObject): void {
    this.#store(path, object);
  }

  delete(path: string): void {
    this.#objects.delete(path);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request;
    const text = await textOf(request);
    this.requests.push(`${method} ${url}`);
    this.tokens.push(request.headers.authorization);
    if (this.trouble === 'down') return void request.socket.resetAndDestroy();
    if (this.trouble === 'silent') return;
    if (this.trouble !== null && typeof this.trouble === 'object') {
      response.writeHead(this.trouble.status).end(this.trouble.body);
      return;
    }
    const [status, object] = this.#judge(method, url, text);
    if (method !== 'GET') this.onTheWay();
    if (this.trouble === 'answers-lost') return void request.socket.resetAndDestroy();
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(object));
  }

  #judge(method: string, url: string, text: string): readonly [status: number, object: unknown] {
    if (url === REVIEWS) return this.#review(JSON.parse(text));
    const [, list = '', name] = PATHS.exec(url) ?? [];
    if (list === '') return refusal(404, 'NotFound');
    const verb = { GET: 'get', POST: 'create', PUT: 'update' }[method] ?? method;
    if (this.forbidden.has(`${verb} ${list.split('/').at(-1)}`)) return refusal(403, 'Forbidden');
    const stored = this.#objects.get(url);
    if (method === 'GET') return stored ? [200, stored] : refusal(404, 'NotFound');
    const object: KubeObject = JSON.parse(text);
    const path = `${list}/${name ?? object.metadata['name']}`;
    const before = this.#objects.get(path);
    if (method === 'POST' && before) return refusal(409, 'AlreadyExists');
    if (method === 'PUT' && !before) return refusal(404, 'NotFound');
    const wanted = object.metadata['resourceVersion'];
    if (method === 'PUT' && wanted !== undefined && wanted !== before?.metadata['resourceVersion']) {
      return refusal(409, 'Conflict');
    }
    const after = this.#store(path, object);
    this.writes.push({ at: Date.now(), method: method as 'POST' | 'PUT', path, object: after });
    return [method === 'POST' ? 201 : 200, after];
  }

  #store(path: string, object: KubeObject): KubeObject {
    this.#version += 1;
    const after = { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#version) } };
    this.#objects.set(path, after);
    return after;
  }

  #review(review: { spec: { resourceAttributes: { verb: string; resource: string } } }) {
    const { verb, resource } = review.spec.resourceAttributes;
    return [201, { ...review, status: { allowed: !this.forbidden.has(`${verb} ${resource}`) } }] as const;
  }
}

function refusal(status: number, reason: string): readonly [number, unknown] {
  return [
    status,
    { kind: 'Status', status: 'Failure', reason, message: `${reason}: the server says so`, code: status },
  ];
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
