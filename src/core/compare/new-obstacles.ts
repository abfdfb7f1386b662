import { principalText } from '../domain/account/principal.ts';
import { resourceKey } from '../domain/account/resource.ts';
import type { Obstacles, PolicyComparisonInput } from '../domain/answer/comparison.ts';
import type { Change, Unmanageable } from '../domain/plan/plan.ts';

/** Where only texts are compared, nothing is known to stand in the way. */
export const NO_OBSTACLES: Obstacles = { refusals: [], deferred: [], unmanageable: [], notices: [] };

/** What keeps the new policy from what it wants, and did not keep the old one from the same. */
export function newObstacles({ old, next }: PolicyComparisonInput): Obstacles {
  return {
    refusals: next.plan.refusals,
    deferred: unlike(next.plan.deferred, old.plan.deferred, ({ change, reason }) =>
      [rowKey(change), change.before, change.after, reason].join('\n'),
    ),
    unmanageable: unlike(next.plan.unmanageable, old.plan.unmanageable, (row) =>
      [rowKey(row), row.kind, row.actual, row.kind === 'missing' ? row.entitled : '', row.reason].join('\n'),
    ),
    notices: unlike(next.plan.notices, old.plan.notices, ({ code, message }) => `${code} ${message}`),
  };
}

function unlike<T>(items: readonly T[], known: readonly T[], keyOf: (item: T) => string): readonly T[] {
  const keys = new Set(known.map(keyOf));
  return items.filter((item) => !keys.has(keyOf(item)));
}

function rowKey({ principal, access, resource }: Change | Unmanageable): string {
  return `${principalText(principal)} ${access} ${resourceKey(resource)}`;
}
