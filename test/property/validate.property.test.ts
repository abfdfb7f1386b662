import { describe, expect, it } from 'vitest';
import { bindToTree } from '../../src/core/bind/bind-to-tree.ts';
import type { PrincipalName } from '../../src/core/domain/account/principal.ts';
import type { ResourceNode, ResourceTree } from '../../src/core/domain/account/resource-tree.ts';
import type { Policy, PolicyTest } from '../../src/core/domain/policy/policy.ts';
import type { ResourceRef } from '../../src/core/domain/policy/resource-ref.ts';
import { resolvePolicy } from '../../src/core/resolve/resolve-policy.ts';
import { checkNever, judgeNever } from '../../src/core/validate/check-never.ts';
import type { PolicyDraft } from '../../src/core/validate/read-policy.ts';
import { runAccountTests } from '../../src/core/validate/run-account-tests.ts';
import { runNeverRules } from '../../src/core/validate/run-never-rules.ts';
import { runPolicyTests } from '../../src/core/validate/run-policy-tests.ts';
import { arbitraryWorld, type World } from '../support/arbitrary/world.ts';
import { declaredRows, isSpokenAbout, isUnresolved, keyOf, meant, type RowMap, reaches } from '../support/oracle.ts';
import { greatest } from './explain-oracle.ts';
import { expectSeen, holds, RUNS, SEED } from './runs.ts';

const messy = arbitraryWorld('messy');
const DAY_MS = 86_400_000;
const AT = { file: 'policy.yaml', line: 90, column: 1, length: 1 };
const NAMES: readonly PrincipalName[] = [
  { email: 'ann@x.test' },
  { email: 'bob@x.test' },
  { email: 'absent@x.test' },
  { token: 'ci' },
];
const NOTHING = { people: [], resources: [] };
const EXPECTS = ['none', 'viewer', 'admin'] as const;

/** The resources of a tree that can be said by id, and the account. */
function refsById(tree: ResourceTree): readonly (readonly [ResourceRef, ResourceNode])[] {
  return tree.nodes.flatMap((node): readonly (readonly [ResourceRef, ResourceNode])[] => {
    if (node.type === 'account') return [[{ text: 'account', selector: { type: 'account' }, at: AT }, node]];
    if (node.type !== 'project' && node.type !== 'inbox' && node.type !== 'domain') return [];
    return [[{ text: `${node.type}:#${node.id}`, selector: { type: node.type, id: node.id }, at: AT }, node]];
  });
}

/** Every ref that the grants of a policy use: what people would also write into a test. */
function refsOf({ grants, roles }: Policy): readonly ResourceRef[] {
  const resources = [
    ...roles.flatMap((role) => role.resources),
    ...grants.flatMap(({ gives }) => ('resources' in gives ? gives.resources : [])),
  ];
  return resources.map(({ resource }) => resource);
}

/** One test for each level that can be expected, so that the one that passes tells the level. */
function testsOf(who: PrincipalName, resource: ResourceRef, at: number): readonly PolicyTest[] {
  return EXPECTS.map((expect) => ({ who, resource, expect, moment: { at, text: `${at}` }, team: null, at: AT }));
}

function withTests(policy: Policy, tests: readonly PolicyTest[]): Policy {
  return { ...policy, tests };
}

/** The rows that a policy gives somebody and may write, by brute force. */
function givenRows(policy: Policy, name: PrincipalName, tree: ResourceTree, at: number): RowMap {
  const managed = new Set(tree.nodes.filter((one) => isSpokenAbout(one, policy, tree)).map(keyOf));
  return new Map([...declaredRows(policy, name, tree, at)].filter(([key]) => managed.has(key)));
}

const WORDS: Readonly<Record<number, string>> = { 0: 'none', 10: 'viewer', 100: 'admin' };

/** Of a hundred worlds, about one has an invariant that its text alone breaks. */
const MANY = 5 * RUNS;

