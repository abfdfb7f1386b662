import { toAccessLevel } from '../domain/access-level.ts';
import type { AccessRow, AccountAccess, ActualState } from '../domain/actual-state.ts';
import { adminEmails } from '../domain/admins.ts';
import { batchesOf, endsAccountAdmin, isGain, makesAccountAdmin } from '../domain/batch.ts';
import type { DesiredState } from '../domain/desired-state.ts';
import { greatestLevel, type Rows } from '../domain/effective-access.ts';
import type { Instant } from '../domain/instant.ts';
import { neverNames } from '../domain/never.ts';
import type { Change, Difference, Refusal } from '../domain/plan.ts';
import { nameOf, type PrincipalName, principalNameText } from '../domain/principal.ts';
import { placeText } from '../domain/problem.ts';
import { nodeLabel, type ResourceTree } from '../domain/resource-tree.ts';
import type { Restraints } from '../domain/restraints.ts';
import type { ResolvedPolicy } from '../domain/wish.ts';
import { writableNodes } from '../domain/writable-nodes.ts';
import { endsBehind } from './loss-by-end.ts';
import { writableSubjects } from './writable-subjects.ts';

/** Everything that a rule may look at. Rules judge what the plan makes worse, never what it found. */
export interface Judged {
  readonly difference: Difference;
  readonly desired: DesiredState;
  readonly actual: ActualState;
  readonly resolved: ResolvedPolicy;
  readonly restraints: Restraints;
}

/** One rule: a refusal, or null where the plan passes. */
export type GuardCheck = (judged: Judged) => Refusal | null;

/** At most so many may lose anything in one run: the smaller of a number and a share of those who hold rows, at least one. */
export function revokeLimit({ difference, desired, actual, resolved, restraints }: Judged): Refusal | null {
  const { policy } = resolved;
  const { acceptedAt } = restraints;
  const endsOf = endsBehind(desired, resolved);
  const wasAhead = (change: Change) => acceptedAt !== null && endsOf(change).some((at) => at > acceptedAt);
  const counted = difference.changes.filter((change) => !isGain(change) && !wasAhead(change));
  const losers = namesOf(counted);
  const { principals, percent } = policy.limits.revokes;
  const holders = countHolders(desired, actual);
  const limit = Math.max(1, Math.min(principals, Math.floor((percent * holders) / 100)));
  if (losers.length <= limit) return null;
  const byEnd = namesOf(counted.filter((change) => endsOf(change).length > 0)).length;
  return {
    rule: 'revoke-limit',
    message:
      `${losers.length} would lose access: ${list(losers)}. The limit is ${limit}: the smaller of ${principals} and ` +
      `${percent} % of the ${holders} who hold rows, at least 1${byEnd > 0 ? `. ${byEnd} of them lose it by an end, which counts: ${whyEndsCount(acceptedAt)}` : ''}`,
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
  for (const { name, before, after } of endStates(difference.changes, desired, actual)) {
    for (const { rule, nodes } of desired.never) {
      if (!neverNames(rule.who, name, resolved.members)) continue;
      const level = toAccessLevel(rule.level);
      const node = nodes.find((one) => greatestLevel(after, one) >= level && greatestLevel(before, one) < level);
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

/** What somebody holds before a plan and after it. */
interface EndState {
  readonly name: PrincipalName;
  readonly before: Rows;
  readonly after: Rows;
}

function endStates(changes: readonly Change[], desired: DesiredState, actual: ActualState): readonly EndState[] {
  const batches = new Map(batchesOf(changes).map((batch) => [batch.access, batch.changes]));
  return [...writableSubjects(desired).values()].flatMap(({ name, access }) => {
    const own = batches.get(access.access);
    if (!own) return [];
    const written = own.map(({ resource, after }) => ({ ...resource, level: after }));
    return [
      { name, before: toRows(access.rows, actual.tree), after: toRows([...access.rows, ...written], actual.tree) },
    ];
  });
}

/** Of two rows on one resource the later one counts. */
function toRows(rows: readonly AccessRow[], tree: ResourceTree): Rows {
  return new Map(
    rows.flatMap((row) => {
      const node = tree.find(row);
      return node ? [[node, row.level]] : [];
    }),
  );
}

function countHolders(desired: DesiredState, actual: ActualState): number {
  const accesses = new Map<number, AccountAccess>(actual.accesses.map((access) => [access.access, access]));
  for (const { access } of writableSubjects(desired).values()) accesses.set(access.access, access);
  const holding = [...accesses.values()].filter(
    (access) => writableNodes(access, actual.tree, desired.scope).length > 0,
  );
  return new Set(holding.map((access) => principalNameText(nameOf(access.principal)))).size;
}

function whyEndsCount(acceptedAt: Instant | null): string {
  return acceptedAt === null
    ? 'nothing remembers whether it lay ahead when this text was first accepted'
    : 'it had come when this text was first accepted';
}

function namesOf(changes: readonly Change[]): readonly string[] {
  return [...new Set(changes.map((change) => principalNameText(nameOf(change.principal))))];
}

function list(names: readonly string[]): string {
  return names.slice(0, 10).join(', ') + (names.length > 10 ? ` and ${names.length - 10} more` : '');
}
