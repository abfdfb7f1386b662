import { toAccessLevel } from '../domain/account/access-level.ts';
import { effectiveLevel, type Rows } from '../domain/account/effective-access.ts';
import { principalNameText } from '../domain/account/principal.ts';
import type { BoundRow, MemberEntitlement, Subject } from '../domain/plan/desired-state.ts';
import type { Change } from '../domain/plan/plan.ts';
import type { PolicyEdit } from '../domain/policy/imported-policy.ts';
import type { Grant, Group, MemberRef } from '../domain/policy/policy.ts';
import { isPattern } from '../domain/policy/resource-ref.ts';
import { type Place, placeText } from '../domain/text/problem.ts';
import type { Adoption } from './adoption.ts';
import { heldRows } from './held-rows.ts';
import type { PlannedDrift } from './widen-policy.ts';

/**
 * What the policy gives and the account does not hold, taken out of the policy where that concerns nobody else and nothing
 * else: a name in `to`, a resource of one person's entry, a member of a group of which the person holds nothing any more.
 * Everything else is told, for a person to decide.
 */
export function narrowPolicy(drift: PlannedDrift): Adoption {
  const steps = new Map<string, Adoption['steps'][number]>();
  const left = new Set<string>();
  const known = lookUp(drift);
  const changes = [...drift.plan.changes, ...drift.plan.held.flatMap((held) => held.changes)];
  for (const change of changes.filter(({ before, after }) => after > before)) {
    const subject = known.subjects.get(keyOf(change)) as Subject;
    for (const held of subject.running) {
      const isCause = held.bound.rows.some((row) => isOn(row, change) && toAccessLevel(row.level) > change.before);
      if (!isCause) continue;
      const drop = dropOf(change, subject, held, known);
      const who = principalNameText(subject.name);
      if (typeof drop === 'string') {
        const grant = placeText(held.bound.entitlement.grant);
        left.add(`${who} does not hold what ${grant} gives on ${change.resource.label}: ${drop}`);
        continue;
      }
      const { text, ...edit } = drop;
      const says = [`taken out: ${text} (${placeText(edit.at)}), for ${who} does not hold what it gives`];
      if (!steps.has(placeText(edit.at))) steps.set(placeText(edit.at), { edit, says });
    }
  }
  return { steps: [...steps.values()], left: [...left] };
}

type Drop = Extract<PolicyEdit, { kind: 'drop' }> & { readonly text: string };

/** What is looked up for each change. */
interface Known extends PlannedDrift {
  readonly subjects: ReadonlyMap<string, Subject>;
  readonly grants: ReadonlyMap<string, Grant>;
  /** What each access of a name holds. */
  readonly held: ReadonlyMap<string, readonly Rows[]>;
}

function lookUp(drift: PlannedDrift): Known {
  const held = new Map<string, Rows[]>();
  for (const { name, access } of drift.desired.subjects) {
    const text = principalNameText(name);
    held.set(text, [...(held.get(text) ?? []), heldRows(access, drift.actual.tree)]);
  }
  return {
    ...drift,
    held,
    subjects: new Map(drift.desired.subjects.map((subject) => [keyOf(subject.access), subject])),
    grants: new Map(drift.resolved.policy.grants.map((grant) => [placeText(grant.at), grant])),
  };
}

/** A declared token may carry the access id of somebody else. */
function keyOf({ access, principal }: Pick<Change, 'access' | 'principal'>): string {
  return `${principal.kind === 'token' ? 'token' : 'person'} ${access}`;
}

function isOn({ node }: BoundRow, { resource }: Change): boolean {
  return node.type === resource.type && node.id === resource.id;
}

/** How the person is taken out of what the grant gives, or why that is left to somebody. */
function dropOf(change: Change, subject: Subject, held: MemberEntitlement, known: Known): Drop | string {
  const grant = known.grants.get(placeText(held.bound.entitlement.grant)) as Grant;
  if (held.holder.otherPaths > 0) return 'it reaches them in several ways';
  if (held.holder.groups.length > 0) return dropFromGroup(subject, held, known);
  const missing = held.bound.rows.filter((row) => isMissing(row, subject, known));
  const member = memberOf(grant.to, subject);
  if (missing.length === held.bound.rows.length) return dropAt(member.at, grant.at, principalNameText(subject.name));
  const row = missing.find((one) => isOn(one, change));
  return row ? dropResource(grant, row) : 'another access of the same e-mail holds it';
}

function dropAt(at: Place, grant: Place | null, text: string): Drop {
  return { kind: 'drop', at, grant, text };
}

/** One resource of an entry that names nobody else, and no pattern, which covers more than this. */
function dropResource(grant: Grant, { from: { resource } }: BoundRow): Drop | string {
  if (grant.to.length > 1) return 'it reaches others too; split the grant, or restore the row';
  if (!('resources' in grant.gives))
    return 'it gives a role, of which they hold a part; name another role, or restore the row';
  if (isPattern(resource.selector)) return 'a pattern gives it; narrow it by `except`, or restore the row';
  return dropAt(resource.at, grant.at, resource.text);
}

/** Out of a group only where nothing of what it gives is held, and nothing else hangs on it. */
function dropFromGroup(subject: Subject, held: MemberEntitlement, known: Known): Drop | string {
  const { policy, entitlements } = known.resolved;
  const name = held.holder.groups.at(-1)?.name;
  const group = policy.groups.find((one) => one.name === name) as Group;
  const member = memberOf(group.members, subject);
  const text = principalNameText(subject.name);
  if (policy.never.some(({ who }) => who.kind === 'group'))
    return `a \`never\` is about a group; look at group ${group.name}`;
  const through = entitlements.filter((entitlement) =>
    entitlement.holders.some(
      (holder) => principalNameText(holder.name) === text && holder.groups.some((one) => one.name === group.name),
    ),
  );
  const running = subject.running.filter(({ bound }) => through.includes(bound.entitlement));
  const isWhole =
    running.length === through.length &&
    running.every(
      ({ bound, holder }) => holder.otherPaths === 0 && bound.rows.every((row) => isMissing(row, subject, known)),
    );
  if (!isWhole) return `they hold a part of what group ${group.name} gives; take them out of it, or restore the row`;
  return dropAt(member.at, null, `${text} in group ${group.name}`);
}

/** The shortest way to somebody ends with a list that names them. */
function memberOf(members: readonly MemberRef[], { name }: Subject): MemberRef {
  const text = principalNameText(name);
  return members.find(({ member }) => !('group' in member) && principalNameText(member) === text) as MemberRef;
}

/** Whether no access of this name holds what a row gives, be it by its own row or from above. */
function isMissing({ node, level }: BoundRow, subject: Subject, { held }: Known): boolean {
  const each = held.get(principalNameText(subject.name)) as readonly Rows[];
  return each.every((rows) => effectiveLevel(rows, node) < toAccessLevel(level));
}
