import { principalNameText } from '../../src/core/domain/account/principal.ts';
import type { Grant, GrantedResource, MemberRef, Policy } from '../../src/core/domain/policy/policy.ts';

/** Without what makes most random policies invalid, so that few of them are drawn in vain. */
export function likelyValid(policy: Policy): Policy {
  const grants = policy.grants.map((grant) => {
    const isUpsideDown = grant.from && grant.until && grant.until.at <= grant.from.at;
    return { ...grant, from: isUpsideDown ? null : grant.from };
  });
  return { ...policy, grants, ignore: { ...policy.ignore, people: [] } };
}

/** How a text is laid out: lists one entry on a line, or in brackets. */
export type Layout = 'block' | 'flow';

/** The policy as somebody might have written it, with a comment of its own behind every line and before every entry. */
export function policyYaml(policy: Policy, layout: Layout): string {
  let comments = 0;
  const commented = (line: string) => {
    comments += 1;
    return `${line} # c${comments}.`;
  };
  const list = (key: string, indent: string, items: readonly string[]): readonly string[] => {
    if (items.length === 0) return [commented(`${indent}${key}: []`)];
    if (layout === 'flow') return [commented(`${indent}${key}: [${items.map(quoted).join(',  ')}]`)];
    return [commented(`${indent}${key}:`), ...items.map((item) => commented(`${indent}  - ${quoted(item)}`))];
  };
  const section = (key: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ['', commented(`${key}:`), ...lines];
  return [
    commented('version: 1'),
    commented(`account: ${policy.account}`),
    commented(`mode: ${policy.mode}`),
    ...list('protected', '', policy.protected.map(principalNameText)),
    'limits: { revokes: { principals: 100,  percent: 100 }, gains: { principals: 100 }, admins: 1,  newAdmins: 100 }',
    ...(policy.manage
      ? list(
          'manage',
          '',
          policy.manage.map(({ text }) => text),
        )
      : []),
    ...list('ignore', '', [
      ...policy.ignore.people.map(({ pattern }) => pattern.text),
      ...policy.ignore.resources.map(({ text }) => text),
    ]),
    commented(`unlisted: ${unlistedText(policy)}`),
    ...section(
      'never',
      policy.never.map(({ whoText, resource, level }) =>
        commented(`  - { who: ${quoted(whoText)}, resource: ${quoted(resource.text)}, level: ${level} }`),
      ),
    ),
    ...section(
      'groups',
      policy.groups.flatMap(({ name, members }) => list(name, '  ', members.map(memberText))),
    ),
    ...section(
      'ends',
      policy.ends.map(({ email, end }) => commented(`  ${email}: ${dateText(end.at)}`)),
    ),
    ...section(
      'tokens',
      policy.tokens.map(({ name, access, tokenId }) =>
        commented(`  ${name}: { access: ${access}, token: ${tokenId} }`),
      ),
    ),
    ...section(
      'roles',
      policy.roles.flatMap(({ name, resources }) => [
        commented(`  ${name}:`),
        ...resources.map(({ resource, level }) =>
          commented(`    - { resource: ${quoted(resource.text)}, level: ${level} }`),
        ),
      ]),
    ),
    ...section(
      'grants',
      policy.grants.flatMap((grant) => [commented('  # before'), ...grantLines(grant, list, commented)]),
    ),
    '',
    commented('paused: false'),
    '',
  ].join('\n');
}

function grantLines(
  { to, gives, except, from, until }: Grant,
  list: (key: string, indent: string, items: readonly string[]) => readonly string[],
  commented: (line: string) => string,
): readonly string[] {
  const [only] = to;
  const whom =
    to.length === 1 && only
      ? [commented(`    to: ${quoted(memberText(only))}`)]
      : list('to', '    ', to.map(memberText));
  const lines = [
    ...whom,
    ...('role' in gives ? [commented(`    role: ${gives.role}`)] : resourceLines(gives.resources, list, commented)),
    ...(except.length > 0
      ? list(
          'except',
          '    ',
          except.map(({ text }) => text),
        )
      : []),
    ...(from ? [commented(`    from: ${instantText(from.at)}`)] : []),
    ...(until ? [commented(`    until: ${instantText(until.at)}`)] : []),
  ];
  return lines.map((line, index) => (index === 0 ? line.replace('    ', '  - ') : line));
}

/** A grant has one level, so the first resource decides. */
function resourceLines(
  granted: readonly GrantedResource[],
  list: (key: string, indent: string, items: readonly string[]) => readonly string[],
  commented: (line: string) => string,
): readonly string[] {
  const resources = [...new Set(granted.map(({ resource }) => resource.text))];
  return [...list('resource', '    ', resources), commented(`    level: ${granted[0]?.level ?? 'viewer'}`)];
}

function memberText({ member }: MemberRef): string {
  return 'group' in member ? `group:${member.group}` : principalNameText(member);
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

function dateText(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

function instantText(at: number): string {
  return new Date(at).toISOString().replace('.000', '');
}

function unlistedText({ unlisted: { revoke } }: Policy): string {
  if (typeof revoke === 'string') return revoke === 'everyone' ? 'revoke' : 'keep';
  return `{ revoke: [${revoke.map(({ pattern }) => quoted(pattern.text)).join(', ')}] }`;
}
