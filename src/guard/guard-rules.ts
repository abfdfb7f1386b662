import { toAccessLevel } from '../domain/access-level.ts';
import type { AccountAccess, ActualState } from '../domain/actual-state.ts';
import { adminEmails } from '../domain/admins.ts';
import { endsAccountAdmin, isGain, makesAccountAdmin } from '../domain/batch.ts';
import type { DesiredState } from '../domain/desired-state.ts';
import { greatestLevel } from '../domain/effective-access.ts';
import { neverNames } from '../domain/never.ts';
import type { Change, Difference, Refusal } from '../domain/plan.ts';
import { nameOf, principalNameText } from '../domain/principal.ts';
import { placeText } from '../domain/problem.ts';
import { nodeLabel, type ResourceNode } from '../domain/resource-tree.ts';
import type { ResolvedPolicy } from '../domain/wish.ts';
import { writableNodes } from '../domain/writable-nodes.ts';

/** Everything that a rule may look at. Rules judge what the plan makes worse, never what it found. */
export interface Judged {
  readonly difference: Difference;
  readonly desired: DesiredState;
  readonly actual: ActualState;
  readonly resolved: ResolvedPolicy;
}

/** One rule: a refusal, or null where the plan passes. */
export type GuardCheck = (judged: Judged) => Refusal | null;

/** At most so many may lose anything in one run: the smaller of a number and a share of those who hold rows, at least one. */
export function revokeLimit({ difference, desired, actual, resolved }: Judged): Refusal | null {
  const losers = namesOf(difference.changes.filter((change) => !isGain(change)));
  const { principals, percent } = resolved.policy.limits.revokes;
  const holders = countHolders(desired, actual);
  const limit = Math.max(1, Math.min(principals, Math.floor((percent * holders) / 100)));
  if (losers.length <= limit) return null;
  const byEnd = namesOf(difference.changes.filter((change) => !isGain(change) && isByEnd(change))).length;
  return {
    rule: 'revoke-limit',
    message:
      `${losers.length} would lose access: ${list(losers)}. The limit is ${limit}: the smaller of ${principals} and ` +
      `${percent} % of the ${holders} who hold rows, at least 1${byEnd > 0 ? `. ${byEnd} of them lose it by an end date, which counts` : ''}`,
    remedy: 'make the change in smaller steps, or raise `limits.revokes` in a reviewed change of the policy',
  };
}

export function adminLimit({ difference, resolved }: Judged): Refusal | null {
  const made = namesOf(difference.changes.filter(makesAccountAdmin));
  const { newAdmins } = resolved.policy.limits;
  if (made.length <= newAdmins) return null;
  return {
    rule: 'admin-limit',
    message: `${made.length} would newly become account admin: ${list(made)}. The limit is ${newAdmins}`,
    remedy: 'make the change in smaller steps, or raise `limits.newAdmins` in a reviewed change of the policy',
  };
}

export function emptyPolicy({ difference, resolved }: Judged): Refusal | null {
  const losers = namesOf(difference.changes.filter((change) => !isGain(change)));
  if (resolved.policy.grants.length > 0 || losers.length === 0) return null;
  return {
    rule: 'empty-policy',
    message: `the policy holds no grant at all, and ${losers.length} would lose access: ${list(losers)}`,
    remedy: 'restore the grants; if the account is meant to be emptied, keep one grant that stays',
  };
}

/** The end state keeps the smaller of `limits.admins` and what there is: a plan may not make too few admins fewer. */
export function lastAdmins({ difference, actual, resolved }: Judged): Refusal | null {
  const now = adminEmails(actual.account, actual.accesses);
  const lowered = difference.changes.filter((change) => endsAccountAdmin(change) && change.principal.kind === 'user');
  const made = difference.changes.filter((change) => makesAccountAdmin(change) && change.principal.kind === 'user');
  const after = new Set([...now, ...namesOf(made)]);
  for (const name of namesOf(lowered)) after.delete(name);
  const least = Math.min(resolved.policy.limits.admins, now.size);
  if (lowered.length === 0 || after.size >= least) return null;
  return {
    rule: 'last-admins',
    message: `${list(namesOf(lowered))} would stop being account admin, which leaves ${after.size} of ${now.size} admins and owners; ${least} must remain`,
    remedy: 'name another account admin first; this rule cannot be approved',
  };
}

/** No raise may give anybody what a `never` rule forbids, by its own row or from above. */
export function never({ difference, desired, actual, resolved }: Judged): Refusal | null {
  const broken: string[] = [];
  const afterByAccess = endStates(difference.changes, desired, actual);
  for (const change of difference.changes.filter(isGain)) {
    const state = afterByAccess.get(change.access);
    const name = nameOf(change.principal);
    for (const { rule, nodes } of desired.never) {
      if (!state || !neverNames(rule.who, name, resolved.members)) continue;
      const level = toAccessLevel(rule.level);
      const node = nodes.find(
        (one) => greatestLevel(state.after, one) >= level && greatestLevel(state.before, one) < level,
      );
      if (node)
        broken.push(
          `${principalNameText(name)} would be ${rule.level} on ${nodeLabel(node)}, which ${placeText(rule.at)} forbids`,
        );
    }
  }
  const unique = [...new Set(broken)];
  if (unique.length === 0) return null;
  return {
    rule: 'never',
    message: unique.join('; '),
    remedy: 'change the grant or the `never` rule; this rule cannot be approved',
  };
}

interface EndState {
  readonly before: ReadonlyMap<ResourceNode, number>;
  readonly after: ReadonlyMap<ResourceNode, number>;
}

function endStates(
  changes: readonly Change[],
  desired: DesiredState,
  actual: ActualState,
): ReadonlyMap<number, EndState> {
  const states = new Map<number, EndState>();
  for (const { access } of desired.subjects) {
    const own = changes.filter((change) => change.access === access.access);
    if (own.length === 0) continue;
    const before = new Map<ResourceNode, number>();
    for (const row of access.rows) {
      const node = actual.tree.find(row);
      if (node) before.set(node, row.level);
    }
    const after = new Map(before);
    for (const change of own) {
      const node = actual.tree.find(change.resource);
      if (node) after.set(node, change.after);
    }
    states.set(access.access, { before, after });
  }
  return states;
}

function countHolders(desired: DesiredState, actual: ActualState): number {
  const accesses = new Map<number, AccountAccess>(actual.accesses.map((access) => [access.access, access]));
  for (const subject of desired.subjects) accesses.set(subject.access.access, subject.access);
  const holding = [...accesses.values()].filter(
    (access) => writableNodes(access, actual.tree, desired.scope).length > 0,
  );
  return new Set(holding.map((access) => principalNameText(nameOf(access.principal)))).size;
}

function isByEnd(change: Change): boolean {
  return change.why.some((cause) => cause.kind === 'ended' || cause.kind === 'offboarded');
}

function namesOf(changes: readonly Change[]): readonly string[] {
  return [...new Set(changes.map((change) => principalNameText(nameOf(change.principal))))];
}

function list(names: readonly string[]): string {
  return names.slice(0, 10).join(', ') + (names.length > 10 ? ` and ${names.length - 10} more` : '');
}
