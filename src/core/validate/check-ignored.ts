import { nameOfEnd, principalNameText, writtenName } from '../domain/account/principal.ts';
import { isExact, matchesName, type NamePattern } from '../domain/policy/name-pattern.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { covers, coversCertainly } from '../domain/policy/ref-cover.ts';
import { isPattern, type ResourceRef } from '../domain/policy/resource-ref.ts';
import { errorAt, lineFrom, type Place, type Problem, warningAt } from '../domain/text/problem.ts';
import type { PolicyDraft } from './read-policy.ts';

/** Reports people whom a grant or a group names and `ignore` lists. One of the two lines is a mistake. */
export function checkIgnoredPeople({ policy }: PolicyDraft): readonly Problem[] {
  const findIgnoring = ignoringOf(policy);
  const members = [...policy.grants.flatMap(({ to }) => to), ...policy.groups.flatMap((group) => group.members)];
  return members.flatMap(({ member, at }) => {
    const ignoring = 'email' in member ? findIgnoring(member.email) : undefined;
    if (!('email' in member) || !ignoring) return [];
    const message = `${writtenName(member)} is ignored (${writtenPattern(ignoring.pattern)}, ${lineFrom(at, ignoring.at)}), so grantd writes nothing for them`;
    return [errorAt(at, 'grants-ignored', message, 'delete this entry, or narrow `ignore`')];
  });
}

/** Reports resources that a grant or a role names without `*` and `ignore` lists. A pattern only skips them. */
export function checkIgnoredResources({ policy }: PolicyDraft): readonly Problem[] {
  return givenRefs(policy).flatMap((ref) => {
    if (isPattern(ref.selector)) return [];
    const ignoring = policy.ignore.resources.find(({ selector }) => coversCertainly(selector, ref.selector));
    if (!ignoring) return [];
    const message = `${ref.text} is ignored (${ignoring.text}, ${lineFrom(ref.at, ignoring.at)}), so grantd writes nothing there`;
    return [errorAt(ref.at, 'grants-ignored', message, 'delete this entry, or narrow `ignore`')];
  });
}

/** Reports `ends` of people who are protected or ignored. grantd removes no access from them. */
export function checkEnds({ policy }: PolicyDraft): readonly Problem[] {
  const exempt = new Set(policy.protected.map(principalNameText));
  const findIgnoring = ignoringOf(policy);
  return policy.ends.flatMap((end) => {
    const who = writtenName(nameOfEnd(end));
    return [
      ...(exempt.has(end.email) ? [endsProtected(who, end.at)] : []),
      ...(findIgnoring(end.email) ? [endsIgnored(who, end.at)] : []),
    ];
  });
}

/** Warns about entries of `observe` that `ignore` certainly covers. grantd does not even plan them. */
export function checkObservesIgnored({ policy }: PolicyDraft): readonly Problem[] {
  const { ignore, observe } = policy;
  const people = observe.people.flatMap(({ pattern, at }) => {
    const ignoring = ignore.people.find((one) => matchesName(one.pattern, pattern.text));
    return ignoring
      ? [observesIgnored(writtenPattern(pattern), at, writtenPattern(ignoring.pattern), ignoring.at)]
      : [];
  });
  const resources = observe.resources.flatMap(({ text, selector, at }) => {
    const ignoring = ignore.resources.find((one) => coversCertainly(one.selector, selector));
    return ignoring ? [observesIgnored(text, at, ignoring.text, ignoring.at)] : [];
  });
  return [...people, ...resources];
}

/** Warns about grants on resources that `manage` certainly leaves out, and `observe` too. grantd does not plan them. */
export function checkOutsideManage({ policy }: PolicyDraft): readonly Problem[] {
  const { manage, observe } = policy;
  if (!manage) return [];
  const spokenOf = [...manage, ...observe.resources];
  return givenRefs(policy)
    .filter(
      ({ selector }) => !isPattern(selector) && spokenOf.every((one) => covers(one.selector, selector) === 'never'),
    )
    .map(({ text, at }) =>
      warningAt(
        at,
        'outside-manage',
        `\`manage\` does not include ${text}, so grantd writes nothing there`,
        'add it to `manage`, or delete this entry',
      ),
    );
}

/** Finds the entry of `ignore` for an e-mail. Exact names are looked up; only patterns are tried one by one. */
function ignoringOf({
  ignore,
}: Policy): (email: string) => { readonly pattern: NamePattern; readonly at: Place } | undefined {
  const exact = new Map(ignore.people.filter(({ pattern }) => isExact(pattern)).map((one) => [one.pattern.text, one]));
  const patterns = ignore.people.filter(({ pattern }) => !isExact(pattern));
  return (email) => exact.get(email) ?? patterns.find(({ pattern }) => matchesName(pattern, email));
}

function givenRefs({ roles, grants }: Policy): readonly ResourceRef[] {
  const resources = [
    ...roles.flatMap((role) => role.resources),
    ...grants.flatMap(({ gives }) => ('resources' in gives ? gives.resources : [])),
  ];
  return resources.map(({ resource }) => resource);
}

function endsProtected(who: string, at: Place): Problem {
  const message = `${who} is protected, so \`ends\` cannot remove anything from them`;
  return errorAt(at, 'ends-protected', message, 'delete this line, or remove them from `protected`');
}

function endsIgnored(who: string, at: Place): Problem {
  return errorAt(
    at,
    'ends-ignored',
    `${who} is ignored, so \`ends\` cannot remove anything from them`,
    'delete this line, or narrow `ignore`',
  );
}

function observesIgnored(text: string, at: Place, ignoring: string, ignoredAt: Place): Problem {
  const message = `${text} is ignored (${ignoring}, line ${ignoredAt.line}), and \`ignore\` wins over \`observe\`, so grantd does not plan it`;
  return warningAt(at, 'observes-ignored', message, 'delete it from one of the two lists');
}

function writtenPattern({ written, text }: NamePattern): string {
  return written ?? text;
}
