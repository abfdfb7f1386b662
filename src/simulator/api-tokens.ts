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
import { type ApiCall, bodyObject, isRequestObject, type RequestObject } from './api-call.ts';
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

/** Recorded. */
const NO_PERMISSIONS: Answer = unprocessable('base', ['No permissions selected. Please choose at least one.']);

type TokenAccess = Access & { readonly specifier: TokenSpecifier & { readonly id: number } };

/** `GET …/api_tokens`: the entries with their actual rows, the caller's own among them, and no account access id. */
export function listTokens(state: AccountState, generation: Generation): readonly object[] {
  return [...state.accesses.values()].filter(isTokenEntry).map((token) => tokenWire(token, generation, state));
}

/** `GET …/api_tokens/{id}`: one entry of that list (recorded). */
export function getToken({ state, generation }: ApiCall, id: number): RouteOutcome {
  const token = tokenEntry(state, id);
  return { answer: token ? answerWithJson(200, tokenWire(token, generation, state)) : NOT_FOUND };
}

/**
 * `POST …/api_tokens`: with a reset, the only call whose answer shows a new secret. Recorded: a token without permissions is
 * refused, and then the name is not looked at. That a body without `resources` is the same as an empty list is assumed.
 */
export function createToken(call: ApiCall): RouteOutcome {
  const body = bodyObject(call.body);
  if (!body) return { answer: BAD_REQUEST };
  const { name, resources } = body;
  const rows = readRows(call, resources ?? []);
  if ('status' in rows) return { answer: rows };
  if (typeof name !== 'string' || name.trim() === '') return { answer: unprocessable('name', ["can't be blank"]) };
  const expiresAt = readExpiry(body, call.now);
  if (isAnswer(expiresAt)) return { answer: expiresAt };
  return addToken(call, {
    name,
    authorName: call.caller.specifier.kind === 'ApiToken' ? call.caller.specifier.name : '',
    expiresAt,
    rows,
  });
}

/**
 * `POST …/api_tokens/{id}/reset`: a new entry with a new id, name and access; the old one lives twelve hours more. Documented: a
 * token that was reset before, or has expired, cannot be reset. The text of that 422 is assumed.
 */
export function resetToken(call: ApiCall, id: number): RouteOutcome {
  const old = tokenEntry(call.state, id);
  if (!old) return { answer: NOT_FOUND };
  const body = call.body === 'empty' ? {} : bodyObject(call.body);
  if (!body) return { answer: BAD_REQUEST };
  const { specifier } = old;
  const end = specifier.expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(specifier.expiresAt);
  if (specifier.wasReset || end <= call.now) {
    return { answer: unprocessable('base', ['Token has already been reset or has expired']) };
  }
  const expiresAt = readExpiry(body, call.now);
  if (isAnswer(expiresAt)) return { answer: expiresAt };
  const graceEnd = call.now + RESET_GRACE_MS;
  const left = { ...specifier, wasReset: true, expiresAt: end < graceEnd ? specifier.expiresAt : timeWire(graceEnd) };
  const state = withAccess(call.state, { ...old, specifier: left });
  const name = `${specifier.name} ${state.nextId}`;
  return addToken(
    { ...call, state },
    { name, authorName: specifier.authorName, expiresAt, rows: [...old.rows.values()] },
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
  const specifier: TokenAccess['specifier'] = {
    kind: 'ApiToken',
    id,
    name,
    authorName,
    secret,
    expiresAt,
    wasReset: false,
    visibleFrom: ADMIN_LEVEL,
  };
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
    last_4_digits: state.switches.hidesDigits ? null : specifier.secret.slice(-4),
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

/**
 * The `expires_at` of a body: one year ahead if absent, `null` for never (both documented). A past one is refused (recorded), and
 * so is one that is over five years ahead (documented; its text is assumed).
 */
function readExpiry({ expires_at: written }: RequestObject, now: number): string | null | Answer {
  if (written === undefined) return timeWire(now + YEAR_MS);
  if (written === null) return null;
  const at = typeof written === 'string' ? Date.parse(written) : Number.NaN;
  if (Number.isNaN(at)) return unprocessable('base', ['Expiration date is invalid']);
  if (at <= now) return unprocessable('base', ['Expiration date must be in the future']);
  if (at > now + LIFETIME_MAX_MS) return unprocessable('base', ['Expiration date must be within 5 years']);
  return timeWire(at);
}

function isAnswer(expiry: string | null | Answer): expiry is Answer {
  return typeof expiry === 'object' && expiry !== null;
}

/** Recorded: ISO 8601 without a fraction. */
function timeWire(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

function readRows(call: ApiCall, written: unknown): readonly RowSeed[] | Answer {
  if (!Array.isArray(written) || !written.every(isRequestObject)) return BAD_REQUEST;
  if (written.length === 0) return NO_PERMISSIONS;
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
