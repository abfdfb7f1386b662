import { type AccountAccess, type ActualState, accessesByEmail, adminEmails } from '../domain/account/actual-state.ts';
import { nameOf, principalNameText } from '../domain/account/principal.ts';
import { holdsWritable } from '../domain/plan/desired-state.ts';
import type { ImportedGrant, ImportedPolicy, Remarked } from '../domain/policy/imported-policy.ts';
import { compareText } from '../domain/text/text.ts';
import { descriptiveName } from './descriptive-name.ts';
import { type FoundPrincipals, findPrincipals, isAddress, spellingOf } from './find-principals.ts';
import { groupByLevel, groupRows, type Layout, type RowGroup } from './group-rows.ts';
import { toNotes } from './import-notes.ts';
import { type RefOfResource, resourceRefs } from './resource-refs.ts';
import { UniqueNames } from './unique-names.ts';

/** The most entries of `protected`, and of `roles`. */
const PROTECTED_MAX = 100;
const ROLES_MAX = 500;

/**
 * Makes a policy from an account. It grants what everyone has, with few and readable entries, so that its plan is empty. It
 * is a function of the account alone; the order in which the account was read does not matter.
 */
export function inferPolicy(actual: ActualState): ImportedPolicy {
  const found = findPrincipals(actual);
  const layout = groupRows(found.principals);
  const groups = nameTeams(layout);
  const given = grantRowGroups(layout, groups, resourceRefs(actual.tree));
  return {
    account: actual.account,
    summary: summaryOf(actual, found),
    protected: protectedOf(actual, found.owners),
    limits: inferLimits(actual),
    groups: [...groups].map(([{ principals: members }, name]) => ({ name, members: members.map(({ text }) => text) })),
    tokens: found.tokens,
    ...given,
    notes: toNotes(found.notes),
  };
}

function nameTeams({ teams }: Layout): ReadonlyMap<RowGroup, string> {
  const names = new UniqueNames();
  return new Map(teams.map((team) => [team, names.take(descriptiveName(team, 'group'), 'team')]));
}

/** Each row group as grants: one grant for one level, otherwise a role. A single principal gets one grant for each level. */
function grantRowGroups(
  { rowGroups, toOf }: Layout,
  groups: ReadonlyMap<RowGroup, string>,
  refOf: RefOfResource,
): Pick<ImportedPolicy, 'roles' | 'grants'> {
  const names = new UniqueNames();
  const roles: ImportedPolicy['roles'][number][] = [];
  const grants: ImportedGrant[] = [];
  for (const rowGroup of rowGroups) {
    const to = toOf(rowGroup).map((one) => ('text' in one ? one.text : `group:${groups.get(one)}`));
    const entries = groupByLevel(rowGroup.rows, refOf);
    if (entries.length > 1 && rowGroup.principals.length > 1 && roles.length < ROLES_MAX) {
      const role = names.take(descriptiveName(rowGroup, 'role'), 'role');
      roles.push({ name: role, entries });
      grants.push({ to, gives: { role } });
    } else {
      grants.push(...entries.map((gives) => ({ to, gives })));
    }
  }
  return { roles, grants };
}

/** Owners, and account admins if all of them fit: a choice among admins would be arbitrary. */
function protectedOf({ account, accesses }: ActualState, owners: readonly string[]): readonly Remarked[] {
  const byEmail = accessesByEmail(accesses);
  const admins = [...adminEmails(account, accesses)]
    .map((email) => spellingOf(byEmail.get(email) as readonly AccountAccess[]))
    .filter((text) => isAddress(text) && !owners.includes(text))
    .sort(compareText);
  const all = [
    ...owners.map((text) => ({ text, remark: 'owner' })),
    ...admins.map((text) => ({ text, remark: 'account admin' })),
  ];
  return all.length <= PROTECTED_MAX ? all : all.slice(0, Math.min(PROTECTED_MAX, owners.length));
}

function summaryOf({ accesses }: ActualState, { principals, owners }: FoundPrincipals): readonly string[] {
  const people = accesses.filter(({ principal }) => principal.kind !== 'token').length;
  const rows = principals.reduce((sum, { levels }) => sum + levels.size, 0);
  return [
    `The account has ${counted(people, 'user or invite', 'users and invites')}, ${counted(owners.length, 'owner', 'owners')} among them.`,
    `The grants name ${counted(principals.length, 'person or token', 'people and tokens')}, and give ${counted(rows, 'row', 'rows')}.`,
  ];
}

function counted(count: number, one: string, several: string): string {
  return `${count === 0 ? 'no' : count} ${count === 1 ? one : several}`;
}

/**
 * How many principals a limit lets change, for an account of any size: one in so many, within bounds. The changes of one team
 * pass, and a mistake that affects everyone does not.
 */
interface Share {
  readonly oneIn: number;
  readonly least: number;
  readonly most: number;
}

const LOSERS: Share = { oneIn: 20, least: 3, most: 25 };
const GAINERS: Share = { oneIn: 5, least: 5, most: 20 };

/** How many account admins and owners must remain, so that the absence of one locks no one out. */
const ADMINS_LEAST = 2;

/** The limits that fit an account of this size. */
function inferLimits({ account, accesses, tree }: ActualState): ImportedPolicy['limits'] {
  const everything = {
    ignored: new Set<never>(),
    observed: new Set<never>(),
    managed: null,
    frozen: new Map<never, never>(),
  };
  const withRows = new Set(
    accesses
      .filter((access) => holdsWritable(access, tree, everything))
      .map(({ principal }) => principalNameText(nameOf(principal))),
  );
  return {
    revokes: { principals: shareOf(LOSERS, withRows.size), percent: 20 },
    gains: { principals: shareOf(GAINERS, withRows.size) },
    admins: Math.max(1, Math.min(ADMINS_LEAST, adminEmails(account, accesses).size)),
    newAdmins: 1,
  };
}

function shareOf({ oneIn, least, most }: Share, count: number): number {
  return Math.min(most, Math.max(least, Math.ceil(count / oneIn)));
}
