import { type Access, type AccountState, ADMIN_LEVEL, type Row, withAccess } from './account-state.ts';
import { answerWithJson, BAD_REQUEST, FORBIDDEN, NOT_FOUND, type RouteOutcome, unprocessable } from './answer.ts';
import { type ApiCall, bodyObject, isRequestObject, type RequestObject } from './api-call.ts';
import { levelOn } from './effective-level.ts';
import { flagsOf } from './list-accesses.ts';
import { isResourceOf, type PermissionItem, readPermissionItem } from './permission-item.ts';
import { typedId } from './resource-type.ts';

/**
 * The bulk PUT: an upsert per (type, id), in the order of the body, unless the seed says `put: replaces`. One bad item refuses
 * all of them, and a `_destroy` of a missing row does nothing (both assumed). The caller may write only on resources that it
 * administers. Documented for people: they cannot change their own permissions. That this holds for tokens is assumed, so the
 * seed can say `ownAccess: written`.
 */
export function updatePermissions(call: ApiCall, accessId: number): RouteOutcome {
  const { state, caller } = call;
  const access = state.accesses.get(accessId);
  if (!access) return { answer: NOT_FOUND };
  if (access.id === caller.id && state.switches.ownAccess === 'refused') return { answer: FORBIDDEN };
  if (!flagsOf(access).can_update) return { answer: FORBIDDEN };
  const written = writtenItems(call);
  if (!written) return { answer: BAD_REQUEST };
  const items: PermissionItem[] = [];
  const messages: string[] = [];
  for (const one of written) {
    const item = readPermissionItem(one, call.generation);
    const message = typeof item === 'string' ? item : foreignResource(state, item);
    if (message !== undefined) messages.push(message);
    else if (typeof item !== 'string') items.push(item);
  }
  if (messages.length > 0) return { answer: unprocessable('base', messages) };
  if (!items.every((item) => levelOn(state, caller, keyOf(item)) >= ADMIN_LEVEL)) return { answer: FORBIDDEN };
  return {
    answer: answerWithJson(200, { message: 'Permissions have been updated!' }),
    state: withItems(state, access, items),
  };
}

function writtenItems({ body }: ApiCall): readonly RequestObject[] | undefined {
  const items = bodyObject(body)?.['permissions'];
  return Array.isArray(items) && items.every(isRequestObject) ? items : undefined;
}

function foreignResource(state: AccountState, item: PermissionItem): string | undefined {
  const { type, id } = resourceOf(item);
  return isResourceOf(state, type, id) ? undefined : `Resource ${type} ${id} does not belong to the account`;
}

/** Returns the same state if nothing changes, so that the request log can see that. */
function withItems(state: AccountState, access: Access, items: readonly PermissionItem[]): AccountState {
  const rows = new Map<string, Row>(access.rows);
  for (const item of items) {
    const key = keyOf(item);
    if ('remove' in item) rows.delete(key);
    else rows.set(key, { ...item.set, type: rows.get(key)?.type ?? state.resources.get(key)?.type ?? item.set.type });
  }
  const named = new Set(items.map(keyOf));
  for (const key of [...rows.keys()]) {
    const isPruned = !named.has(key) && state.switches.coveredRows === 'pruned' && isCovered(state, rows, key, named);
    if (isPruned || (state.switches.put === 'replaces' && !named.has(key))) rows.delete(key);
  }
  return isSame(access.rows, rows) ? state : withAccess(state, { ...access, rows });
}

function isSame(before: ReadonlyMap<string, Row>, after: ReadonlyMap<string, Row>): boolean {
  return before.size === after.size && [...after].every(([key, { level }]) => before.get(key)?.level === level);
}

/** Whether a row on a resource above, which the PUT names, gives as much. */
function isCovered(
  state: AccountState,
  rows: ReadonlyMap<string, Row>,
  key: string,
  named: ReadonlySet<string>,
): boolean {
  const level = rows.get(key)?.level ?? 0;
  for (const above of keysAbove(state, key))
    if (named.has(above) && (rows.get(above)?.level ?? 0) >= level) return true;
  return false;
}

function keysAbove(state: AccountState, key: string): readonly string[] {
  if (!state.resources.has(key)) return [];
  const above: string[] = [];
  for (let up = state.resources.get(key)?.parent; up !== undefined; up = state.resources.get(up)?.parent)
    above.push(up);
  return [...above, typedId('account', state.id)];
}

function keyOf(item: PermissionItem): string {
  const { type, id } = resourceOf(item);
  return typedId(type, id);
}

function resourceOf(item: PermissionItem): Omit<Row, 'level'> {
  return 'set' in item ? item.set : item.remove;
}
