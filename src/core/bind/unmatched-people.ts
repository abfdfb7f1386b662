import { type Candidate, nearestOf } from '../document/nearest-name.ts';
import { distanceMost, editDistance } from '../document/suggest.ts';
import { type AccountAccess, accessesByEmail } from '../domain/account/actual-state.ts';
import type { EmailName } from '../domain/account/email.ts';
import { mixesScripts } from '../domain/account/principal.ts';
import type { AbsentName, UnnamedAccess } from '../domain/plan/desired-state.ts';
import type { Notice, NoticeCode } from '../domain/plan/notice.ts';
import { isExact, matchesName, type NamePattern } from '../domain/policy/name-pattern.ts';
import type { EmailPattern, Policy } from '../domain/policy/policy.ts';
import { lookAlikeForm, oddVisible } from '../domain/text/odd-characters.ts';

/** A list of the policy that names people by e-mail or pattern, and the notice about an entry that fits nobody. */
export interface PeopleList {
  readonly key: string;
  readonly code: NoticeCode;
  readonly entries: readonly EmailPattern[];
  readonly remedy: string;
}

/** The lists in which an e-mail that nobody has may be a mistake that changes what grantd does. */
export function peopleLists({ protected: exempt, ignore, observe, never }: Policy): readonly PeopleList[] {
  const people = exempt.flatMap((name) => ('email' in name ? [{ pattern: patternOf(name), at: name.at }] : []));
  const forbidden = never.flatMap(({ who, at }) => {
    if (who.kind === 'emails') return [{ pattern: who.pattern, at }];
    return who.kind === 'principal' && 'email' in who.name ? [{ pattern: patternOf(who.name), at }] : [];
  });
  const remedy = 'correct it or delete it; nothing to do if it is meant for people who come later';
  return [
    {
      key: 'protected',
      code: 'protected-unmatched',
      entries: people,
      remedy: 'correct the e-mail, or delete it from `protected` if this person has left',
    },
    { key: 'ignore', code: 'person-unmatched', entries: ignore.people, remedy },
    { key: 'observe', code: 'person-unmatched', entries: observe.people, remedy },
    { key: 'never', code: 'person-unmatched', entries: forbidden, remedy },
  ];
}

/** One notice for each e-mail or pattern of some lists that fits nobody in the account, with the nearest one that fits somebody. */
export function unmatchedPeople(lists: readonly PeopleList[], accesses: readonly AccountAccess[]): readonly Notice[] {
  const emails = [...accessesByEmail(accesses).keys()].sort();
  const known = new Set(emails);
  const fits = ({ pattern }: EmailPattern) =>
    isExact(pattern) ? known.has(pattern.text) : emails.some((email) => matchesName(pattern, email));
  const nearEmail = nearestEmailOf(emails);
  const nearPattern = nearestOf([...new Set(emails.map(everyoneAtDomain))].map(candidateOf));
  return lists.flatMap(({ key, code, entries, remedy }) =>
    firstOfEach(entries.filter((entry) => !fits(entry))).map(({ pattern, at }): Notice => {
      const near = isExact(pattern) ? nearEmail(pattern.text) : nearPattern(lookAlikeForm(pattern.text));
      return {
        code,
        message: `\`${key}\` names ${pattern.written ?? pattern.text}, and nobody in the account has ${isExact(pattern) ? 'this e-mail' : 'an e-mail that fits'}`,
        remedy: near === null ? remedy : `did you mean ${visibleEmail(near)}? otherwise ${remedy}`,
        at,
      };
    }),
  );
}

/** One notice for each person whom grants name and nobody is, where somebody whom no grant names has nearly the same e-mail. */
export function mistypedPeople(absent: readonly AbsentName[], others: readonly UnnamedAccess[]): readonly Notice[] {
  const unnamed = accessesByEmail(others.map(({ access }) => access));
  const near = nearestEmailOf([...unnamed.keys()].sort());
  return absent.flatMap(({ name, running: [held] }): readonly Notice[] => {
    if (!('email' in name) || held === undefined) return [];
    const email = near(name.email);
    if (email === null) return [];
    const [access] = unnamed.get(email) as readonly [AccountAccess];
    return [
      {
        code: 'person-unmatched',
        message: `the policy gives access to ${visibleEmail(name.written ?? name.email)}, and nobody in the account has this e-mail`,
        remedy: `did you mean ${visibleEmail(email)} (access ${access.access}), whom no grant names? otherwise there is nothing to do until they are invited`,
        at: held.bound.entitlement.grant,
      },
    ];
  });
}

function patternOf({ email, written }: EmailName): NamePattern {
  return { text: email, parts: [email], ...(written === undefined ? {} : { written }) };
}

/** In p1@ and p2@ one letter tells two people apart, so a short name before the @ must be the same. */
function nearestEmailOf(emails: readonly string[]): (email: string) => string | null {
  const near = nearestOf(emails.map(candidateOf));
  return (email) => {
    const found = near(lookAlikeForm(email));
    if (found === null) return null;
    const [meant, asked] = [found, email].map((one) => lookAlikeForm(one.slice(0, one.lastIndexOf('@')))) as [
      string,
      string,
    ];
    return editDistance(asked, meant) <= distanceMost(asked) ? found : null;
  };
}

function candidateOf(email: string): Candidate<string> {
  return { form: lookAlikeForm(email), value: email };
}

function everyoneAtDomain(email: string): string {
  return `*${email.slice(email.lastIndexOf('@'))}`;
}

/** A rule for each resource often names the same person again. */
function firstOfEach(entries: readonly EmailPattern[]): readonly EmailPattern[] {
  const first = new Map<string, EmailPattern>();
  for (const entry of entries) if (!first.has(entry.pattern.text)) first.set(entry.pattern.text, entry);
  return [...first.values()];
}

/** Letters of another alphabet that look like Latin ones are shown by number. */
function visibleEmail(email: string): string {
  if (!mixesScripts(email)) return oddVisible(email);
  return email.replace(/\P{ASCII}/gu, (character) => `\\u{${(character.codePointAt(0) as number).toString(16)}}`);
}
