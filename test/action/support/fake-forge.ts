import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterTest } from '../../support/after-test.ts';

/** A comment as the API of GitHub has it, or a note as that of GitLab. */
export interface Comment {
  readonly id: number;
  readonly html_url: string;
  readonly user: { readonly login: string };
  readonly author: { readonly id: number };
  body: string;
}

export interface ForgeRequest {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly token: string;
}

export interface FakeForge {
  readonly url: string;
  readonly comments: Comment[];
  readonly requests: ForgeRequest[];
  /** Files of the latest job of the default branch, by name (GitLab). */
  readonly artifacts: Map<string, string>;
  /** Answers that come before any other, one for each request (of the method that the first one waits for). */
  readonly failures: { readonly status: number; readonly method?: string; readonly headers?: Record<string, string> }[];
  /** As the token of a fork's pull request: reads, and may not write. */
  mayWrite: boolean;
  add: (body: string, author?: string) => Comment;
}

const BOT = 'github-actions[bot]';
const BODY_CHARACTERS_MAX = 65_536;
const GITLAB_USER = 77;

/** The comments of pull request 7 of acme/access (project 42 of GitLab), kept as the forges do, over real HTTP. */
export async function startForge(): Promise<FakeForge> {
  const comments: Comment[] = [];
  const requests: ForgeRequest[] = [];
  const forge: FakeForge = {
    url: '',
    comments,
    requests,
    artifacts: new Map(),
    failures: [],
    mayWrite: true,
    add: (body, author = BOT) => {
      const id = 1000 + comments.length;
      const user = author === BOT ? GITLAB_USER : 1;
      const made = {
        id,
        html_url: `https://github.test/acme/access/pull/7#issuecomment-${id}`,
        user: { login: author },
        author: { id: user },
        body,
      };
      comments.push(made);
      return made;
    },
  };
  const server = createServer((request, response) => void answer(forge, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterTest(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return Object.assign(forge, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

async function answer(forge: FakeForge, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  const body = text === '' ? undefined : (JSON.parse(text) as { body?: string });
  const path = request.url ?? '';
  const token = `${request.headers['private-token'] ?? request.headers.authorization?.replace(/^Bearer /, '') ?? ''}`;
  forge.requests.push({ method: request.method ?? '', path, body, token });
  const isNext = [undefined, request.method].includes(forge.failures[0]?.method);
  const failure = isNext ? forge.failures.shift() : undefined;
  const [status, json] = failure
    ? [failure.status, { message: 'on purpose' }]
    : route(forge, request, body?.body, token);
  response.writeHead(status, { 'content-type': 'application/json', ...failure?.headers });
  response.end(typeof json === 'string' ? json : JSON.stringify(json));
}

type Answer = readonly [status: number, json: unknown];

function route(forge: FakeForge, request: IncomingMessage, body: string | undefined, token: string): Answer {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://forge');
  if (token === '') return [401, { message: 'Requires authentication' }];
  const file = /^\/projects\/42\/jobs\/artifacts\/main\/raw\/(.+)$/.exec(pathname)?.[1];
  if (file !== undefined && searchParams.get('job') === 'grantd-snapshot')
    return forge.artifacts.has(file) ? [200, forge.artifacts.get(file)] : [404, { message: '404 Not found' }];
  if (pathname === '/user') return [200, { id: GITLAB_USER }];
  const list = ['/repos/acme/access/issues/7/comments', '/projects/42/merge_requests/7/notes'];
  if (list.includes(pathname) && request.method === 'GET') return [200, page(forge.comments, searchParams)];
  if (list.includes(pathname) && request.method === 'POST') return write(forge, body, () => forge.add(body ?? ''), 201);
  const id = /^\/(?:repos\/acme\/access\/issues\/comments|projects\/42\/merge_requests\/7\/notes)\/(\d+)$/.exec(
    pathname,
  )?.[1];
  const found = forge.comments.find((comment) => `${comment.id}` === id);
  const updates = pathname.startsWith('/repos') ? 'PATCH' : 'PUT';
  if (found === undefined || request.method !== updates) return [404, { message: 'Not Found' }];
  return write(forge, body, () => Object.assign(found, { body }), 200);
}

function page(comments: readonly Comment[], query: URLSearchParams): readonly Comment[] {
  const size = Math.min(Number(query.get('per_page') ?? 30), 100);
  const from = (Number(query.get('page') ?? 1) - 1) * size;
  return comments.slice(from, from + size);
}

function write({ mayWrite }: FakeForge, body: string | undefined, take: () => Comment, status: number): Answer {
  if (!mayWrite) return [403, { message: 'Resource not accessible by integration' }];
  if (body === undefined || body.length > BODY_CHARACTERS_MAX)
    return [422, { message: 'Validation Failed: body is too long (maximum is 65536 characters)' }];
  return [status, take()];
}
