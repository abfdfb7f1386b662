import { type GrantLevel, toAccessLevel } from '../domain/account/access-level.ts';
import type { EntitledResource, Entitlement } from '../domain/policy/entitlement.ts';
import type { Policy, PolicyTest } from '../domain/policy/policy.ts';
import { type Certainty, covers, depthOf } from '../domain/policy/ref-cover.ts';
import type { ResourceRef } from '../domain/policy/resource-ref.ts';
import type { Instant } from '../domain/text/instant.ts';
import { becauseText, grantsOf, type PolicyTestResult, runningHolder, type Share } from './test-result.ts';

type TestLevel = GrantLevel | 'none';

/**
 * Runs the tests of a policy on its text alone. It computes what the policy gives at least and at most. If both are equal,
 * they decide the test; otherwise only an account can. What people have today does not matter.
 */
export function runPolicyTests(
  policy: Policy,
  entitlements: readonly Entitlement[],
  now: Instant,
): readonly PolicyTestResult[] {
  return policy.tests.map((test) => {
    const moment = test.moment?.at ?? now;
    return evaluate(
      test,
      entitlements.flatMap((entitlement) => sharesOf(entitlement, test, moment, policy)),
    );
  });
}

function sharesOf(entitlement: Entitlement, test: PolicyTest, moment: Instant, policy: Policy): readonly Share[] {
  const holder = runningHolder(entitlement, test, moment);
  if (!holder) return [];
  return entitlement.resources.flatMap((entitled) => {
    const certainty = certaintyOf(entitled, test.resource, entitlement.except, policy);
    if (certainty === 'never') return [];
    const { level, role } = entitled;
    return [{ grant: entitlement.grant, groups: holder.groups, role, level, isCertain: certainty === 'certain' }];
  });
}

/** Whether an entitlement reaches the tested resource, by a row whose changes this policy plans: what `observe` lists counts. */
function certaintyOf(
  { resource }: EntitledResource,
  tested: ResourceRef,
  except: readonly ResourceRef[],
  policy: Policy,
): Certainty {
  const reached = covers(resource.selector, tested.selector);
  const dropped = most([...except, ...policy.ignore.resources].map((ref) => reachesRow(ref, resource, tested)));
  const planned = policy.manage && [...policy.manage, ...policy.observe.resources];
  const managed = planned ? most(planned.map((ref) => reachesRow(ref, resource, tested))) : 'certain';
  if (reached === 'never' || dropped === 'certain' || managed === 'never') return 'never';
  return reached === 'certain' && dropped === 'never' && managed === 'certain' ? 'certain' : 'possible';
}

/**
 * Whether `ref` covers the row by which `entitled` reaches `tested`. All three are on one path down from the account. So a
 * `ref` that covers `tested` and is no deeper than the row also covers the row; a deeper one never does.
 */
function reachesRow(ref: ResourceRef, entitled: ResourceRef, tested: ResourceRef): Certainty {
  if (depthOf(ref.selector) > depthOf(entitled.selector)) return 'never';
  return covers(ref.selector, tested.selector);
}

function most(certainties: readonly Certainty[]): Certainty {
  if (certainties.includes('certain')) return 'certain';
  return certainties.includes('possible') ? 'possible' : 'never';
}

function evaluate(test: PolicyTest, shares: readonly Share[]): PolicyTestResult {
  const least = highest(shares.filter(({ isCertain }) => isCertain));
  const greatest = highest(shares);
  const because = grantsOf(shares);
  const by = becauseText(shares);
  if (least === test.expect && greatest === test.expect) return { test, verdict: 'passed', reason: null, because };
  if (least === greatest || isRuledOut(test.expect, least, greatest)) {
    const gives = least === greatest ? least : `at least ${least} and at most ${greatest}`;
    return { test, verdict: 'failed', reason: `the policy gives ${gives}: ${by}`, because };
  }
  const reason = `needs a snapshot: the policy gives at least ${least} and at most ${greatest}, ${by}`;
  return { test, verdict: 'undecided', reason, because };
}

function isRuledOut(expected: TestLevel, least: TestLevel, greatest: TestLevel): boolean {
  return rank(expected) < rank(least) || rank(expected) > rank(greatest);
}

function highest(shares: readonly Share[]): TestLevel {
  return shares.reduce<TestLevel>((level, share) => (rank(share.level) > rank(level) ? share.level : level), 'none');
}

function rank(level: TestLevel): number {
  return level === 'none' ? 0 : toAccessLevel(level);
}
