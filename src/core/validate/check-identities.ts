import { spellingsOf } from '../domain/account/email.ts';
import { principalNameText, writtenName } from '../domain/account/principal.ts';
import type { MemberRef } from '../domain/policy/policy.ts';
import { errorAt, lineFrom, type Place, type Problem, warningAt } from '../domain/text/problem.ts';
import type { PolicyDraft } from './read-policy.ts';

/** Reports e-mails with two spellings. To a reader of the file they look like two people. */
export function checkEmailSpellings({ emails }: PolicyDraft): readonly Problem[] {
  const first = new Map<string, { readonly text: string; readonly at: Place }>();
  return emails.flatMap((email) => {
    const before = first.get(email.key);
    if (!before) first.set(email.key, email);
    if (!before || before.text === email.text) return [];
    const [here, there] = spellingsOf([email.text, before.text]);
    const message = `${here} is spelled ${there} at ${lineFrom(email.at, before.at)}; both are the same person`;
    return [
      errorAt(email.at, 'email-spelled-twice', message, 'spell it the same way everywhere, preferably in lower case'),
    ];
  });
}

/** Reports access ids and token ids of two tokens. One of the two entries would write to the wrong token. */
export function checkTokenIds({ policy }: PolicyDraft): readonly Problem[] {
  const access = new Map<number, string>();
  const ids = new Map<number, string>();
  const problems: Problem[] = [];
  for (const token of policy.tokens) {
    const pairs = [
      [access, token.access, 'access'],
      [ids, token.tokenId, 'token'],
    ] as const;
    for (const [seen, id, key] of pairs) {
      const before = id === 0 ? undefined : seen.get(id);
      if (before === undefined) seen.set(id, token.name);
      else problems.push(usedTwice(token.at, `${key}: ${id} already belongs to token ${before}`));
    }
  }
  return problems;
}

function usedTwice(at: Place, message: string): Problem {
  return errorAt(at, 'id-used-twice', message, 'look both ids up again; each belongs to exactly one token');
}

/** Warns about the same entry twice in one list. Most likely another entry was meant. */
export function checkListedTwice({ policy }: PolicyDraft): readonly Problem[] {
  const lists = [...policy.grants.map(({ to }) => to), ...policy.groups.map(({ members }) => members)];
  const resources = [
    ...policy.grants.flatMap((grant) => [
      grant.except,
      'resources' in grant.gives ? grant.gives.resources.map((granted) => granted.resource) : [],
    ]),
    policy.ignore.resources,
    policy.observe.resources,
    policy.manage ?? [],
  ];
  return [
    ...lists.flatMap((members) => repeated(members.map(memberEntry))),
    ...resources.flatMap((refs) => repeated(refs.map(({ text, at }) => ({ key: text, text, at })))),
  ];
}

/** An entry of a list: entries with the same key are the same. */
interface ListEntry {
  readonly key: string;
  readonly text: string;
  readonly at: Place;
}

function repeated(entries: readonly ListEntry[]): readonly Problem[] {
  const seen = new Set<string>();
  return entries.flatMap(({ key, text, at }) => {
    if (seen.has(key))
      return [warningAt(at, 'listed-twice', `this list already contains ${text}`, 'delete one of the two')];
    seen.add(key);
    return [];
  });
}

function memberEntry({ member, at }: MemberRef): ListEntry {
  if (!('group' in member)) return { key: principalNameText(member), text: writtenName(member), at };
  const text = `group:${member.group}`;
  return { key: text, text, at };
}
