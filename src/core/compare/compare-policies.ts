import { principalNameText, principalText } from '../domain/account/principal.ts';
import { resourceKey } from '../domain/account/resource.ts';
import type {
  AccessShift,
  AheadShift,
  Comparison,
  Obstacles,
  PolicyComparisonInput,
  SilentShift,
  StatusChange,
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

/** Two policies of one account, and what to compare them with. */
export interface ComparedPolicies {
  readonly old: ResolvedPolicy;
  readonly next: ResolvedPolicy;
  readonly at: Instant;
  /** Both policies on an account; null if only the texts are known. */
  readonly onAccount: PolicyComparisonInput | null;
}

/**
 * Compares two policies: what changes for whom. By the texts alone, it reports what they prove, and lists every other
 * difference as silent. With an account, it reports exactly who gains and loses what, and which words have no effect there.
 */
export function comparePolicies({ old, next, at, onAccount }: ComparedPolicies): Comparison {
  const words = summarize(compareNames(old, next, at), onAccount);
  return {
    account: next.policy.account,
    at,
    mode: { before: old.policy.mode, after: next.policy.mode },
    isPaused: next.policy.paused,
    basis: onAccount ? 'account' : 'text',
    terms: compareTerms(old, next),
    shifts: words.shifts.sort(compareShifts),
    statuses: words.statuses,
    ahead: words.ahead.sort(compareShifts),
    silent: words.silent.sort(compareSilent),
    obstacles: onAccount ? newObstacles(onAccount) : NO_OBSTACLES,
    leftBehind: onAccount?.next.plan.counts.leftBehind ?? null,
  };
}

/** Keeps of each name what is reported. The rest of what was found about a name takes much more memory. */
function summarize(names: Iterable<WordsDifference>, onAccount: PolicyComparisonInput | null) {
  const bound = onAccount && compareAccount(onAccount);
  const silentOf = onAccount && bound && silentOnAccount(onAccount, bound);
  const shifts: AccessShift[] = bound?.map(({ shift }) => shift) ?? [];
  const statuses: StatusChange[] = [];
  const ahead: AheadShift[] = [];
  const silent: SilentShift[] = [];
  for (const words of names) {
    if (words.status) statuses.push(words.status);
    ahead.push(...words.ahead);
    if (silentOf) silent.push(...silentOf(words));
    else {
      shifts.push(...words.shifts.map(({ shift }) => shift));
      silent.push(...words.silent.map(({ shift }) => shift));
    }
  }
  return { shifts, statuses, ahead, silent };
}

function* compareNames(old: ResolvedPolicy, next: ResolvedPolicy, at: Instant): Iterable<WordsDifference> {
  const [before, after] = [namedPrincipals(old), namedPrincipals(next)];
  const names = [...new Map([...before, ...after])].sort(([a], [b]) => compareText(a, b));
  for (const [key, { name }] of names) {
    const [was, is] = [before.get(key), after.get(key)];
    yield compareWords(name, { policy: old.policy, holder: was }, { policy: next.policy, holder: is }, at);
  }
}

function compareShifts(a: AccessShift | AheadShift, b: AccessShift | AheadShift): number {
  return compareRisks(a.risk, b.risk) || compareSilent(a, b);
}

type Named = Pick<SilentShift, 'name' | 'resource'>;

function compareSilent(a: Named, b: Named): number {
  return compareText(principalNameText(a.name), principalNameText(b.name)) || compareText(wordsOrder(a), wordsOrder(b));
}

function wordsOrder({ resource: { label, except } }: Named): string {
  return [label, ...except].join('\n');
}

/** For a comparison of texts, which knows no obstacles. */
const NO_OBSTACLES: Obstacles = { refusals: [], deferred: [], unmanageable: [], notices: [] };

/** What prevents changes of the new policy, and did not prevent the same under the old one. */
function newObstacles({ old, next }: PolicyComparisonInput): Obstacles {
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
