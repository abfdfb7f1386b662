import type { AccountState } from './account-state.ts';

/** An HTTP answer, before the headers that `withEnvelope` adds. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answer and, if the call changed an account or made one, its state after that. */
export interface RouteOutcome {
  readonly answer: Answer;
  readonly state?: AccountState;
}

const JSON_TYPE = { 'Content-Type': 'application/json; charset=utf-8' };

/** An answer with a value as its JSON body. */
export function answerWithJson(status: number, value: unknown): Answer {
  return answerWithJsonText(status, JSON.stringify(value));
}

/** Like `answerWithJson`, for a body that is already text. */
export function answerWithJsonText(status: number, body: string): Answer {
  return { status, headers: JSON_TYPE, body };
}

/** An answer with an HTML body. */
export function answerWithHtml(status: number, body: string): Answer {
  return { status, headers: { 'Content-Type': 'text/html; charset=utf-8' }, body };
}

/** Recorded: a 400 has no body at all, and says `text/html`. Something before the API answers it, so `withEnvelope` adds less. */
export const BAD_REQUEST: Answer = answerWithHtml(400, '');
/** Recorded, with its header. */
export const INCORRECT_TOKEN: Answer = {
  ...answerWithJson(401, { error: 'Incorrect API token' }),
  headers: { ...JSON_TYPE, 'WWW-Authenticate': 'Token realm="Application"' },
};
/** Documented: the account does not belong to the token. */
export const ACCOUNT_FORBIDDEN: Answer = answerWithJson(403, { errors: 'Account access forbidden' });
/** Documented: the token's level is too low. */
export const FORBIDDEN: Answer = answerWithJson(403, { errors: 'Access forbidden' });
/** Recorded for an unknown account access; assumed for everything else that does not exist. */
export const NOT_FOUND: Answer = answerWithJson(404, { error: 'Not Found' });
/** Documented. */
export const RATE_LIMITED: Answer = answerWithJson(429, { errors: 'Rate limit exceeded' });
/** Assumed: the limit of the real API is unknown. */
export const TOO_LARGE: Answer = answerWithHtml(413, '');

/** Recorded shape: one list of messages under `base`, or under the name of the field. */
export function unprocessable(field: string, messages: readonly string[]): Answer {
  return answerWithJson(422, { errors: { [field]: messages } });
}
