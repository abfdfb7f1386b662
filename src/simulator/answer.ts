import type { AccountState } from './account-state.ts';

/** What goes back over the wire, before the headers that every answer carries. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answer and, when the call changed the account, the state after it. */
export interface Outcome {
  readonly answer: Answer;
  readonly state?: AccountState;
}

export function jsonAnswer(status: number, value: unknown): Answer {
  return jsonTextAnswer(status, JSON.stringify(value));
}

/** As `jsonAnswer`, for a body that is already text. */
export function jsonTextAnswer(status: number, body: string): Answer {
  return { status, headers: { 'Content-Type': 'application/json; charset=utf-8' }, body };
}

export function htmlAnswer(status: number, body: string): Answer {
  return { status, headers: { 'Content-Type': 'text/html; charset=utf-8' }, body };
}

/** Recorded: a 400 has no body at all, and says `text/html`. */
export const BAD_REQUEST: Answer = htmlAnswer(400, '');
/** Recorded. */
export const INCORRECT_TOKEN: Answer = jsonAnswer(401, { error: 'Incorrect API token' });
/** Documented: the account is not the token's. */
export const ACCOUNT_FORBIDDEN: Answer = jsonAnswer(403, { errors: 'Account access forbidden' });
/** Documented: the token's level is too low. */
export const FORBIDDEN: Answer = jsonAnswer(403, { errors: 'Access forbidden' });
/** Recorded for an unknown account access; assumed for everything else that is not there. */
export const NOT_FOUND: Answer = jsonAnswer(404, { error: 'Not Found' });
/** Documented. */
export const RATE_LIMITED: Answer = jsonAnswer(429, { errors: 'Rate limit exceeded' });
/** Assumed: nothing tells where the real API stops reading. */
export const TOO_LARGE: Answer = htmlAnswer(413, '');

/** Recorded shape: one list of messages under `base`, or under the name of the field. */
export function unprocessable(field: string, messages: readonly string[]): Answer {
  return jsonAnswer(422, { errors: { [field]: messages } });
}
