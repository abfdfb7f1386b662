import { readFileSync } from 'node:fs';
import { demand } from '../finding.mjs';

/** The moment at which everything here happens. */
export const NOW = Date.parse('2026-11-28T05:00:00Z');

export const ACCOUNT = 3229;

const ROOT = new URL('../../../', import.meta.url);

export function readText(path) {
  return readFileSync(new URL(path, ROOT), 'utf8');
}

/** A policy that passed, an account, and what makes a plan of the two. */
export async function openWorld(load) {
  const [{ validatePolicy }, { schemaCheck }, { resolvePolicy }, { makePlan }, { decodeSnapshot }, { NO_RESTRAINTS }] =
    await Promise.all([
      load('core/validate/validate-policy'),
      load('cli/process/schema-check'),
      load('core/resolve/resolve-policy'),
      load('run/reconcile/make-plan'),
      load('adapters/snapshot/snapshot'),
      load('core/domain/plan/restraints'),
    ]);
  const checkShape = await schemaCheck('policy');
  const validate = (text) => validatePolicy({ file: 'policy.yaml', text }, checkShape);
  const { actual } = decodeSnapshot(readText('proof/fuzz/seeds/snapshot/account.json'));
  const resolved = resolvePolicy(validate(readText('proof/fuzz/seeds/policy/example.yaml')).value);
  const plan = (wanted, found) => makePlan(wanted, found, NOW, NO_RESTRAINTS).plan;
  return { validate, resolvePolicy, resolved, actual, plan };
}

/** What no plan may hold, whatever it was made of. Judged from what was observed alone. */
export function demandSafePlan({ changes, held }, { accesses, apiTokens }) {
  const accessesById = new Map(accesses.map((access) => [access.access, access]));
  const tokensById = new Map((apiTokens ?? []).map((token) => [token.tokenId, token]));
  for (const change of [...changes, ...held.flatMap((part) => part.changes)]) {
    const { access, principal, resource, before, after } = change;
    const byAccess = accessesById.get(access);
    // The access of a token is what the policy says it is: the list need not show it.
    const holder = principal.kind === 'token' ? tokensById.get(principal.tokenId) : byAccess;
    demand(holder !== undefined, 'a change is of somebody who was observed', JSON.stringify(change));
    demand(byAccess?.canUpdate ?? principal.kind === 'token', 'a change is of what may be updated', access);
    demand(!holder.isOwnToken && !byAccess?.isOwnToken, 'no change is of the calling token', access);
    demand(after === 0 || after === 10 || after === 100, 'only levels that can be written are written', after);
    const row = holder.rows.find(({ type, id }) => type === resource.type && id === resource.id);
    demand((row?.level ?? 0) === before, 'a change begins at what was observed', JSON.stringify(change));
  }
}

/** No control character and no mark that reorders text reaches whoever reads it. */
export function demandVisible(text, promise) {
  demand(
    !/[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u.test(text),
    promise,
    JSON.stringify(text),
  );
}

/** Text between values, while `canonical` goes through them. */
class Mark {
  constructor(text) {
    this.text = text;
  }
}

/** The one order of keys in which two values can be compared as texts. However deep the value is, the stack stays flat. */
export function canonical(value) {
  const written = [];
  const todo = [value];
  while (todo.length > 0) {
    const next = todo.pop();
    if (next instanceof Mark) written.push(next.text);
    else if (typeof next !== 'object' || next === null) written.push(JSON.stringify(next) ?? 'null');
    else for (const part of partsOf(next).reverse()) todo.push(part);
  }
  return written.join('');
}

function partsOf(value) {
  const mark = (text) => new Mark(text);
  const comma = (index) => (index === 0 ? [] : [mark(',')]);
  if (Array.isArray(value)) return [mark('['), ...value.flatMap((item, index) => [...comma(index), item]), mark(']')];
  const keys = Object.keys(value).sort();
  const entries = keys.flatMap((key, index) => [...comma(index), mark(`${JSON.stringify(key)}:`), value[key]]);
  return [mark('{'), ...entries, mark('}')];
}

/** Undefined for what is no JSON. */
export function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
