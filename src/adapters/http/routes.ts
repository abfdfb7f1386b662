import type { IncomingHttpHeaders } from 'node:http';
import { type Answer, jsonAnswer, refusal, textAnswer } from './answer.ts';
import type { Caller, Door } from './caller.ts';
import type { StatusBoard } from './status-board.ts';

/** What the routes tell, and what they set off. */
export interface Backend {
  readonly board: Pick<StatusBoard, 'status' | 'publicStatus' | 'ready'>;
  readonly metrics: { render(): string; readonly contentType: string };
  /** Asks for a run and returns at once. `commit` is what git-sync published, in hex, where it was git-sync. */
  readonly reconcile: (commit: string | null) => void;
  /** Why the daemon does not go on, or null where it does. */
  readonly isStuck: () => string | null;
}

export interface Question {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly caller: Caller;
  readonly door: Door;
}

interface Route {
  readonly methods: readonly string[];
  readonly says: string;
  readonly answer: (question: Question, backend: Backend) => Answer;
}

const READ = ['GET', 'HEAD'];

/** Every route; what is at none of them is told all of them. */
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
};

/** A hash of git: SHA-1 or SHA-256. */
const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i;

/** Answers at once, whatever it sets off. */
export function answerTo(question: Question, backend: Backend): Answer {
  const route = Object.hasOwn(ROUTES, question.path) ? ROUTES[question.path] : undefined;
  if (route === undefined) return notFound();
  if (!route.methods.includes(question.method)) {
    const allow = route.methods.join(', ');
    return refusal(405, 'this method is not allowed here', `use ${allow}`, { Allow: allow });
  }
  return route.answer(question, backend);
}

function notFound(): Answer {
  const routes = Object.entries(ROUTES).map(([path, { methods, says }]) => ({ path, methods, says }));
  return jsonAnswer(404, { error: { message: 'nothing is here', remedy: 'use one of the routes' }, routes });
}

function answerHealth({ isStuck }: Backend): Answer {
  const reason = isStuck();
  return judged({ ok: reason === null, reasons: reason === null ? [] : [reason] });
}

function judged(judgement: { readonly ok: boolean; readonly reasons: readonly string[] }): Answer {
  return jsonAnswer(judgement.ok ? 200 : 503, judgement);
}

function answerStatus({ caller, door }: Question, { board }: Backend): Answer {
  if (caller.token === 'wrong') return wrongToken();
  if (caller.token === 'right') return jsonAnswer(200, board.status());
  const isOpen = door.httpToken === null && door.isLoopback && caller.isLocal;
  if (!isOpen) return jsonAnswer(200, board.publicStatus());
  return caller.isHostKnown ? jsonAnswer(200, board.status()) : unknownHost();
}

function answerReconcile({ caller, door, headers }: Question, { reconcile }: Backend): Answer {
  if (!caller.isSameSite) {
    return refusal(403, 'a page of another site sent this', 'send it from a program, not from a page');
  }
  if (caller.token === 'wrong') return wrongToken();
  if (caller.token === 'none') {
    if (!caller.isLocal) return door.httpToken === null ? onlyLocal() : missingToken();
    if (!caller.isHostKnown) return unknownHost();
  }
  const header = headers['gitsync-hash'];
  const commit = typeof header === 'string' && COMMIT.test(header) ? header.toLowerCase() : null;
  reconcile(commit);
  return jsonAnswer(200, { accepted: true, commit });
}

function wrongToken(): Answer {
  return refusal(401, 'this is not the token', 'send what the file of httpTokenFile holds', {
    'WWW-Authenticate': 'Bearer realm="grantd", error="invalid_token"',
  });
}

function missingToken(): Answer {
  return refusal(401, 'a token is needed', 'send `Authorization: Bearer` with what the file of httpTokenFile holds', {
    'WWW-Authenticate': 'Bearer realm="grantd"',
  });
}

function onlyLocal(): Answer {
  return refusal(403, 'only this machine may ask for a run, since no token is configured', 'set httpTokenFile');
}

/** Whoever points a name of theirs at loopback has pages of theirs ask here, in the browser of whoever reads them. */
function unknownHost(): Answer {
  const remedy = 'ask by an IP address, by localhost or by the host of httpAddress, or send the token';
  return refusal(403, 'this name may have been pointed here by anybody', remedy);
}
