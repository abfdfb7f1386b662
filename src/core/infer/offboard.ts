import type { PolicyTexts } from '../document/source-text.ts';
import { type EmailName, emailKey } from '../domain/account/email.ts';
import { writtenName } from '../domain/account/principal.ts';
import type { PolicyEdit } from '../domain/policy/imported-policy.ts';
import { entryListing } from '../domain/policy/listed-people.ts';
import { isExact } from '../domain/policy/name-pattern.ts';
import type { MemberRef, Policy } from '../domain/policy/policy.ts';
import { comparePlaces, type Place, placeText } from '../domain/text/problem.ts';

/** Why a policy cannot end someone's access, or null. */
export function reasonToKeep({ protected: exempt, ignore }: Policy, person: EmailName): string | null {
  const kept = exempt.find((name) => 'email' in name && name.email === person.email);
  if (kept) return `is protected (${placeText(kept.at)}), and \`ends\` takes nothing from them`;
  const ignored = entryListing(ignore, person);
  return ignored && `is ignored (${placeText(ignored.at)}), and grantd touches nothing of theirs`;
}

/** Why grantd takes nothing from some people when their `ends` comes: a sentence for each reason. */
export function obstaclesToEnd(policy: Policy, people: readonly EmailName[]): readonly string[] {
  const { mode, paused, observe } = policy;
  const observed = people.flatMap((person) => {
    const entry = entryListing(observe, person);
    return entry === null
      ? []
      : [`\`observe\` lists ${writtenName(person)} (${placeText(entry.at)}), so grantd takes nothing from them.`];
  });
  return [
    ...(mode === 'authoritative'
      ? []
      : [`The mode is ${mode}, in which grantd takes nothing: \`ends\` waits until it is authoritative.`]),
    ...(paused ? ['The policy is paused: `ends` waits until `paused` is false.'] : []),
    ...observed,
  ];
}

/** Where a policy says when someone ends. Null if it does not. */
export function endOf({ ends }: Policy, { email }: EmailName): Policy['ends'][number] | null {
  return ends.find((one) => one.email === email) ?? null;
}

/** Words that may be e-mails: what no YAML mark or space ends. */
const WORDS = /[^\s"'[\]{},]+@[^\s"'[\]{},:]+/g;

/** The spelling of someone in the texts of a policy, or as given: two spellings of one person are a problem. */
export function spellingIn({ text, included = [] }: PolicyTexts, person: EmailName): string {
  const texts = [text, ...included.flatMap((one) => ('source' in one ? [one.source.text] : []))];
  for (const one of texts) {
    const found = one.match(WORDS)?.find((word) => emailKey(word) === person.email);
    if (found !== undefined) return found;
  }
  return writtenName(person);
}

/** Where else a policy names someone: lines that a person has to look at. */
export function otherMentions(
  policy: Policy,
  person: EmailName,
): readonly { readonly key: string; readonly at: Place }[] {
  const who = [
    ...policy.tests.map(({ who: name, at }) => ({ key: 'tests', name, at })),
    ...[
      ...policy.never.map((rule) => ({ key: 'never', rule })),
      ...policy.require.map((rule) => ({ key: 'require', rule })),
    ].flatMap(({ key, rule }) => (rule.who?.kind === 'principal' ? [{ key, name: rule.who.name, at: rule.at }] : [])),
  ];
  const patterns = typeof policy.unlisted.revoke === 'string' ? [] : policy.unlisted.revoke;
  const revoked = patterns.filter(({ pattern }) => isExact(pattern) && pattern.text === person.email);
  return [
    ...who.filter(({ name }) => isPerson(name, person)).map(({ key, at }) => ({ key, at })),
    ...revoked.map(({ at }) => ({ key: 'unlisted', at })),
  ].sort((a, b) => comparePlaces(a.at, b.at));
}

/** The edits that take someone out of every list: groups, grants, `observe` and `ends`. */
export function cutsOf(policy: Policy, person: EmailName): readonly PolicyEdit[] {
  const cut = (at: Place, grant: Place | null = null): PolicyEdit => ({ kind: 'cut', at, grant });
  const naming = (members: readonly MemberRef[]) => members.filter(({ member }) => isPerson(member, person));
  return [
    ...policy.groups.flatMap(({ members }) => naming(members).map(({ at }) => cut(at))),
    ...policy.grants.flatMap((grant) => naming(grant.to).map(({ at }) => cut(at, grant.at))),
    ...policy.observe.people
      .filter(({ pattern }) => isExact(pattern) && pattern.text === person.email)
      .map(({ at }) => cut(at)),
    ...policy.ends.filter(({ email }) => email === person.email).map(({ at }) => cut(at)),
  ];
}

function isPerson(name: object, { email }: EmailName): boolean {
  return 'email' in name && name.email === email;
}
