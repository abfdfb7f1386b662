import type { Change } from '../plan/plan.ts';
import { LEVEL } from './access-level.ts';
import type { AccessRow, ActualState } from './actual-state.ts';
import { type ResourceId, resourceKey } from './resource.ts';

/**
 * The account after some changes, assuming that every write lasts and no one else writes. A token is recognized by
 * either of its two ids.
 */
export function accountAfter(actual: ActualState, changes: readonly Change[]): ActualState {
  const byAccess = groupBy(changes, ({ access }) => `access ${access}`);
  const byToken = groupBy(changes, ({ principal }) => (principal.kind === 'token' ? `token ${principal.tokenId}` : ''));
  return {
    ...actual,
    accesses: actual.accesses.map((access) => ({
      ...access,
      rows: rowsAfter(access.rows, byAccess.get(`access ${access.access}`) ?? []),
    })),
    apiTokens:
      actual.apiTokens?.map((token) => ({
        ...token,
        rows: rowsAfter(token.rows, byToken.get(`token ${token.tokenId}`) ?? []),
      })) ?? null,
  };
}

/** The rows of one access after its changes. */
export function rowsAfter(rows: readonly AccessRow[], changes: readonly Change[]): readonly AccessRow[] {
  const changed = new Set(changes.map(({ resource }) => resourceKey(resource)));
  return [
    ...rows.filter((row) => !changed.has(resourceKey(row))),
    ...changes.filter(({ after }) => after > LEVEL.none).map(({ resource, after }) => toRow(resource, after)),
  ];
}

function toRow({ type, id }: ResourceId, level: AccessRow['level']): AccessRow {
  return { type, id, level };
}

function groupBy(
  changes: readonly Change[],
  keyOf: (change: Change) => string,
): ReadonlyMap<string, readonly Change[]> {
  const groups = new Map<string, Change[]>();
  for (const change of changes) {
    const key = keyOf(change);
    const group = groups.get(key);
    if (group) group.push(change);
    else groups.set(key, [change]);
  }
  return groups;
}
