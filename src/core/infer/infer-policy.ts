import { type ActualState, adminEmails } from '../domain/account/actual-state.ts';
import type { ImportedGrant, ImportedPolicy, Remarked } from '../domain/policy/imported-policy.ts';
import { compareText } from '../domain/text/text.ts';
import { type Bundle, factorRows, type Layout } from './factor-rows.ts';
import { toNotes } from './found.ts';
import { findHolders, type Holders, isAddress } from './holders.ts';
import { inferLimits } from './infer-limits.ts';
import { NameBook } from './name-book.ts';
import { bundleName } from './name-bundle.ts';
import { wantsOf } from './say-wants.ts';
import { type SpellResource, spellResources } from './spell-resources.ts';

/** Most entries of `protected`, and of `roles`. */
const PROTECTED_MAX = 100;
const ROLES_MAX = 500;

/**
 * Makes a policy of an account: what everybody holds, said in as few and as plain words as possible, so that the policy
 * plans to nothing. A function of the account alone; the order in which it was read changes nothing.
 */
export function inferPolicy(actual: ActualState): ImportedPolicy {
  const holders = findHolders(actual);
  const layout = factorRows(holders.holders);
  const groups = nameTeams(layout);
  const said = sayBundles(layout, groups, spellResources(actual.tree));
  return {
    account: actual.account,
    summary: summaryOf(actual, holders),
    protected: protectedOf(actual, holders.owners),
    limits: inferLimits(actual),
    groups: [...groups].map(([{ holders: members }, name]) => ({ name, members: members.map(({ text }) => text) })),
    tokens: holders.tokens,
    ...said,
    notes: toNotes(holders.found),
  };
}

function nameTeams({ teams }: Layout): ReadonlyMap<Bundle, string> {
  const names = new NameBook();
  return new Map(teams.map((team) => [team, names.take(bundleName(team, 'group'), 'team')]));
}

/** Each bundle as grants: one where one level says it all, else a role, or one for each level where it is one holder's. */
function sayBundles(
  { bundles, toOf }: Layout,
  groups: ReadonlyMap<Bundle, string>,
  spell: SpellResource,
): Pick<ImportedPolicy, 'roles' | 'grants'> {
  const names = new NameBook();
  const roles: ImportedPolicy['roles'][number][] = [];
  const grants: ImportedGrant[] = [];
  for (const bundle of bundles) {
    const to = toOf(bundle).map((one) => ('text' in one ? one.text : `group:${groups.get(one)}`));
    const wants = wantsOf(bundle.rows, spell);
    if (wants.length > 1 && bundle.holders.length > 1 && roles.length < ROLES_MAX) {
      const role = names.take(bundleName(bundle, 'role'), 'role');
      roles.push({ name: role, entries: wants });
      grants.push({ to, gives: { role } });
    } else {
      grants.push(...wants.map((gives) => ({ to, gives })));
    }
  }
  return { roles, grants };
}

/** Owners, and account admins where there is room for all of them: some of them would be an arbitrary choice. */
function protectedOf({ account, accesses }: ActualState, owners: readonly string[]): readonly Remarked[] {
  const admins = [...adminEmails(account, accesses)]
    .filter((email) => isAddress(email) && !owners.includes(email))
    .sort(compareText);
  const all = [
    ...owners.map((text) => ({ text, remark: 'owner' })),
    ...admins.map((text) => ({ text, remark: 'account admin' })),
  ];
  return all.length <= PROTECTED_MAX ? all : all.slice(0, Math.min(PROTECTED_MAX, owners.length));
}

function summaryOf({ accesses }: ActualState, { holders, owners }: Holders): readonly string[] {
  const people = accesses.filter(({ principal }) => principal.kind !== 'token').length;
  const rows = holders.reduce((sum, { wants }) => sum + wants.size, 0);
  return [
    `The account has ${counted(people, 'user or invite', 'users and invites')}, ${counted(owners.length, 'owner', 'owners')} among them.`,
    `The grants name ${counted(holders.length, 'person or token', 'people and tokens')}, and say ${counted(rows, 'row', 'rows')}.`,
  ];
}

function counted(count: number, one: string, several: string): string {
  return `${count === 0 ? 'no' : count} ${count === 1 ? one : several}`;
}
