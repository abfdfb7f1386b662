import { type AccountState, ADMIN_LEVEL, type Row } from './account-state.ts';
import type { RequestObject } from './api-call.ts';
import { type Generation, isWritableIn, keptType, typedId } from './resource-type.ts';

/** One item of a write: the row to set, or the row to remove. */
export type PermissionItem = { readonly set: Row } | { readonly remove: Omit<Row, 'level'> };

/** Documented: no other level can be written. Numbers are accepted as strings too. */
const WRITABLE_LEVELS: ReadonlyMap<unknown, number> = new Map<unknown, number>([
  ['admin', ADMIN_LEVEL],
  ['viewer', 10],
  [100, ADMIN_LEVEL],
  [10, 10],
  ['100', ADMIN_LEVEL],
  ['10', 10],
]);

const INTEGER_TEXT = /^\d{1,15}$/;

/**
 * Reads one item of a write, or says what is wrong with it. Unknown keys are ignored silently, and every `_destroy` except false
 * and null destroys, including "false" (both from the vendor's own client).
 */
export function readPermissionItem(item: RequestObject, generation: Generation): PermissionItem | string {
  const { resource_type: type, resource_id: writtenId, access_level: writtenLevel, _destroy: destroy } = item;
  if (typeof type !== 'string' || !isWritableIn(type, generation)) {
    return `Resource type ${JSON.stringify(type) ?? 'that is missing'} is not included in the list`;
  }
  const id = readId(writtenId);
  if (id === undefined) return `Resource id ${JSON.stringify(writtenId) ?? 'that is missing'} is invalid`;
  const resource = { type: keptType(type), id };
  if (destroy !== undefined && destroy !== null && destroy !== false) return { remove: resource };
  const level = WRITABLE_LEVELS.get(writtenLevel);
  if (level === undefined) {
    return `Access level ${JSON.stringify(writtenLevel) ?? 'that is missing'} is not included in the list`;
  }
  return { set: { ...resource, level } };
}

/** True for the account itself and for every resource of its tree, hidden or not. */
export function isResourceOf(state: AccountState, type: string, id: number): boolean {
  return type === 'account' ? id === state.id : state.resources.has(typedId(type, id));
}

/** The contract says a string; an integer is tolerated. */
function readId(written: unknown): number | undefined {
  if (typeof written === 'string' && INTEGER_TEXT.test(written)) return Number(written);
  return Number.isSafeInteger(written) && Number(written) >= 0 ? Number(written) : undefined;
}
