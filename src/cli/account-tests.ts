import { bindPolicy } from '../bind/bind-policy.ts';
import { type AccessLevel, LEVEL, toAccessLevel } from '../domain/access-level.ts';
import type { AccountAccess, ActualState } from '../domain/actual-state.ts';
import type { DesiredState } from '../domain/desired-state.ts';
import { greatestLevel } from '../domain/effective-access.ts';
import type { Instant } from '../domain/instant.ts';
import type { PolicyTest } from '../domain/policy.ts';
import { principalNameText } from '../domain/principal.ts';
import type { ResourceNode } from '../domain/resource-tree.ts';
import { foldAscii } from '../domain/text.ts';
import type { ResolvedPolicy } from '../domain/wish.ts';
import { selectNodes } from '../explain/select-nodes.ts';

/** How one test of a policy ended on the account: the greatest level that the policy's rows give there. */
export interface AccountTest {
  readonly test: PolicyTest;
  /** Null where the account does not show exactly one such resource. */
  readonly found: AccessLevel | null;
  readonly passed: boolean;
}

/**
 * Decides a policy's tests by what the policy declares on the account, each at its own moment. What somebody holds does
 * not count, and whoever the account lacks is judged as if they were there: a test is about the policy.
 */
export function runAccountTests(resolved: ResolvedPolicy, actual: ActualState, now: Instant): readonly AccountTest[] {
  const everybody = withWhoIsTested(resolved, actual);
  const desiredAt = new Map<Instant, DesiredState>();
  return resolved.policy.tests.map((test) => {
    const moment = test.moment?.at ?? now;
    const desired = desiredAt.get(moment) ?? bindPolicy(resolved, everybody, moment);
    desiredAt.set(moment, desired);
    const [node, ...others] = selectNodes(test.resource, actual.tree);
    if (!node || others.length > 0) return { test, found: null, passed: false };
    const found = levelOf(test, desired, node);
    return { test, found, passed: found === (test.expect === 'none' ? LEVEL.none : toAccessLevel(test.expect)) };
  });
}

function levelOf({ who }: PolicyTest, { subjects }: DesiredState, node: ResourceNode): AccessLevel {
  const name = principalNameText(who);
  const rows = new Map<ResourceNode, AccessLevel>();
  for (const subject of subjects) {
    if (principalNameText(subject.name) !== name) continue;
    for (const row of subject.running.flatMap(({ bound }) => bound.rows)) {
      rows.set(row.node, Math.max(rows.get(row.node) ?? LEVEL.none, toAccessLevel(row.level)));
    }
  }
  return greatestLevel(rows, node);
}

/** No access id is negative, so those of people who are not there cannot be somebody else's. */
function withWhoIsTested({ policy }: ResolvedPolicy, actual: ActualState): ActualState {
  const present = new Set(
    actual.accesses.flatMap(({ principal }) => (principal.kind === 'token' ? [] : [foldAscii(principal.email)])),
  );
  const absent = new Set(policy.tests.flatMap(({ who }) => ('email' in who ? [who.email] : [])));
  const added = [...absent]
    .filter((email) => !present.has(email))
    .map(
      (email, index): AccountAccess => ({
        access: -1 - index,
        principal: { kind: 'user', email },
        rows: [],
        canUpdate: true,
        isOwnToken: false,
      }),
    );
  return { ...actual, accesses: [...actual.accesses, ...added] };
}
