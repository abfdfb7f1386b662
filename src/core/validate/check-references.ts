import { didYouMean, nearest } from '../document/suggest.ts';
import { plainName, teamOfName } from '../domain/policy/team.ts';
import { errorAt, type Place, type Problem, warningAt } from '../domain/text/problem.ts';
import type { NamedSection, Reference } from './policy-reader.ts';
import type { PolicyDraft } from './read-policy.ts';

/** For how many unknown names the nearest declared name is looked up. Each is compared with every declared name. */
const MAX_SUGGESTED = 100;

interface Named {
  readonly name: string;
  readonly at: Place;
}

const WORDS = {
  groups: { code: 'unknown-group', noun: 'group' },
  roles: { code: 'unknown-role', noun: 'role' },
  tokens: { code: 'unknown-token', noun: 'token' },
} as const;

/** Reports references to groups, roles and tokens that are not declared. It skips sections that are unreadable. */
export function checkReferences({ policy, references, unreadable }: PolicyDraft): readonly Problem[] {
  const declared = { groups: namesOf(policy.groups), roles: namesOf(policy.roles), tokens: namesOf(policy.tokens) };
  const teams = new Map(policy.teams.map(({ file, name }) => [file, name]));
  return references
    .filter(({ section, name }) => !unreadable.has(section) && !declared[section].has(name))
    .map(({ section, name, at }, index) => {
      const { code, noun } = WORDS[section];
      const otherwise = `declare it under \`${section}\`, or delete the reference`;
      const usable = [...declared[section]].filter((one) => [null, teams.get(at.file)].includes(teamOfName(one)));
      const candidates = index < MAX_SUGGESTED ? usable.map(plainName) : [];
      return errorAt(at, code, `no ${noun} is called ${name}`, didYouMean(name, candidates, otherwise));
    });
}

/** Warns about groups and roles without references. Most are left over, or misspelled where they were meant. */
export function checkUnused({ policy, references, isWhole, sharedFiles }: PolicyDraft): readonly Problem[] {
  if (!isWhole) return [];
  const isUnused = ({ name, at }: Named, used: ReadonlySet<string>) => !used.has(name) && !sharedFiles.has(at.file);
  const groups = usedOf('groups', policy.groups, references);
  const roles = usedOf('roles', policy.roles, references);
  return [
    ...policy.groups
      .filter((group) => isUnused(group, groups))
      .map(({ name, at }) =>
        warningAt(
          at,
          'unused-group',
          `nothing refers to the group ${plainName(name)}`,
          'delete it, or grant it something',
        ),
      ),
    ...policy.roles
      .filter((role) => isUnused(role, roles))
      .map(({ name, at }) =>
        warningAt(at, 'unused-role', `no grant names the role ${plainName(name)}`, 'delete it, or grant it to someone'),
      ),
  ];
}

/** The referenced names of a section. A misspelled reference counts as the nearest declared name. */
function usedOf(section: NamedSection, named: readonly Named[], references: readonly Reference[]): ReadonlySet<string> {
  const declared = namesOf(named);
  const names = references.filter((one) => one.section === section).map(({ name }) => name);
  const unknown = names.filter((name) => !declared.has(name));
  if (unknown.length > MAX_SUGGESTED) return declared;
  return new Set([...names, ...unknown.map((name) => nearest(name, [...declared]) ?? name)]);
}

function namesOf(named: readonly Named[]): ReadonlySet<string> {
  return new Set(named.map(({ name }) => name));
}
