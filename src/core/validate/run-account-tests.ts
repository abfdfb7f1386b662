import { type AccessLevel, LEVEL, levelName, toAccessLevel } from '../domain/account/access-level.ts';
import { principalNameText } from '../domain/account/principal.ts';
import { resourceKey } from '../domain/account/resource.ts';
import { isWithin, nodeLabel, type ResourceNode } from '../domain/account/resource-tree.ts';
import type { BoundEntitlement } from '../domain/plan/bound-entitlement.ts';
import { type BoundTest, isPlanned, type Scope, type TreeBinding } from '../domain/plan/desired-state.ts';
import type { PolicyTest } from '../domain/policy/policy.ts';
import type { Instant } from '../domain/text/instant.ts';
import { placeText } from '../domain/text/problem.ts';
import type { NamedRole } from './organization-roles.ts';
import { becauseText, grantsOf, listText, type PolicyTestResult, runningHolder, type Share } from './test-result.ts';

/**
 * Runs the tests of a policy on the resources of an account. A test checks what the policy gives at the moment of the
 * test, by rows whose changes it plans, observed ones too. It ignores what people have today, and whether they are in the
 * account, but for a role in the organization: nothing that the policy says takes it away.
 */
export function runAccountTests(
  binding: TreeBinding,
  now: Instant,
  roles: readonly NamedRole[] = [],
): readonly PolicyTestResult[] {
  return binding.tests.map((bound) => {
    if (!bound.isDecided) return { test: bound.test, verdict: 'undecided', reason: whyUndecided(bound), because: [] };
    const given = givenTo(bound.test, binding.entitlements, bound.test.moment?.at ?? now);
    return evaluate(bound, given, { scope: binding.scope, role: roleOf(bound.test, roles) });
  });
}

/** A grant that runs for the principal of a test. */
interface Given {
  readonly bound: BoundEntitlement;
  readonly groups: Share['groups'];
}

function givenTo(test: PolicyTest, entitlements: readonly BoundEntitlement[], moment: Instant): readonly Given[] {
  return entitlements.flatMap((bound) => {
    const holder = runningHolder(bound.entitlement, test, moment);
    return holder ? [{ bound, groups: holder.groups }] : [];
  });
}

/** What counts beside the grants: which rows the policy plans, and the level of a role in the organization. */
interface Around {
  readonly scope: Scope;
  readonly role: AccessLevel;
}

function roleOf({ who }: PolicyTest, roles: readonly NamedRole[]): AccessLevel {
  const own = roles.filter(({ name }) => principalNameText(name) === principalNameText(who));
  return Math.max(LEVEL.none, ...own.map(({ level }) => level));
}

/** A test of a pattern is about every matching resource. The first resource with another level fails the test. */
function evaluate({ test, nodes }: BoundTest, given: readonly Given[], { scope, role }: Around): PolicyTestResult {
  const expected = test.expect === 'none' ? LEVEL.none : toAccessLevel(test.expect);
  const evaluated = nodes.map((node) => {
    const shares = given.flatMap((one) => sharesOf(one, node, scope));
    return { node, shares, found: Math.max(role, highest(shares)) };
  });
  const wrong = evaluated.find(({ found }) => found !== expected);
  if (!wrong) {
    return { test, verdict: 'passed', reason: null, because: grantsOf(evaluated.flatMap(({ shares }) => shares)) };
  }
  const { node, shares, found } = wrong;
  const where = nodeLabel(node) === test.resource.text ? '' : ` on ${nodeLabel(node)}`;
  const reason =
    found > highest(shares)
      ? `a role in the organization gives ${levelName(found)}${where}, and only Mailtrap changes it`
      : `the policy gives ${levelName(found)}${where}: ${becauseText(shares)}${unresolvedText(given)}`;
  return { test, verdict: 'failed', reason, because: grantsOf(shares) };
}

/** The grants that reach a resource. The account covers everything here, because a test must count doubt as access. */
function sharesOf({ bound, groups }: Given, node: ResourceNode, scope: Scope): readonly Share[] {
  return bound.rows
    .filter((row) => isWithin(node, row.node) && isPlanned(scope, row.node))
    .map(({ level, from }) => ({ grant: bound.entitlement.grant, groups, role: from.role, level, isCertain: true }));
}

function highest(shares: readonly Share[]): AccessLevel {
  return Math.max(LEVEL.none, ...shares.map(({ level }) => toAccessLevel(level)));
}

/** An unresolved name gives nothing, which may be why a level is too low. */
function unresolvedText(given: readonly Given[]): string {
  const names = given.flatMap(({ bound }) =>
    [...bound.unresolved, ...bound.unresolvedExcept].map(
      ({ text }) => `${text} (${placeText(bound.entitlement.grant)})`,
    ),
  );
  return names.length === 0 ? '' : `; the snapshot does not show exactly one ${listText([...new Set(names)])}`;
}

function whyUndecided({ test, nodes }: BoundTest): string {
  if (nodes.length === 0) return `the snapshot does not show ${test.resource.text}`;
  return `${test.resource.text} matches ${nodes.length} resources of the snapshot: ${listText(nodes.map(resourceKey).sort())}; name it by id`;
}
