import type { GrantLevel } from '../../../core/domain/account/access-level.ts';
import { isWritableType, resourceKey, type WritableType } from '../../../core/domain/account/resource.ts';
import type { RowWrite } from '../../../core/domain/run/ports.ts';
import { type ApiPaths, encodeResourceType } from './resource-types.ts';

/** One row of a bulk PUT. The id is a string in the contract, an integer in every read. */
interface PermissionWire {
  readonly resource_id: string;
  readonly resource_type: string;
  readonly access_level?: GrantLevel;
  /** Only ever `true`: any value that is not false-like destroys (recorded in a client's bug report). */
  readonly _destroy?: true;
}

/**
 * Turns the rows of one account access into the body of its bulk PUT (contract), in the order given.
 * `read` has the words for types of the last reads. Throws `RangeError`, which is a mistake of the caller, for what grantd must never send: no row at all (row 8), one
 * resource twice (row 4), or a type or id that cannot be written.
 */
export function encodeRows(rows: readonly RowWrite[], paths: ApiPaths, read: ReadonlySet<string> = new Set()): string {
  if (rows.length === 0) throw new RangeError('a bulk PUT must have at least one row');
  const seen = new Set<string>();
  const permissions = rows.map((row) => {
    const key = resourceKey(row.resource);
    if (seen.has(key)) throw new RangeError(`a bulk PUT must not name ${key} twice`);
    seen.add(key);
    return encodeRow(row, (type) => encodeResourceType(type, paths, read));
  });
  return JSON.stringify({ permissions });
}

function encodeRow({ resource, level }: RowWrite, wordOf: (type: WritableType) => string): PermissionWire {
  if (!isWritableType(resource.type)) throw new RangeError(`a bulk PUT cannot name ${resourceKey(resource)}: its type`);
  if (!Number.isSafeInteger(resource.id))
    throw new RangeError(`a bulk PUT cannot name ${resourceKey(resource)}: its id`);
  const wire = { resource_id: String(resource.id), resource_type: wordOf(resource.type) };
  return level === null ? { ...wire, _destroy: true } : { ...wire, access_level: level };
}
