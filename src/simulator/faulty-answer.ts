import {
  ACCOUNT_FORBIDDEN,
  type Answer,
  answerWithHtml,
  answerWithJson,
  BAD_REQUEST,
  FORBIDDEN,
  INCORRECT_TOKEN,
  NOT_FOUND,
  RATE_LIMITED,
  unprocessable,
} from './answer.ts';
import type { FaultBody, FaultEffect } from './fault.ts';

const PROXY_PAGE =
  '<!DOCTYPE html>\n<html><head><title>Service page</title></head><body><h1>Please wait</h1></body></html>\n';

/** One answer for each status of the table of errors. Bodies of 5xx vary in practice; this is one of them. */
const TABLE: ReadonlyMap<number, Answer> = new Map(
  [BAD_REQUEST, INCORRECT_TOKEN, FORBIDDEN, NOT_FOUND, unprocessable('base', ['is invalid']), RATE_LIMITED].map(
    (answer) => [answer.status, answer] as const,
  ),
);

const NAMED: Readonly<Record<Exclude<FaultBody, object | 'table'>, Answer>> = {
  html: answerWithHtml(200, PROXY_PAGE),
  empty: answerWithHtml(200, ''),
  'account-forbidden': ACCOUNT_FORBIDDEN,
  forbidden: FORBIDDEN,
  plan: answerWithJson(403, { errors: 'Unavailable on your plan' }),
  base: unprocessable('base', ['is invalid']),
  name: unprocessable('name', ["can't be blank"]),
  filters: answerWithJson(422, { errors: { filters: 'is invalid' } }),
};

/** The answer of a fault that answers instead of the endpoint; `undefined` for other faults. */
export function answerOfFault(fault: FaultEffect): Answer | undefined {
  switch (fault.kind) {
    case 'status':
      return statusAnswer(fault);
    case 'redirect':
      return {
        status: fault.status ?? 302,
        headers: { Location: fault.location, 'Content-Type': 'text/html' },
        body: '',
      };
    case 'html':
      return answerWithHtml(200, PROXY_PAGE);
    default:
      return undefined;
  }
}

function statusAnswer({ status, body = 'table', retryAfter }: Extract<FaultEffect, { kind: 'status' }>): Answer {
  const { headers, body: text } = bodyAnswer(status, body);
  if (retryAfter === undefined) return { status, headers, body: text };
  return { status, headers: { ...headers, 'Retry-After': String(retryAfter) }, body: text };
}

function bodyAnswer(status: number, body: FaultBody): Answer {
  if (body === 'table') return TABLE.get(status) ?? answerWithJson(status, { error: `Status ${status}` });
  if (typeof body === 'string') return NAMED[body];
  if ('json' in body) return answerWithJson(status, body.json);
  return { status, headers: { 'Content-Type': body.type ?? 'text/plain; charset=utf-8' }, body: body.text };
}
