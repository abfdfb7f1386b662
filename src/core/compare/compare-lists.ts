import { nameOfEnd, type PrincipalName, principalNameText, writtenName } from '../domain/account/principal.ts';
import type { Term, TermChange, TermEffect } from '../domain/answer/comparison.ts';
import type { ResolvedPolicy } from '../domain/policy/entitlement.ts';
import type { NamePattern } from '../domain/policy/name-pattern.ts';
import type { Approval, DeclaredToken, EmailPattern, NeverRule, Policy, PolicyTest } from '../domain/policy/policy.ts';
import type { ResourceRef } from '../domain/policy/resource-ref.ts';
import { compareText } from '../domain/text/text.ts';
import { refKey } from './entry.ts';

/** Compares the lists that exclude, forbid, approve or check something: what was added, removed or changed. */
export function compareLists(old: ResolvedPolicy, next: ResolvedPolicy): readonly TermChange[] {
  return [
    ...compareScope(old.policy.manage, next.policy.manage),
    ...LISTS.flatMap((list) => compareLines(list, list.of(old), list.of(next))),
  ];
}

/** One line of a list. Lines with the same key are the same line; with an equal `meaning` they also say the same. */
interface Line {
  readonly key: string;
  readonly text: string;
  readonly meaning: string | number;
  /** `meaning` in the words of the policy; empty if the line says no more than `text`. */
  readonly shown: string;
}

/** What a difference does, and what follows from it. */
interface Consequence {
  readonly effect: TermEffect;
  readonly means: string;
}

interface List {
  readonly term: Term;
  readonly of: (resolved: ResolvedPolicy) => readonly Line[];
  readonly added: Consequence;
  readonly gone: Consequence;
  /** If a line can change its meaning. */
  readonly moved?: Consequence;
}

const MANAGE = {
  term: 'manage',
  added: { effect: 'loosens', means: 'is written from now on' },
  gone: { effect: 'tightens', means: 'is no longer written: access there stays as it is' },
} as const;

const LISTS: readonly List[] = [
  {
    term: 'protected',
    of: ({ policy }) => policy.protected.map(nameLine),
    added: { effect: 'tightens', means: 'is never lowered or removed from now on' },
    gone: { effect: 'loosens', means: 'may be lowered and removed from now on' },
  },
  {
    term: 'never',
    of: ({ policy, members }) => policy.never.flatMap((rule) => neverLines(rule, members)),
    added: { effect: 'tightens', means: 'is forbidden from now on' },
    gone: { effect: 'loosens', means: 'is no longer forbidden' },
  },
  {
    term: 'ignore',
    of: ({ policy: { ignore } }) => [...ignore.people.map(patternLine), ...ignore.resources.map(resourceLine)],
    added: { effect: 'tightens', means: 'is no longer written: access there stays as it is' },
    gone: { effect: 'loosens', means: 'is written from now on' },
  },
  {
    term: 'tokens',
    of: ({ policy }) => policy.tokens.map(tokenLine),
    added: { effect: 'changes', means: 'can be granted something' },
    gone: { effect: 'changes', means: 'can no longer be granted anything' },
    moved: { effect: 'loosens', means: 'grants to this name now apply to another token' },
  },
  {
    term: 'approvals',
    of: ({ policy }) => [...policy.approvals].sort((a, b) => a.until.at - b.until.at).flatMap(approvalLines),
    added: { effect: 'loosens', means: 'approves this held part of a plan' },
    gone: { effect: 'tightens', means: 'no longer approves this held part' },
    moved: { effect: 'changes', means: 'approves this held part until another time' },
  },
  {
    term: 'ends',
    of: ({ policy }) =>
      policy.ends.map((one) => ({ ...nameLine(nameOfEnd(one)), meaning: one.end.at, shown: one.end.text })),
    added: { effect: 'changes', means: 'loses everything then, and is named from then on' },
    gone: { effect: 'loosens', means: 'does not lose everything then' },
    moved: { effect: 'changes', means: 'loses everything at another time' },
  },
  {
    term: 'tests',
    of: ({ policy }) => policy.tests.map(testLine),
    added: { effect: 'changes', means: 'is checked from now on' },
    gone: { effect: 'changes', means: 'is no longer checked' },
  },
];

const UNLISTED = {
  term: 'unlisted',
  added: { effect: 'loosens', means: 'users and invites that no grant names and whose e-mail fits lose their access' },
  gone: { effect: 'tightens', means: 'users and invites that no grant names keep their access if no other line fits' },
} as const;

