import { type AccessLevel, givenBy, LEVEL, toAccessLevel } from '../domain/account/access-level.ts';
import { inheritedLevel, type Rows } from '../domain/account/effective-access.ts';
import { emailKey } from '../domain/account/email.ts';
import { type Principal, principalNameText, writtenName } from '../domain/account/principal.ts';
import { emailHash } from '../domain/account/remembered-access.ts';
import type { ResourceNode, ResourceTree } from '../domain/account/resource-tree.ts';
import { rowsByNode } from '../domain/account/rows-by-node.ts';
import type { BoundEntitlement, MemberEntitlement } from '../domain/plan/bound-entitlement.ts';
import {
  type AbsentName,
  holdsPlanned,
  isManaged,
  type Scope,
  type Subject,
  type UnnamedAccess,
} from '../domain/plan/desired-state.ts';
import type { Notice } from '../domain/plan/notice.ts';
import { keptByGrant } from '../domain/plan/team-authority.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { comparePlaces, type Place, placeText } from '../domain/text/problem.ts';
import type { GuardInput } from './guard-input.ts';
import type { NameDoubts } from './protected-doubts.ts';

/** A person whom a running grant names, and whose e-mail nobody has. */
interface AbsentPerson {
  readonly email: string;
  readonly written: string;
  readonly hash: string;
  readonly running: AbsentName['running'];
}

/** An unlisted access that would lose everything, or all that team files do not decide. */
interface Loser {
  readonly access: number;
  readonly email: string;
  readonly hash: string;
  readonly rows: Rows;
}

/** A loser who may be an absent person under a new e-mail, and by what. */
interface Rename {
  readonly loser: Loser;
  readonly person: AbsentPerson;
  readonly by: 'memory' | 'rows';
}

/**
 * Somebody whom no grant names may be a person whom a running grant names by the e-mail of before. Memory knows it by the id of the
 * access. Otherwise the rows say it, where exactly one absent person is entitled to exactly what exactly one unlisted person holds.
 * Somebody whose `ends` has come has no running grant, so whatever their e-mail is now, they are not kept.
 */
export function renameDoubts(input: GuardInput): NameDoubts {
  const { actual, desired, difference } = input;
  const losing = new Set(difference.unlisted.flatMap(({ access, revokedAt }) => (revokedAt === null ? [] : [access])));
  const unlisted = losersAmong(
    desired.others.filter(({ access }) => losing.has(access.access)),
    actual.tree,
  );
  const besides = losersAmong(
    desired.subjects.filter((subject) => isUnlistedBesides(subject, actual.tree, desired.scope)),
    actual.tree,
  );
  const absent = unlisted.length + besides.length === 0 ? [] : absentPeople(desired.absent);
  const found = renamesAmong([...unlisted, ...besides], absent.flatMap(asRootNames), input);
  const byRoot = found.filter(({ loser }) => losing.has(loser.access));
  const byTeams = renamesAmong(unlisted, absent.filter(isNamedByTeam), input);
  const ofRoot = new Map(byRoot.map((rename) => [rename.loser.access, rename]));
  const ofTeams = new Map(byTeams.map((rename) => [rename.loser.access, rename]));
  const all = [...byRoot, ...byTeams.filter(({ loser }) => !ofRoot.has(loser.access))];
  return {
    of: ({ access, resource, before }) => {
      const node = actual.tree.find(resource);
      const team = ofTeams.get(access);
      const rename = ofRoot.get(access) ?? (team && mayKeep(team.person, node, before) ? team : undefined);
      return rename === undefined ? null : { reason: 'maybe-renamed', waitsFor: rename.person.written };
    },
    notices: all.map((rename) => renameNotice(rename, input.resolved.policy)),
  };
}

/** What the root file gives an absent person decides alone what waits of all that they may hold: a team cannot change it. */
function asRootNames(person: AbsentPerson): readonly AbsentPerson[] {
  const running = person.running.filter(({ bound }) => bound.reach === null);
  return running.length === 0 ? [] : [{ ...person, running }];
}

function isNamedByTeam({ running }: AbsentPerson): boolean {
  return running.some(({ bound }) => bound.reach !== null);
}

/** By what teams give an absent person, only a row waits that these may decide. One above their `upTo` goes as without them. */
function mayKeep({ running }: AbsentPerson, node: ResourceNode | undefined, before: AccessLevel): boolean {
  const keeps = (held: MemberEntitlement, on: ResourceNode) =>
    held.bound.reach !== null && givenBy(before) <= keptByGrant(held, on);
  return node !== undefined && running.some((held) => keeps(held, node));
}

function renamesAmong(losers: readonly Loser[], absent: readonly AbsentPerson[], input: GuardInput): readonly Rename[] {
  const known = renamedByMemory(losers, absent, input);
  const free = {
    losers: losers.filter((loser) => !known.some((one) => one.loser === loser)),
    absent: absent.filter((person) => !known.some((one) => one.person === person)),
  };
  return [...known, ...renamedByRows(free.losers, free.absent, input)];
}

/** Only people are unlisted, so each of them has an e-mail. */
function losersAmong(holders: readonly (Subject | UnnamedAccess)[], tree: ResourceTree): readonly Loser[] {
  return holders.map(({ access: { access, principal, rows } }) => {
    const { email } = principal as Exclude<Principal, { readonly kind: 'token' }>;
    return { access, email, hash: emailHash(email), rows: rowsByNode(rows, tree) };
  });
}

/** Whether only team files name someone who would be unlisted without these, and lose what they hold: the root file's names alone decide whom it knows. */
function isUnlistedBesides({ access, authority, isProtected }: Subject, tree: ResourceTree, scope: Scope): boolean {
  return authority !== null && authority.revokedAt !== null && !isProtected && holdsPlanned(access, tree, scope);
}

