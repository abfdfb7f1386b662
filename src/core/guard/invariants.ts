import { toAccessLevel } from '../domain/account/access-level.ts';
import { adminEmails } from '../domain/account/actual-state.ts';
import { greatestLevel, type Rows } from '../domain/account/effective-access.ts';
import { writtenName } from '../domain/account/principal.ts';
import type { ResourceId } from '../domain/account/resource.ts';
import { ancestorsOf, nodeLabel, type ResourceNode, type ResourceTree } from '../domain/account/resource-tree.ts';
import { batchesOf, endsAccountAdmin, isGain, makesAccountAdmin } from '../domain/plan/batch.ts';
import type { Subject } from '../domain/plan/desired-state.ts';
import type { Change } from '../domain/plan/plan.ts';
import { neverNames } from '../domain/policy/never.ts';
import { placeText } from '../domain/text/problem.ts';
import { type GuardFinding, type GuardInput, listPrincipals, namesOf, writableSubjects } from './guard-input.ts';

/**
 * The end state keeps the smaller of `limits.admins` and the admins of today: a plan may not make too few admins even fewer.
 * `changes` must not contain held raises: an admin who is not made cannot replace one who goes.
 */
export function lastAdmins({ actual, resolved }: GuardInput, changes: readonly Change[]): GuardFinding | null {
  const now = adminEmails(actual.account, actual.accesses);
  const lowered = changes.filter((change) => endsAccountAdmin(change) && change.principal.kind === 'user');
  const made = changes.filter((change) => makesAccountAdmin(change) && change.principal.kind === 'user');
  const after = new Set([...now, ...namesOf(made)]);
  for (const name of namesOf(lowered)) after.delete(name);
  const least = Math.min(resolved.policy.limits.admins, now.size);
  if (lowered.length === 0 || after.size >= least) return null;
  return {
    refusal: {
      rule: 'last-admins',
      message: `${listPrincipals(lowered)} would stop being account admin, which leaves ${after.size} of ${now.size} admins and owners; ${least} must remain`,
      remedy: 'name another account admin first; this rule cannot be approved',
    },
    held: lowered,
  };
}

/** No raise may give a principal what a `never` rule forbids, by its own row or from above. Holds only the raises that would. */
export function never({ desired, actual, resolved }: GuardInput, changes: readonly Change[]): GuardFinding | null {
  if (desired.never.length === 0) return null;
  const gains = new Map(batchesOf(changes.filter(isGain)).map((batch) => [batch.access, batch.changes]));
  const broken: { readonly change: Change; readonly text: string }[] = [];
  for (const subject of writableSubjects(desired).values()) {
    const before = rowsOf(subject, actual.tree);
    const rules = desired.never.filter(({ rule }) => neverNames(rule.who, subject.name, resolved.members));
    for (const change of gains.get(subject.access.access) ?? []) {
      for (const { rule, nodes } of rules) {
        const level = toAccessLevel(rule.level);
        if (change.after < level) continue;
        const node = nodes.find((one) => isOnOrBelow(one, change.resource) && greatestLevel(before, one) < level);
        if (node === undefined) continue;
        const where = `${rule.level} on ${nodeLabel(node)}`;
        const text = `${writtenName(subject.name)} would be ${where}, which ${placeText(rule.at)} forbids`;
        broken.push({ change, text });
      }
    }
  }
  if (broken.length === 0) return null;
  return {
    refusal: {
      rule: 'never',
      message: [...new Set(broken.map(({ text }) => text))].join('; '),
      remedy: 'change the grant or the `never` rule; this rule cannot be approved',
    },
    held: [...new Set(broken.map(({ change }) => change))],
  };
}

function isOnOrBelow(node: ResourceNode, { type, id }: ResourceId): boolean {
  return [node, ...ancestorsOf(node)].some((at) => at.type === type && at.id === id);
}

function rowsOf({ access }: Subject, tree: ResourceTree): Rows {
  const rows = new Map<ResourceNode, number>();
  for (const row of access.rows) {
    const node = tree.find(row);
    if (node) rows.set(node, row.level);
  }
  return rows;
}
