import { type Access, type AccountState, ADMIN_LEVEL, withoutAccess } from './account-state.ts';
import {
  ACCOUNT_FORBIDDEN,
  answerWithJson,
  answerWithJsonText,
  FORBIDDEN,
  NOT_FOUND,
  type RouteOutcome,
} from './answer.ts';
import type { ApiCall, Endpoint } from './api-call.ts';
import { createToken, deleteToken, getToken, listTokens, resetToken } from './api-tokens.ts';
import { accountLevel } from './effective-level.ts';
import { filterKeys, flagsOf, listAccesses } from './list-accesses.ts';
import { listResources } from './list-resources.ts';
import type { Generation } from './resource-type.ts';
import { createSubAccount, getSubAccounts, managersOnly } from './sub-accounts.ts';
import { updatePermissions } from './update-permissions.ts';

/** A path of the API, and the endpoint that answers. */
export interface Route {
  readonly generation: Generation;
  /** The account that the path names; `undefined` where the token implies it. */
  readonly accountId: number | undefined;
  readonly answer: (call: ApiCall) => RouteOutcome;
}

/** Documented for every list and write about people and tokens: the caller must be an account admin or owner. */
function adminsOnly(endpoint: Endpoint): Endpoint {
  return (call, id) =>
    accountLevel(call.state, call.caller) < ADMIN_LEVEL ? { answer: FORBIDDEN } : endpoint(call, id);
}

/** Paths below the account, alike in both generations. `#` stands for an id. */
const BELOW_ACCOUNT: ReadonlyMap<string, Endpoint> = new Map<string, Endpoint>([
  ['GET permissions/resources', getResources],
  ['GET account_accesses', adminsOnly(getAccesses)],
  ['PUT account_accesses/#/permissions/bulk', updatePermissions],
  ['DELETE account_accesses/#', adminsOnly(removeAccess)],
  ['GET api_tokens', adminsOnly(getTokens)],
  ['POST api_tokens', adminsOnly(createToken)],
  ['GET api_tokens/#', adminsOnly(getToken)],
  ['POST api_tokens/#/reset', adminsOnly(resetToken)],
  ['DELETE api_tokens/#', adminsOnly(deleteToken)],
]);

const ABOVE_ACCOUNT: ReadonlyMap<string, Endpoint> = new Map<string, Endpoint>([
  ['GET accounts', getAccounts],
  ['GET organizations/#/sub_accounts', managersOnly(getSubAccounts)],
  ['POST organizations/#/sub_accounts', managersOnly(createSubAccount)],
]);

const ACCOUNT_PREFIX = /^accounts\/(\d{1,15})\/(.*)$/;

/** Finds the route for a method and path; `undefined` if the API has none. */
export function findRoute(method: string, path: string): Route | undefined {
  if (!path.startsWith('/api/')) return undefined;
  const rest = path.slice('/api/'.length);
  const prefix = ACCOUNT_PREFIX.exec(rest);
  const below = prefix?.[2] ?? rest;
  const id = Number(/\/(\d{1,15})(?:\/|$)/.exec(below)?.[1]);
  const pattern = `${method} ${below.replace(/\/\d{1,15}(?=\/|$)/, '/#')}`;
  const endpoint = BELOW_ACCOUNT.get(pattern) ?? (prefix ? undefined : ABOVE_ACCOUNT.get(pattern));
  if (!endpoint) return undefined;
  return {
    generation: prefix ? 'A' : 'B',
    accountId: prefix ? Number(prefix[1]) : undefined,
    answer: (call) => endpoint(call, id),
  };
}

/** Documented: the account in a path must be the account of the token. An account that does not exist gets the same answer. */
export function answerRoute(route: Route, call: ApiCall): RouteOutcome {
  if (route.accountId !== undefined && route.accountId !== call.state.id) return { answer: ACCOUNT_FORBIDDEN };
  return route.answer(call);
}

function getResources({ view, caller, generation }: ApiCall): RouteOutcome {
  const state = view();
  return cached(state, `resources ${generation} ${caller.id}`, () => listResources(state, caller, generation));
}

function getAccesses({ state: now, view, caller, generation, query }: ApiCall): RouteOutcome {
  const keys = filterKeys(query, now);
  if ('status' in keys) return { answer: keys };
  const state = view();
  if (keys.size > 0) return { answer: answerWithJson(200, listAccesses(state, caller, generation, keys)) };
  return cached(state, `accesses ${generation} ${caller.id}`, () => listAccesses(state, caller, generation, keys));
}

function getTokens({ view, generation }: ApiCall): RouteOutcome {
  const state = view();
  return cached(state, `tokens ${generation}`, () => listTokens(state, generation));
}

/** Documented: the level on the account; 1 for a token that only has access below it (assumed). */
function getAccounts({ state, caller }: ApiCall): RouteOutcome {
  const level = Math.max(accountLevel(state, caller), 1);
  return { answer: answerWithJson(200, [{ id: state.id, name: state.name, access_levels: [level] }]) };
}

/** For an invite or a token, this destroys the invite or token itself (documented). */
function removeAccess({ state }: ApiCall, id: number): RouteOutcome {
  const access: Access | undefined = state.accesses.get(id);
  if (!access) return { answer: NOT_FOUND };
  if (!flagsOf(access).can_destroy) return { answer: FORBIDDEN };
  return { answer: answerWithJson(200, { id }), state: withoutAccess(state, id) };
}

const bodies = new WeakMap<AccountState, Map<string, string>>();

/** Caches bodies, because a state never changes. Serializing a large list for every read would dominate a benchmark. */
function cached(view: AccountState, name: string, list: () => readonly object[]): RouteOutcome {
  const known = bodies.get(view) ?? new Map<string, string>();
  bodies.set(view, known);
  const body = known.get(name) ?? JSON.stringify(list());
  known.set(name, body);
  return { answer: answerWithJsonText(200, body) };
}