function absentPeople(absent: readonly AbsentName[]): readonly AbsentPerson[] {
  return absent.flatMap(({ name, running }) => {
    if (!('email' in name) || running.length === 0) return [];
    return [{ email: name.email, written: writtenName(name), hash: emailHash(name.email), running }];
  });
}

function renamedByMemory(
  losers: readonly Loser[],
  absent: readonly AbsentPerson[],
  { restraints }: GuardInput,
): readonly Rename[] {
  const byHash = new Map(absent.map((person) => [person.hash, person]));
  const had = new Map([...restraints.remembered.values()].map((one) => [one.access, byHash.get(one.emailHash ?? '')]));
  return losers.flatMap((loser): readonly Rename[] => {
    const person = had.get(loser.access);
    return person === undefined ? [] : [{ loser, person, by: 'memory' }];
  });
}

function renamedByRows(
  losers: readonly Loser[],
  absent: readonly AbsentPerson[],
  { desired, restraints }: GuardInput,
): readonly Rename[] {
  const rowsOf = declaredForms(desired.scope);
  const entitled = groupBy(absent, ({ running }) => rowsOf(running));
  // The policy knows somebody by their own e-mail whom a grant ahead names.
  const later = desired.upcoming.filter(({ isNamedByRoot }) => isNamedByRoot);
  const besides = desired.subjects.filter(({ authority }) => authority?.isNamedLater === true);
  const ahead = new Set([...later, ...besides].map(({ name }) => principalNameText(name)));
  const unknown = losers.filter(({ email }) => !ahead.has(emailKey(email)));
  const holding = groupBy(unknown, ({ rows }) => rowsForm(rows, desired.scope));
  const idOf = new Map([...restraints.remembered.values()].map((one) => [one.emailHash, one.access]));
  return [...holding].flatMap(([form, alike]): readonly Rename[] => {
    const [person, ...others] = entitled.get(form) ?? [];
    const isOne = new Set(alike.map(({ email }) => emailKey(email))).size === 1;
    if (person === undefined || others.length > 0 || !isOne || form === '') return [];
    // Memory that saw both under ids of their own knows them for two people.
    const isOther = ({ access, hash }: Loser) => idOf.has(person.hash) && idOf.get(hash) === access;
    return alike.filter((loser) => !isOther(loser)).map((loser) => ({ loser, person, by: 'rows' }));
  });
}

/** The form of what some grants declare, computed once for all people who have the same grants. */
function declaredForms(scope: Scope): (running: AbsentName['running']) => string {
  const numbers = new Map<BoundEntitlement, number>();
  const forms = new Map<string, string>();
  return (running) => {
    for (const { bound } of running) if (!numbers.has(bound)) numbers.set(bound, numbers.size);
    const key = running.map(({ bound }) => numbers.get(bound)).join();
    const form = forms.get(key) ?? rowsForm(declaredRows(running), scope);
    forms.set(key, form);
    return form;
  };
}

function declaredRows(running: AbsentName['running']): Rows {
  const rows = new Map<ResourceNode, number>();
  for (const { bound } of running) {
    for (const { node, level } of bound.rows) rows.set(node, Math.max(toAccessLevel(level), rows.get(node) ?? 0));
  }
  return rows;
}

/** Equal for rows that give the same access on what the policy manages. A viewer+ stays where viewer is entitled, so it counts as viewer. */
function rowsForm(rows: Rows, scope: Scope): string {
  const managed = new Map(
    [...rows].filter(([node]) => isManaged(scope, node)).map(([node, level]) => [node, levelOf(level)]),
  );
  return [...managed]
    .filter(([node, level]) => level > inheritedLevel(managed, node))
    .map(([node, level]) => `${node.index}:${level}`)
    .sort()
    .join();
}

function levelOf(level: number): number {
  return level === LEVEL.viewerPlus ? LEVEL.viewer : givenBy(level);
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

function renameNotice({ loser, person, by }: Rename, policy: Policy): Notice {
  const { written } = person;
  const who = `${loser.email} (access ${loser.access})`;
  const places = placesOf(policy, person.email);
  const listed =
    places.slice(0, 5).map(placeText).join(', ') + (places.length > 5 ? ` and ${places.length - 5} more` : '');
  return {
    code: 'maybe-renamed',
    message:
      by === 'memory'
        ? `${who} had the e-mail ${written} at an earlier run, which a grant names and nobody has now, so grantd takes nothing from this access`
        : `${who} holds exactly what the policy gives ${written}, whom the account does not show, so grantd takes nothing from this access`,
    remedy: `if it is the same person, write ${loser.email} in place of ${written} at ${listed}; if it is another person, let \`ends\` end ${written} on a past day, or delete ${places.length === 1 ? 'that entry' : 'those entries'}`,
    at: places[0],
    access: loser.access,
  };
}

/** Every place where the policy names a person, in the order of the text. A grant names them, so there is one. */
function placesOf(policy: Policy, email: string): readonly [Place, ...Place[]] {
  const members = [...policy.groups.flatMap((group) => group.members), ...policy.grants.flatMap((grant) => grant.to)];
  const people = [
    ...members.map(({ member, at }) => ({ name: member, at })),
    ...policy.ends.map((end) => ({ name: end, at: end.at })),
    ...policy.protected.map((name) => ({ name, at: name.at })),
    ...policy.tests.map(({ who, at }) => ({ name: who, at })),
  ];
  const places = people.filter(({ name }) => 'email' in name && name.email === email).map(({ at }) => at);
  return places.sort(comparePlaces) as [Place, ...Place[]];
}
