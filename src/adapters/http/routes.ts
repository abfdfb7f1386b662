import type { IncomingHttpHeaders } from 'node:http';
import { type HttpAnswer, jsonAnswer, refusal, textAnswer } from './answer.ts';
import type { Caller, ListenerAccess } from './caller.ts';
import { accountOfPath, MAILTRAP_ROUTE, type MailtrapWebhook } from './mailtrap-webhook.ts';
import type { StatusBoard } from './status-board.ts';

/** What the routes show, and what they start. */
export interface Backend {
  readonly board: Pick<StatusBoard, 'status' | 'publicStatus' | 'ready'>;
  readonly metrics: { render(): string; readonly contentType: string };
  /** Asks for a run and returns at once. `commit` is what git-sync published, in hex; null if someone else asks. */
  readonly reconcile: (commit: string | null) => void;
  /** Null where no account has a secret for audit events of Mailtrap: then there is no such route. */
  readonly mailtrap: MailtrapWebhook | null;
  /** Why the daemon is stuck, or null if it is not. */
  readonly isStuck: () => string | null;
}

export interface RouteRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly caller: Caller;
  readonly access: ListenerAccess;
}

interface Route {
  readonly methods: readonly string[];
  readonly says: string;
  readonly answer: (request: RouteRequest, backend: Backend) => HttpAnswer;
}

const READ = ['GET', 'HEAD'];

/** Every route. Any other path gets the list of them. */
export const ROUTES: Readonly<Record<string, Route>> = {
  '/healthz': { methods: READ, says: 'whether every loop is alive', answer: (_, backend) => answerHealth(backend) },
  '/readyz': {
    methods: READ,
    says: 'whether every account has a policy',
    answer: (_, { board }) => judged(board.ready()),
  },
  '/metrics': {
    methods: READ,
    says: 'metrics for Prometheus',
    answer: (_, { metrics }) => textAnswer(200, metrics.contentType, metrics.render()),
  },
  '/api/v1/status': { methods: READ, says: 'what the daemon is doing', answer: answerStatus },
  '/-/reconcile': { methods: ['POST'], says: 'asks for a run', answer: answerReconcile },
  // Where it is, the server takes the delivery before it comes here.
  [MAILTRAP_ROUTE]: { methods: ['POST'], says: 'takes audit events of Mailtrap, if configured', answer: notFound },
};

/** A hash of git: SHA-1 or SHA-256. */
const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i;

/** Answers at once, whatever it starts. */
export function answerTo(request: RouteRequest, backend: Backend): HttpAnswer {
  const path = accountOfPath(request.path) === null ? request.path : MAILTRAP_ROUTE;
  const isNamed = Object.hasOwn(ROUTES, path) && request.path !== MAILTRAP_ROUTE;
  const route = isNamed ? ROUTES[path] : undefined;
  if (route === undefined) return notFound();
  if (!route.methods.includes(request.method)) {
    const allow = route.methods.join(', ');
    return refusal(405, 'this method is not allowed here', `use ${allow}`, { Allow: allow });
  }
  return route.answer(request, backend);
}

function notFound(): HttpAnswer {
  const routes = Object.entries(ROUTES).map(([path, { methods, says }]) => ({ path, methods, says }));
  return jsonAnswer(404, { error: { message: 'nothing is here', remedy: 'use one of the routes' }, routes });
}

function answerHealth({ isStuck }: Backend): HttpAnswer {
  const reason = isStuck();
  return judged({ ok: reason === null, reasons: reason === null ? [] : [reason] });
}

function judged(judgement: { readonly ok: boolean; readonly reasons: readonly string[] }): HttpAnswer {
  return jsonAnswer(judgement.ok ? 200 : 503, judgement);
}

function answerStatus({ caller, access }: RouteRequest, { board }: Backend): HttpAnswer {
  if (caller.token === 'wrong') return wrongToken();
  if (caller.token === 'right') return jsonAnswer(200, board.status());
  const isOpen = access.httpToken === null && access.isLoopback && caller.isLocal;
  if (!isOpen) return jsonAnswer(200, board.publicStatus());
  return caller.isHostKnown ? jsonAnswer(200, board.status()) : unknownHost();
}

function answerReconcile({ caller, access, headers }: RouteRequest, { reconcile }: Backend): HttpAnswer {
  if (!caller.isSameSite) {
    return refusal(403, 'a page of another site sent this', 'send it from a program, not from a page');
  }
  if (caller.token === 'wrong') return wrongToken();
  if (caller.token === 'none') {
    if (!caller.isLocal) return access.httpToken === null ? onlyLocal() : missingToken();
    if (!caller.isHostKnown) return unknownHost();
  }
  const header = headers['gitsync-hash'];
  const commit = typeof header === 'string' && COMMIT.test(header) ? header.toLowerCase() : null;
  reconcile(commit);
  return jsonAnswer(200, { accepted: true, commit });
}

function wrongToken(): HttpAnswer {
  return refusal(401, 'this is not the token', 'send what the file of httpTokenFile holds', {
    'WWW-Authenticate': 'Bearer realm="grantd", error="invalid_token"',
  });
}

function missingToken(): HttpAnswer {
  return refusal(401, 'a token is needed', 'send `Authorization: Bearer` with what the file of httpTokenFile holds', {
    'WWW-Authenticate': 'Bearer realm="grantd"',
  });
}

function onlyLocal(): HttpAnswer {
  return refusal(403, 'only this machine may ask for a run, since no token is configured', 'set httpTokenFile');
}

/** An attacker can point a name at loopback, so that a page of theirs sends requests here from a visitor's browser. */
function unknownHost(): HttpAnswer {
  const remedy = 'ask by an IP address, by localhost or by the host of httpAddress, or send the token';
  return refusal(403, 'anyone may have pointed this name here', remedy);
}
