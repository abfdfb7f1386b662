import { didYouMean, nearest } from '../document/suggest.ts';
import { errorAt, type Problem, warningAt } from '../domain/text/problem.ts';
import type { NamedSection, Reference } from './policy-reader.ts';
import type { PolicyDraft } from './read-policy.ts';

/** For how many unknown names the nearest one is looked up: each is compared with every name that is declared. */
const MAX_SUGGESTED = 100;

interface Named {
  readonly name: string;
}

const WORDS = {
  groups: { code: 'unknown-group', noun: 'group' },
  roles: { code: 'unknown-role', noun: 'role' },
  tokens: { code: 'unknown-token', noun: 'token' },
} as const;

/** Every group, role and token that is named must be declared. A section that cannot be read says nothing of its names. */
export function checkReferences({ policy, references, unreadable }: PolicyDraft): readonly Problem[] {
  const declared = { groups: namesOf(policy.groups), roles: namesOf(policy.roles), tokens: namesOf(policy.tokens) };
  return references
    .filter(({ section, name }) => !unreadable.has(section) && !declared[section].has(name))
    .map(({ section, name, at }, index) => {
      const { code, noun } = WORDS[section];
      const otherwise = `declare it under \`${section}\`, or delete the reference`;
      const candidates = index < MAX_SUGGESTED ? [...declared[section]] : [];
      return errorAt(at, code, `no ${noun} is called ${name}`, didYouMean(name, candidates, otherwise));
    });
}

/** A group or role that nothing refers to is most often left over, or misspelled where it was meant. */
export function checkUnused({ policy, references, isWhole }: PolicyDraft): readonly Problem[] {
  if (!isWhole) return [];
  const groups = usedOf('groups', policy.groups, references);
  const roles = usedOf('roles', policy.roles, references);
  return [
    ...policy.groups
      .filter(({ name }) => !groups.has(name))
      .map(({ name, at }) =>
        warningAt(at, 'unused-group', `nothing refers to the group ${name}`, 'delete it, or grant it something'),
      ),
    ...policy.roles
      .filter(({ name }) => !roles.has(name))
      .map(({ name, at }) =>
        warningAt(at, 'unused-role', `no grant names the role ${name}`, 'delete it, or grant it to somebody'),
      ),
  ];
}

/** The names of a section that are referred to; a misspelled reference counts as the name that it was meant to be. */
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
