import type { AccessRow, AccountAccess, ApiToken } from '../../core/domain/account/actual-state.ts';
import { resourceKey } from '../../core/domain/account/resource.ts';
import type { JsonReader } from '../../core/domain/text/json-reader.ts';

/** Reports what the API's lists never hold twice either: a plan would take one of the two for the other. */
export function reportRepeats(
  reader: JsonReader,
  accesses: readonly AccountAccess[],
  apiTokens: readonly ApiToken[],
): void {
  reportTwice(reader, 'accesses', accesses, ({ access }) => `account access ${access}`);
  reportTwice(reader, 'apiTokens', apiTokens, ({ tokenId }) => `API token ${tokenId}`);
  for (const [index, { rows }] of accesses.entries()) reportRows(reader, `accesses[${index}].rows`, rows);
  for (const [index, { rows }] of apiTokens.entries()) reportRows(reader, `apiTokens[${index}].rows`, rows);
}

/** Of many rows: ids repeat across types, and only where one does are the names worth making. */
function reportRows(reader: JsonReader, place: string, rows: readonly AccessRow[]): void {
  if (new Set(rows.map(({ id }) => id)).size < rows.length) reportTwice(reader, place, rows, resourceKey);
}

function reportTwice<T>(reader: JsonReader, place: string, items: readonly T[], nameOf: (item: T) => string): void {
  const seen = new Set<string>();
  for (const item of items) {
    const name = nameOf(item);
    if (seen.has(name)) reader.report(place, `${name} stands twice`);
    seen.add(name);
  }
}
