import { principalNameText } from '../domain/account/principal.ts';
import type {
  AccessShift,
  AheadShift,
  Comparison,
  PolicyComparisonInput,
  SilentShift,
} from '../domain/answer/comparison.ts';
import type { ResolvedPolicy } from '../domain/policy/entitlement.ts';
import type { Instant } from '../domain/text/instant.ts';
import { compareText } from '../domain/text/text.ts';
import { compareAccount } from './compare-account.ts';
import { compareTerms } from './compare-terms.ts';
import { compareWords, type WordsDifference } from './compare-words.ts';
import { heldGrants } from './held-grants.ts';
import { NO_OBSTACLES, newObstacles } from './new-obstacles.ts';
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
    standings: words.flatMap(({ standing }) => standing ?? []),
    ahead: words.flatMap(({ ahead }) => ahead).sort(compareTold),
    silent: words.flatMap(silentOf).sort(compareSilent),
    obstacles: succession ? newObstacles(succession) : NO_OBSTACLES,
  };
}

function compareNames(old: ResolvedPolicy, next: ResolvedPolicy, at: Instant): readonly WordsDifference[] {
  const [before, after] = [heldGrants(old), heldGrants(next)];
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