/** The patterns of two policies that both take access from some of the unlisted. */
export function comparePatterns(old: readonly EmailPattern[], next: readonly EmailPattern[]): readonly TermChange[] {
  return compareLines(UNLISTED, old.map(patternLine), next.map(patternLine));
}

/** A policy without `manage` manages everything. Adding a list to it means less, not more. */
function compareScope(old: Policy['manage'], next: Policy['manage']): readonly TermChange[] {
  if (old !== null && next !== null) return compareLines(MANAGE, old.map(resourceLine), next.map(resourceLine));
  if (old === next) return [];
  const [before, after] = [old, next].map((refs) => refs?.map(({ text }) => text).join(', ') ?? 'everything');
  const what = `${before} → ${after}`;
  return [
    next === null
      ? { term: 'manage', effect: 'loosens', what, means: 'the policy speaks about all resources' }
      : { term: 'manage', effect: 'tightens', what, means: 'access elsewhere stays as it is' },
  ];
}

function compareLines(
  { term, added, gone, moved }: Omit<List, 'of'>,
  before: readonly Line[],
  after: readonly Line[],
): readonly TermChange[] {
  const old = new Map(before.map((line) => [line.key, line]));
  const next = new Map(after.map((line) => [line.key, line]));
  return [...new Map([...old, ...next]).values()]
    .sort((a, b) => compareText(a.key, b.key))
    .flatMap((line) => {
      const [was, is] = [old.get(line.key), next.get(line.key)];
      if (!was) return [{ term, ...added, what: `+ ${textOf(line)}` }];
      if (!is) return [{ term, ...gone, what: `- ${textOf(line)}` }];
      return moved && was.meaning !== is.meaning
        ? [{ term, ...moved, what: `${is.text}: ${was.shown} → ${is.shown}` }]
        : [];
    });
}

function textOf({ text, shown }: Line): string {
  return shown === '' ? text : `${text}: ${shown}`;
}

function plain(text: string): Line {
  return { key: text, text, meaning: '', shown: '' };
}

function nameLine(name: PrincipalName): Line {
  return { ...plain(writtenName(name)), key: principalNameText(name) };
}

function patternLine({ pattern }: EmailPattern): Line {
  return { ...plain(patternText(pattern)), key: pattern.text.replace(/\*+/g, '*') };
}

function patternText({ text, written }: NamePattern): string {
  return written ?? text;
}

function resourceLine(ref: ResourceRef): Line {
  return { ...plain(ref.text), key: refKey(ref) };
}

/**
 * One line for each principal of a rule, so that a group is compared by who joins and who leaves. And one line for each level,
 * because a rule forbids its level and everything above.
 */
function neverLines({ who, resource, level }: NeverRule, members: ResolvedPolicy['members']): readonly Line[] {
  const levels = level === 'viewer' ? ['viewer', 'admin'] : ['admin'];
  return whoLines(who, members).flatMap(({ key, text }) =>
    levels.map((forbidden) => ({
      ...plain(`${text} ${forbidden} on ${resource.text}`),
      key: `${key} ${forbidden} ${refKey(resource)}`,
    })),
  );
}

function whoLines(who: NeverRule['who'], members: ResolvedPolicy['members']): readonly Line[] {
  switch (who.kind) {
    case 'principal':
      return [nameLine(who.name)];
    case 'group':
      return (members.get(who.group) ?? []).map(nameLine);
    case 'emails':
      return [{ ...plain(patternText(who.pattern)), key: who.pattern.text }];
    case 'tokens':
      return [plain(`token:${who.pattern.text}`)];
  }
}

function tokenLine({ name, access, tokenId }: DeclaredToken): Line {
  const ids = `access ${access}, token ${tokenId}`;
  return { key: name, text: `token:${name}`, meaning: ids, shown: ids };
}

function approvalLines({ digests, until }: Approval): readonly Line[] {
  return digests.map((digest) => ({ key: digest, text: digest, meaning: until.at, shown: `until ${until.text}` }));
}

function testLine({ who, resource, expect, moment }: PolicyTest): Line {
  return {
    ...plain(`${writtenName(who)} ${expect} on ${resource.text}${moment === null ? '' : ` at ${moment.text}`}`),
    key: `${principalNameText(who)} ${expect} ${refKey(resource)} ${moment?.at}`,
  };
}
