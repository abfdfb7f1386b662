import type { AccessRow } from '../../../core/domain/account/actual-state.ts';
import { resourceKey } from '../../../core/domain/account/resource.ts';
import { decodeResourceType, type WireWords } from './resource-types.ts';
import { decodeList, fieldsOf, integerOf, WireMisfit, wordOf } from './shape.ts';

/**
 * Turns the `resources` of an account access or an API token (documented) into rows. Missing rows are a misfit: if they
 * counted as none, grantd would write them again. The same resource at two levels is a misfit; at one level it counts once.
 */
export function decodeRows(value: unknown, words: WireWords, readId = integerOf): readonly AccessRow[] {
  const rows = decodeList(value, (item) => decodeRow(item, words, readId));
  return hasRepeatedId(rows) ? withoutRepeats(rows) : rows;
}

function decodeRow(value: unknown, words: WireWords, readId: typeof integerOf): AccessRow {
  const fields = fieldsOf(value);
  return {
    type: decodeResourceType(wordOf(fields['resource_type'], '.resource_type'), words),
    id: readId(fields['resource_id'], '.resource_id'),
    level: integerOf(fields['access_level'], '.access_level'),
  };
}

/** A quick check that decides for almost every list: ids in order do not repeat, and without a repeated id no row repeats. */
function hasRepeatedId(rows: readonly AccessRow[]): boolean {
  if (rows.every((row, index) => index === 0 || row.id > (rows[index - 1]?.id ?? row.id))) return false;
  const ids = new Set<number>();
  for (const { id } of rows) ids.add(id);
  return ids.size < rows.length;
}

/** Ids repeat across types (documented), so a repeated row has the same type and id. */
function withoutRepeats(rows: readonly AccessRow[]): readonly AccessRow[] {
  const byKey = new Map<string, AccessRow>();
  for (const row of rows) {
    const key = resourceKey(row);
    const earlier = byKey.get(key);
    if (earlier && earlier.level !== row.level) {
      throw new WireMisfit('', `${key} is listed at two levels, ${earlier.level} and ${row.level}`);
    }
    byKey.set(key, row);
  }
  return [...byKey.values()];
}
