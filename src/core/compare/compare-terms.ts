import { TERMS, type Term, type TermChange, type TermEffect } from '../domain/answer/comparison.ts';
import type { ResolvedPolicy } from '../domain/policy/entitlement.ts';
import { type Limits, MODES, type Policy } from '../domain/policy/policy.ts';
import { compareLists } from './compare-lists.ts';

/** What differs in what two policies say of themselves: how far they go, and whom they spare. What lets more happen comes first. */
export function compareTerms(old: ResolvedPolicy, next: ResolvedPolicy): readonly TermChange[] {
  const changes = [
    ...compareMode(old.policy, next.policy),
    ...comparePaused(old.policy, next.policy),
    ...compareUnlisted(old.policy, next.policy),
    ...compareLimits(old.policy.limits, next.policy.limits),
    ...compareLists(old, next),
  ];
  return changes.sort((a, b) => looseRank(a) - looseRank(b) || termRank(a) - termRank(b));
}

function looseRank({ effect }: TermChange): number {
  return effect === 'loosens' ? 0 : 1;
}

function termRank({ term }: TermChange): number {
  return TERMS.indexOf(term);
}

const MODE_MEANS: Readonly<Record<Policy['mode'], string>> = {
  observe: 'nothing is written',
  additive: 'what is granted is given, and nothing is taken',
  authoritative: 'whom the policy names is made equal to it: what it does not say is taken',
};

function compareMode({ mode: before }: Policy, { mode: after }: Policy): readonly TermChange[] {
  if (before === after) return [];
  const effect = MODES.indexOf(after) > MODES.indexOf(before) ? 'loosens' : 'tightens';
  return [change('mode', effect, `${before} → ${after}`, `${MODE_MEANS[after]}; grantd plan shows what that comes to`)];
}

function comparePaused({ paused: before }: Policy, { paused: after }: Policy): readonly TermChange[] {
  if (before === after) return [];
  return after
    ? [change('paused', 'tightens', 'false → true', 'nothing is written, not even what ends')]
    : [change('paused', 'loosens', 'true → false', 'what has waited is written; grantd plan shows it')];
}

function compareUnlisted(old: Policy, next: Policy): readonly TermChange[] {
  const [before, after] = [old.unlisted.answer, next.unlisted.answer];
  if (before === after) return [];
  const what = `${before} → ${after}`;
  return after === 'revoke'
    ? [change('unlisted', 'loosens', what, 'users and invites whom no grant names lose what they hold')]
    : [change('unlisted', 'tightens', what, 'users and invites whom no grant names keep what they hold')];
}

function change(term: Term, effect: TermEffect, what: string, means: string): TermChange {
  return { term, effect, what, means };
}

interface Limit {
  readonly name: string;
  readonly of: (limits: Limits) => number;
  /** Whether a greater number lets more happen. */
  readonly loosens: 'up' | 'down';
  readonly means: string;
}

const LIMITS: readonly Limit[] = [
  {
    name: 'revokes.principals',
    of: ({ revokes }) => revokes.principals,
    loosens: 'up',
    means: 'how many may lose something in one run',
  },
  {
    name: 'revokes.percent',
    of: ({ revokes }) => revokes.percent,
    loosens: 'up',
    means: 'how many of a hundred may lose something in one run',
  },
  { name: 'admins', of: ({ admins }) => admins, loosens: 'down', means: 'how many account admins must remain' },
  {
    name: 'newAdmins',
    of: ({ newAdmins }) => newAdmins,
    loosens: 'up',
    means: 'how many may become account admin in one run',
  },
];

/** The numbers of `limits` that differ. */
export function compareLimits(old: Limits, next: Limits): readonly TermChange[] {
  return LIMITS.flatMap(({ name, of, loosens, means }) => {
    const [before, after] = [of(old), of(next)];
    if (before === after) return [];
    const direction = after > before ? 'up' : 'down';
    const effect = direction === loosens ? 'loosens' : 'tightens';
    return [{ term: 'limits', effect, what: `${name} ${before} → ${after}`, means }] as const;
  });
}
