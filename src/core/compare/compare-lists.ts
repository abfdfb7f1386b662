import { nameOfEnd } from '../domain/account/principal.ts';
import type { Term, TermChange, TermEffect } from '../domain/answer/comparison.ts';
import type { ResolvedPolicy } from '../domain/policy/entitlement.ts';
import type { EmailPattern, Policy } from '../domain/policy/policy.ts';
import { compareText } from '../domain/text/text.ts';
import {
  approvalLines,
  type Line,
  nameLine,
  neverLines,
  patternLine,
  requirementLines,
  resourceLine,
  teamLines,
  testLine,
  tokenLine,
} from './policy-lines.ts';

/** Compares the lists that exclude, forbid, approve or check something: what was added, removed or changed. */
export function compareLists(old: ResolvedPolicy, next: ResolvedPolicy): readonly TermChange[] {
  return [
    ...compareScope(old.policy.manage, next.policy.manage),
    ...compareExclusions(old.policy, next.policy),
    ...LISTS.flatMap((list) => compareLines(list, list.of(old), list.of(next))),
  ];
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
  readonly moved?: Consequence | ((was: Line, is: Line) => Consequence);
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
    term: 'require',
    // Of two entries about the same grants, the one with fewer days decides: the last of equal lines counts.
    of: ({ policy, members }) =>
      policy.require
        .flatMap((rule) => requirementLines(rule, members))
        .sort((a, b) => Number(b.meaning) - Number(a.meaning)),
    added: { effect: 'tightens', means: 'is asked of grants from now on' },
    gone: { effect: 'loosens', means: 'is no longer asked of grants' },
    moved: (was, is) =>
      is.meaning > was.meaning
        ? { effect: 'loosens', means: 'grants may last longer' }
        : { effect: 'tightens', means: 'grants may no longer last as long' },
  },
  {
    term: 'include',
    of: ({ policy }) => policy.teams.flatMap(teamLines),
    added: { effect: 'loosens', means: 'may be decided by this file from now on' },
    gone: { effect: 'tightens', means: 'can no longer be decided by this file' },
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

type Exclusion = 'ignore' | 'observe';

const EXCLUSIONS: Readonly<Record<Exclusion, { readonly added: string; readonly moved: string }>> = {
  ignore: {
    added: 'is no longer written: access there stays as it is',
    moved: 'is no longer planned or shown, and is not written either way',
  },
  observe: {
    added: 'is planned and shown, and no longer written: access there stays as it is',
    moved: 'is planned and shown from now on, and is not written either way',
  },
};

/** An entry that moves from `ignore` to `observe` or back is no more written than before. */
function compareExclusions(old: Policy, next: Policy): readonly TermChange[] {
  const [before, after] = [exclusionsOf(old), exclusionsOf(next)];
  return [...new Map([...before, ...after])]
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([key, { text }]): readonly TermChange[] => {
      const [was, is] = [before.get(key)?.term, after.get(key)?.term];
      if (is === undefined)
        return [{ term: was as Exclusion, effect: 'loosens', what: `- ${text}`, means: 'is written from now on' }];
      if (was === undefined) return [{ term: is, effect: 'tightens', what: `+ ${text}`, means: EXCLUSIONS[is].added }];
      return was === is
        ? []
        : [{ term: is, effect: 'changes', what: `${text}: ${was} → ${is}`, means: EXCLUSIONS[is].moved }];
    });
}

/** By key, what a policy does not write, and which list says so. An entry in both is ignored. */
function exclusionsOf(policy: Policy): ReadonlyMap<string, { readonly term: Exclusion; readonly text: string }> {
  const linesOf = (term: Exclusion) =>
    [...policy[term].people.map(patternLine), ...policy[term].resources.map(resourceLine)].map(
      ({ key, text }) => [key, { term, text }] as const,
    );
  return new Map([...linesOf('observe'), ...linesOf('ignore')]);
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
      if (moved === undefined || was.meaning === is.meaning) return [];
      const consequence = typeof moved === 'function' ? moved(was, is) : moved;
      return [{ term, ...consequence, what: `${is.text}: ${was.shown} → ${is.shown}` }];
    });
}

function textOf({ text, shown }: Line): string {
  return shown === '' ? text : `${text}: ${shown}`;
}