describe(`the tests and invariants of a policy, over random worlds (seed ${SEED})`, () => {
  it('on an account a test passes exactly where a brute-force evaluator gives the level that it expects', () => {
    holds(messy, ({ policy, actual: { tree }, now }) => {
      const refs = refsById(tree);
      const cases = NAMES.flatMap((name) =>
        [now - 2 * DAY_MS, now + 3 * DAY_MS].flatMap((at) => {
          const rows = givenRows(policy, name, tree, at);
          return refs.map(([ref, node]) => ({ name, ref, at, level: greatest(rows, node) }));
        }),
      );
      const tests = cases.flatMap(({ name, ref, at }) => testsOf(name, ref, at));
      const results = runAccountTests(bindToTree(resolvePolicy(withTests(policy, tests)), tree), 0);
      const passed = results.filter(({ verdict }) => verdict === 'passed').map(({ test }) => test.expect);
      expect(passed).toEqual(cases.map(({ level }) => WORDS[level]));
      expect(results.filter(({ verdict, reason }) => (reason === null) !== (verdict === 'passed'))).toEqual([]);
    });
  });

  it('what the text decides, an account that shows every name decides alike', () => {
    let decided = 0;
    holds(messy, ({ policy, actual: { tree }, now }) => {
      if (!isClear(policy, tree)) return;
      const refs = [...refsById(tree).map(([ref]) => ref), ...refsOf(policy)];
      const tests = NAMES.flatMap((name) => refs.flatMap((ref) => testsOf(name, ref, now)));
      const resolved = resolvePolicy(withTests(policy, tests));
      const byText = runPolicyTests(resolved.policy, resolved.entitlements, now);
      const byAccount = runAccountTests(bindToTree(resolved, tree), now);
      for (const [index, { verdict, test }] of byText.entries()) {
        const account = byAccount[index]?.verdict;
        if (verdict === 'undecided' || account === 'undecided') continue;
        decided += 1;
        expect(account, `${JSON.stringify(test.who)} ${test.expect} on ${test.resource.text}`).toBe(verdict);
      }
    });
    expectSeen(decided, RUNS);
  });

  it('an invariant is broken on an account exactly where some grant gives what it forbids, at whatever date', () => {
    const found = { passed: 0, failed: 0, undecided: 0 };
    holds(messy, ({ policy, actual: { tree } }) => {
      const resolved = resolvePolicy(policy);
      for (const { rule, verdict, reason } of runNeverRules(bindToTree(resolved, tree), resolved)) {
        found[verdict] += 1;
        expect(verdict).toBe(
          isUnresolved(rule.resource, tree) ? 'undecided' : isBroken(policy, rule.resource, tree) ? 'failed' : 'passed',
        );
        expect(reason === null).toBe(verdict === 'passed');
      }
    });

    expectSeen(Math.min(found.passed, found.failed, found.undecided), RUNS / 100);
  });

  it('what the text alone rules out is broken on no account', () => {
    const found = { passed: 0, undecided: 0 };
    holds(messy, (world) => {
      const policy = withoutDatesAndScope(world);
      const resolved = resolvePolicy(policy);
      const byAccount = runNeverRules(bindToTree(resolved, world.actual.tree), resolved);
      if ([...checkNever({ policy } as PolicyDraft)].length > 0) return;
      for (const [index, { verdict }] of judgeNever(policy).entries()) {
        if (verdict === 'failed') throw new Error('the text proved it broken before');
        found[verdict] += 1;
        if (verdict === 'passed') expect(byAccount[index]?.verdict).not.toBe('failed');
      }
    });

    expectSeen(Math.min(found.passed, found.undecided), RUNS / 100);
  });

  it('what the text alone proves broken is broken on every account that shows what it names', () => {
    let broken = 0;
    holds(
      messy,
      (world) => {
        const policy = withRule(withoutDatesAndScope(world));
        const { tree } = world.actual;
        if (!isClear(policy, tree)) return;
        const resolved = resolvePolicy(policy);
        const byAccount = runNeverRules(bindToTree(resolved, tree), resolved);
        if ([...checkNever({ policy } as PolicyDraft)].length === 0) return;
        const shows = policy.never.every((rule) => meant(rule.resource, tree).length > 0);
        const gives = refsOf(policy).every((ref) => meant(ref, tree).length > 0);
        if (!shows || !gives) return;
        broken += 1;
        expect(byAccount.map(({ verdict }) => verdict)).toContain('failed');
      },
      MANY,
    );

    expectSeen(broken, RUNS / 100);
  });
});

/** Whether the account shows exactly one of each name that the policy says. */
function isClear(policy: Policy, tree: ResourceTree): boolean {
  const refs = [
    ...refsOf(policy),
    ...policy.grants.flatMap(({ except }) => except),
    ...policy.ignore.resources,
    ...(policy.manage ?? []),
    ...policy.never.map(({ resource }) => resource),
  ];
  return refs.every((ref) => !isUnresolved(ref, tree));
}

/** Each grant is tried by itself, without its dates but for those that keep it from ever running. */
function isBroken(policy: Policy, forbidden: ResourceRef, tree: ResourceTree): boolean {
  const name = { email: 'ann@x.test' };
  return policy.grants.some((grant) => {
    const from = grant.from?.at ?? Number.NEGATIVE_INFINITY;
    if (!reaches(grant.to, name, policy) || (grant.until?.at ?? Number.POSITIVE_INFINITY) <= from) return false;
    const alone = { ...policy, ends: [], grants: [{ ...grant, from: null, until: null }] };
    const rows = givenRows(alone, name, tree, 0);
    return meant(forbidden, tree).some((node) => greatest(rows, node) >= 100);
  });
}

/** With a rule about what the first grant gives, since few of the drawn rules are broken by the text alone. */
function withRule(policy: Policy): Policy {
  const [resource] = refsOf(policy);
  if (resource === undefined) return policy;
  const name = { email: 'ann@x.test' };
  const rule = { who: { kind: 'principal', name }, whoText: name.email, resource, level: 'viewer', at: AT } as const;
  return { ...policy, never: [...policy.never, rule] };
}

function withoutDatesAndScope({ policy }: World): Policy {
  const grants = policy.grants.map((grant) => ({ ...grant, from: null, until: null }));
  return { ...policy, grants, ends: [], manage: null, ignore: NOTHING, observe: NOTHING };
}
