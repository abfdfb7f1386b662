import { toAccessLevel } from '../domain/account/access-level.ts';
import { effectiveLevel, type Rows } from '../domain/account/effective-access.ts';
import { nameOf, principalNameText, writtenName } from '../domain/account/principal.ts';
import { rowsByNode } from '../domain/account/rows-by-node.ts';
import type { BoundRow, MemberEntitlement } from '../domain/plan/bound-entitlement.ts';
import type { Subject } from '../domain/plan/desired-state.ts';
import type { Change } from '../domain/plan/plan.ts';
import { findMember, memberNamed } from '../domain/policy/entitlement.ts';
import type { PolicyEdit } from '../domain/policy/imported-policy.ts';
import type { Grant, Group, MemberRef } from '../domain/policy/policy.ts';
import { isPattern } from '../domain/policy/resource-ref.ts';
import { plainName } from '../domain/policy/team.ts';
import { comparePlaces, type Place, placeText } from '../domain/text/problem.ts';
import type { Adoption, PlannedDrift } from './widen-policy.ts';

/**
 * Takes out of the policy what it gives and the account does not have, if that affects no one and nothing else: a name in
 * `to`, a resource of an entry for one person, a member of a group who has nothing left of it. It reports everything else,
 * for a person to decide.
 */
export function narrowPolicy(drift: PlannedDrift): Adoption {
  const steps = new Map<string, Adoption['steps'][number]>();
  const left = new Set<string>();
  const known = lookUp(drift);
  const changes = [...drift.plan.changes, ...drift.plan.held.flatMap((held) => held.changes)];
  for (const change of changes.filter(({ before, after }) => after > before)) {
    const subject = known.subjects.get(keyOf(change)) as Subject;
    for (const given of subject.running) {
      const isCause = given.bound.rows.some((row) => isOn(row, change) && toAccessLevel(row.level) > change.before);
      if (!isCause) continue;
      const drop = dropOf(change, subject, given, known);
      const who = spelledAs(subject);
      if (typeof drop === 'string') {
        const grant = placeText(given.bound.entitlement.grant);
        left.add(`${who} does not have what ${grant} gives on ${change.resource.label}: ${drop}`);
        continue;
      }
      const { text, ...edit } = drop;
      const says = [`taken out: ${text} (${placeText(edit.at)}), because ${who} does not have what it gives`];
      if (!steps.has(placeText(edit.at))) steps.set(placeText(edit.at), { edit, says });
    }
  }
  return { steps: [...steps.values()], left: [...left] };
}

/** As the account spells them. Other lines about the same access do so too. */
function spelledAs({ access }: Subject): string {
  return writtenName(nameOf(access.principal));
}

type Drop = Extract<PolicyEdit, { kind: 'drop' }> & { readonly text: string };

/** What each change is looked up in. */
interface Known extends PlannedDrift {
  readonly subjects: ReadonlyMap<string, Subject>;
  readonly grants: ReadonlyMap<string, Grant>;
  /** The rows of each access of a name. */
  readonly actualRows: ReadonlyMap<string, readonly Rows[]>;
}

function lookUp(drift: PlannedDrift): Known {
  const actualRows = new Map<string, Rows[]>();
  for (const { name, access } of drift.desired.subjects) {
    const text = principalNameText(name);
    actualRows.set(text, [...(actualRows.get(text) ?? []), rowsByNode(access.rows, drift.actual.tree)]);
  }
  return {
    ...drift,
    actualRows,
    subjects: new Map(drift.desired.subjects.map((subject) => [keyOf(subject.access), subject])),
    grants: new Map(drift.resolved.policy.grants.map((grant) => [placeText(grant.at), grant])),
  };
}

/** The kind is part of the key because a declared token may have the access id of someone else. */
function keyOf({ access, principal }: Pick<Change, 'access' | 'principal'>): string {
  return `${principal.kind === 'token' ? 'token' : 'person'} ${access}`;
}

function isOn({ node }: BoundRow, { resource }: Change): boolean {
  return node.type === resource.type && node.id === resource.id;
}

/** The edit that takes the person out of what the grant gives, or why a person has to decide. */
function dropOf(change: Change, subject: Subject, given: MemberEntitlement, known: Known): Drop | string {
  const grant = known.grants.get(placeText(given.bound.entitlement.grant)) as Grant;
  const { otherPaths, groups } = memberNamed(given.bound.entitlement, subject.name);
  if (otherPaths > 0) return 'it reaches them in several ways';
  if (groups.length > 0) return dropFromGroup(subject, given, known);
  const missing = given.bound.rows.filter((row) => isMissing(row, subject, known));
  const member = memberOf(grant.to, subject);
  if (missing.length === given.bound.rows.length) return dropAt(member.at, grant.at, writtenName(subject.name));
  const row = missing.find((one) => isOn(one, change));
  return row ? dropResource(grant, row) : 'another access of the same e-mail has it';
}

function dropAt(at: Place, grant: Place | null, text: string): Drop {
  return { kind: 'drop', at, grant, text };
}

/** Drops one resource of an entry that names no one else. A pattern stays, because it covers more than this resource. */
function dropResource(grant: Grant, { from: { resource } }: BoundRow): Drop | string {
  if (grant.to.length > 1) return 'it reaches others too; split the grant, or restore the row';
  if (!('resources' in grant.gives))
    return 'it gives a role, of which they have a part; name another role, or restore the row';
  if (isPattern(resource.selector)) return 'a pattern gives it; narrow it with `except`, or restore the row';
  return dropAt(resource.at, grant.at, resource.text);
}

/** Drops a member of a group, if they have nothing of what it gives and nothing else depends on their membership. */
function dropFromGroup(subject: Subject, given: MemberEntitlement, known: Known): Drop | string {
  const { policy, entitlements } = known.resolved;
  const last = memberNamed(given.bound.entitlement, subject.name).groups.at(-1);
  const group = policy.groups.find(({ at }) => last && isSamePlace(at, last.at)) as Group;
  const member = memberOf(group.members, subject);
  if (policy.never.some(({ who }) => who.kind === 'group'))
    return `a \`never\` rule names a group; check group ${plainName(group.name)}`;
  const through = entitlements.filter((entitlement) =>
    findMember(entitlement, subject.name)?.groups.some(({ at }) => isSamePlace(at, group.at)),
  );
  const running = subject.running.filter(({ bound }) => through.includes(bound.entitlement));
  const isWhole =
    running.length === through.length &&
    running.every(
      ({ bound }) =>
        memberNamed(bound.entitlement, subject.name).otherPaths === 0 &&
        bound.rows.every((row) => isMissing(row, subject, known)),
    );
  if (!isWhole)
    return `they have a part of what group ${plainName(group.name)} gives; take them out of it, or restore the row`;
  return dropAt(member.at, null, `${writtenName(subject.name)} in group ${plainName(group.name)}`);
}

function isSamePlace(a: Place, b: Place): boolean {
  return comparePlaces(a, b) === 0;
}

/** The shortest path to a principal ends with a list that names them. */
function memberOf(members: readonly MemberRef[], { name }: Subject): MemberRef {
  const text = principalNameText(name);
  return members.find(({ member }) => !('group' in member) && principalNameText(member) === text) as MemberRef;
}

/** Whether no access of this name has what a row gives, by its own row or from above. */
function isMissing({ node, level }: BoundRow, subject: Subject, { actualRows }: Known): boolean {
  const each = actualRows.get(principalNameText(subject.name)) as readonly Rows[];
  return each.every((rows) => effectiveLevel(rows, node) < toAccessLevel(level));
}
