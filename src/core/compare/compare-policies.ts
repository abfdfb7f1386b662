import { principalNameText, principalText } from '../domain/account/principal.ts';
import { resourceKey } from '../domain/account/resource.ts';
import type {
  AccessShift,
  AheadShift,
  Comparison,
  Obstacles,
  PolicyComparisonInput,
  SilentShift,
} from '../domain/answer/comparison.ts';
import type { Change, Unmanageable } from '../domain/plan/plan.ts';
import type { ResolvedPolicy } from '../domain/policy/entitlement.ts';
import type { Instant } from '../domain/text/instant.ts';
import { compareText } from '../domain/text/text.ts';
import { compareAccount } from './compare-account.ts';
import { compareTerms } from './compare-terms.ts';
import { compareWords, type WordsDifference } from './compare-words.ts';
import { namedPrincipals } from './named-principals.ts';
import { compareRisks } from './risk.ts';
import { silentOnAccount } from './silent-on-account.ts';

/** Two policies of one account, and what to compare them by. */
export interface ComparedPolicies {
  readonly old: ResolvedPolicy;
  readonly next: ResolvedPolicy;
  readonly at: Instant;
  /** Both played on an account; null where only the texts are known. */
  readonly succession: PolicyComparisonInput | null;
}

/**
 * What changes for whom between two policies. By their texts alone it tells what those prove, and passes nothing over; on an
 * account it tells exactly who gains and loses what, and which words are without effect there.
 */
export function comparePolicies({ old, next, at, succession }: ComparedPolicies): Comparison {
  const words = compareNames(old, next, at);
  const bound = succession && compareAccount(succession);
  const shifts = bound ?? words.flatMap((one) => one.shifts);
  const silentOf =
    succession && bound
      ? silentOnAccount(succession, bound)
      : ({ silent }: WordsDifference) => silent.map(({ shift }) => shift);
  return {
    account: next.policy.account,
    at,
    mode: { before: old.policy.mode, after: next.policy.mode },
    isPaused: next.policy.paused,
    basis: succession ? 'account' : 'text',
    terms: compareTerms(old, next),
    shifts: shifts.map(({ shift }) => shift).sort(compareTold),
    statuses: words.flatMap(({ status }) => status ?? []),
    ahead: words.flatMap(({ ahead }) => ahead).sort(compareTold),
    silent: words.flatMap(silentOf).sort(compareSilent),
    obstacles: succession ? newObstacles(succession) : NO_OBSTACLES,
  };
}

function compareNames(old: ResolvedPolicy, next: ResolvedPolicy, at: Instant): readonly WordsDifference[] {
  const [before, after] = [namedPrincipals(old), namedPrincipals(next)];
  return [...new Map([...before, ...after])]
    .sort(([a], [b]) => compareText(a, b))
    .map(([key, { name }]) =>
      compareWords(
        name,
        { policy: old.policy, holder: before.get(key) },
        { policy: next.policy, holder: after.get(key) },
        at,
      ),
    );
}

function compareTold(a: AccessShift | AheadShift, b: AccessShift | AheadShift): number {
  return compareRisks(a.risk, b.risk) || compareSilent(a, b);
}

type Named = Pick<SilentShift, 'name' | 'resource'>;

function compareSilent(a: Named, b: Named): number {
  return compareText(principalNameText(a.name), principalNameText(b.name)) || compareText(wordsOrder(a), wordsOrder(b));
}

function wordsOrder({ resource: { label, except } }: Named): string {
  return [label, ...except].join('\n');
}

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
