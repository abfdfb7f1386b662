import {
  type Access,
  type AccountState,
  ADMIN_LEVEL,
  rowsByKey,
  type TokenSpecifier,
  withAccess,
  withoutAccess,
} from './account-state.ts';
import { type Answer, answerWithJson, BAD_REQUEST, NOT_FOUND, type RouteOutcome, unprocessable } from './answer.ts';
import { type ApiCall, isRequestObject, type RequestObject } from './api-call.ts';
import { rowsWire } from './list-accesses.ts';
import { isResourceOf, readPermissionItem } from './permission-item.ts';
import type { Generation } from './resource-type.ts';
import type { RowSeed } from './seed.ts';

const HOUR_MS = 3_600_000;
/** Documented: how long the secret from before a reset still works. */
const RESET_GRACE_MS = 12 * HOUR_MS;
/** Documented: a new token lives one year by default, and five years at most. */
const YEAR_MS = 365 * 24 * HOUR_MS;
const LIFETIME_MAX_MS = 5 * YEAR_MS;

type TokenAccess = Access & { readonly specifier: TokenSpecifier & { readonly id: number } };

/** `GET …/api_tokens`: the entries with their actual rows, the caller's own among them, and no account access id. */
export function listTokens(state: AccountState, generation: Generation): readonly object[] {
  return [...state.accesses.values()].filter(isTokenEntry).map((token) => tokenWire(token, generation, state));
}

/** `POST …/api_tokens`: with a reset, the only call whose answer shows a new secret. Status 200 is assumed. */
export function createToken(call: ApiCall): RouteOutcome {
  if (call.body === 'unparsable' || !isRequestObject(call.body.value)) return { answer: BAD_REQUEST };
  const { name, expires_at: expiry, resources } = call.body.value;
  if (typeof name !== 'string' || name.trim() === '') return { answer: unprocessable('name', ["can't be blank"]) };
  const expiresAt = readExpiry(expiry, call.now);
  if (expiresAt === undefined) return { answer: unprocessable('expires_at', ['is invalid']) };
  const rows = readRows(call, resources ?? []);
  if ('status' in rows) return { answer: rows };
  return addToken(call, {
    name,
    authorName: call.caller.specifier.kind === 'ApiToken' ? call.caller.specifier.name : '',
    expiresAt,
    rows,
  });
}

/** `POST …/api_tokens/{id}/reset`: a new entry with a new id, name and access; the old one lives twelve hours more. */
export function resetToken(call: ApiCall, id: number): RouteOutcome {
  const old = tokenEntry(call.state, id);
  if (!old) return { answer: NOT_FOUND };
  const { specifier } = old;
  const graceEnd = new Date(call.now + RESET_GRACE_MS).toISOString();
  const expiresAt =
    specifier.expiresAt !== null && Date.parse(specifier.expiresAt) < Date.parse(graceEnd)
      ? specifier.expiresAt
      : graceEnd;
  const state = withAccess(call.state, { ...old, specifier: { ...specifier, expiresAt } });
  return addToken(
    { ...call, state },
    { ...specifier, name: `${specifier.name} ${state.nextId}`, rows: [...old.rows.values()] },
  );
}

/** `DELETE …/api_tokens/{id}`: 204 without a body; the secret stops working at once. */
export function deleteToken(call: ApiCall, id: number): RouteOutcome {
  const token = tokenEntry(call.state, id);
  if (!token) return { answer: NOT_FOUND };
  return { answer: { status: 204, headers: {}, body: '' }, state: withoutAccess(call.state, token.id) };
}

interface NewToken {
  readonly name: string;
  readonly authorName: string;
  readonly expiresAt: string | null;
  readonly rows: readonly RowSeed[];
}

function addToken(call: ApiCall, token: NewToken): RouteOutcome {
  const { state } = call;
  const id = state.nextId;
  const secret = `simulator-token-of-account-${state.id}-${id}`;
  const { name, authorName, expiresAt } = token;
  const specifier = { kind: 'ApiToken' as const, id, name, authorName, secret, expiresAt, visibleFrom: ADMIN_LEVEL };
  const access = { id: id + 1, specifier, rows: rowsByKey(token.rows), listed: false, flags: {} };
  const callers = new Map(state.callers).set(secret, access.id);
  return {
    answer: answerWithJson(200, { ...tokenWire(access, call.generation, state), token: secret }),
    state: { ...withAccess(state, access), callers, nextId: id + 2 },
  };
}

function tokenWire({ specifier, ...access }: TokenAccess, generation: Generation, state: AccountState): object {
  const rows = rowsWire({ specifier, ...access }, generation, state);
  return {
    id: specifier.id,
    name: specifier.name,
    last_4_digits: specifier.secret.slice(-4),
    created_by: specifier.authorName,
    expires_at: specifier.expiresAt,
    resources: state.switches.textRowIds ? rows.map((row) => ({ ...row, resource_id: String(row.resource_id) })) : rows,
  };
}

function tokenEntry(state: AccountState, id: number): TokenAccess | undefined {
  return [...state.accesses.values()].filter(isTokenEntry).find((token) => token.specifier.id === id);
}

function isTokenEntry(access: Access): access is TokenAccess {
  return access.specifier.kind === 'ApiToken' && access.specifier.id !== undefined;
}

/** ISO 8601, at most five years ahead; `null` for never; one year if absent. Returns `undefined` for an invalid value. */
function readExpiry(written: unknown, now: number): string | null | undefined {
  if (written === undefined) return new Date(now + YEAR_MS).toISOString();
  if (written === null) return null;
  const at = typeof written === 'string' ? Date.parse(written) : Number.NaN;
  return at > now && at <= now + LIFETIME_MAX_MS ? new Date(at).toISOString() : undefined;
}

function readRows(call: ApiCall, written: unknown): readonly RowSeed[] | Answer {
  if (!Array.isArray(written) || !written.every(isRequestObject)) return BAD_REQUEST;
  const rows: RowSeed[] = [];
  const messages: string[] = [];
  for (const one of written as readonly RequestObject[]) {
    const item = readPermissionItem(one, call.generation);
    if (typeof item === 'string') messages.push(item);
    else if ('remove' in item) messages.push('A new token has nothing to destroy');
    else if (isResourceOf(call.state, item.set.type, item.set.id)) rows.push(item.set);
    else messages.push(`Resource ${item.set.type} ${item.set.id} does not belong to the account`);
  }
  return messages.length > 0 ? unprocessable('base', messages) : rows;
}
