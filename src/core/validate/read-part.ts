import { type MapNode, valueAt } from '../document/document-node.ts';
import type { Approval, Grant, Group, MemberRef, PolicyTest, Role } from '../domain/policy/policy.ts';
import { scopedName, type Team } from '../domain/policy/team.ts';
import { errorAt, type Problem } from '../domain/text/problem.ts';
import type { NamedSection, PolicyReader, Reference } from './policy-reader.ts';
import { readGrants } from './read-grants.ts';
import { readApprovalList, readTestList } from './read-lists.ts';
import { readGroups, readRoles } from './read-named.ts';

/** What an included file adds to a policy, as far as it is readable. The names of a team are scoped. */
export interface PolicyPart {
  readonly file: string;
  /** Null for a shared file and for approvals. */
  readonly team: Team | null;
  readonly groups: readonly Group[];
  readonly roles: readonly Role[];
  readonly grants: readonly Grant[];
  readonly tests: readonly PolicyTest[];
  readonly approvals: readonly Approval[];
  readonly references: readonly Reference[];
}

/** Reads every part of an included file that has the right shape. It leaves out all others, because the schema reports them. */
export function readPart(root: MapNode, file: string, team: Team | null, reader: PolicyReader): PolicyPart {
  const at = (key: string) => valueAt(root, key);
  const part: PolicyPart = {
    file,
    team,
    groups: readGroups(at('groups'), reader),
    roles: readRoles(at('roles'), reader),
    grants: readGrants(at('grants'), reader),
    tests: readTestList(at('tests'), reader),
    approvals: readApprovalList(at('approvals'), reader),
    references: reader.references,
  };
  return team === null ? part : scoped(part, team);
}

/** Reports `complete` before the end of an included file. It must be last, so that every truncated file is invalid. */
export function checkCompleteLast(root: MapNode): readonly Problem[] {
  const complete = root.entries.find(({ key }) => key === 'complete');
  const last = root.entries.at(-1);
  if (!complete || !last || complete === last) return [];
  const message = `\`complete\` must be the last key of the file, and \`${last.key}\` follows it`;
  return [
    errorAt(
      complete.keyAt,
      'complete-not-last',
      message,
      'move the line to the end, so that a truncated file lacks it',
    ),
  ];
}

/** Scopes the names that the file of a team declares, and every reference of the file to them. */
function scoped(part: PolicyPart, team: Team): PolicyPart {
  const own: Readonly<Record<NamedSection, ReadonlySet<string>>> = {
    groups: new Set(part.groups.map(({ name }) => name)),
    roles: new Set(part.roles.map(({ name }) => name)),
    tokens: new Set(),
  };
  const named = (section: NamedSection, name: string) => (own[section].has(name) ? scopedName(team.name, name) : name);
  const members = (list: readonly MemberRef[]) =>
    list.map((one) => ('group' in one.member ? { ...one, member: { group: named('groups', one.member.group) } } : one));
  const declared = <T extends { readonly name: string }>(one: T): T => ({
    ...one,
    name: scopedName(team.name, one.name),
  });
  return {
    ...part,
    groups: part.groups.map((group) => ({ ...declared(group), members: members(group.members) })),
    roles: part.roles.map(declared),
    grants: part.grants.map((grant) => ({
      ...grant,
      to: members(grant.to),
      gives: 'role' in grant.gives ? { ...grant.gives, role: named('roles', grant.gives.role) } : grant.gives,
      team,
    })),
    tests: part.tests.map((test) => ({ ...test, team })),
    references: part.references.map((one) => ({ ...one, name: named(one.section, one.name) })),
  };
}
