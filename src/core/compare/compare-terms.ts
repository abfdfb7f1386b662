import { TERMS, type Term, type TermChange, type TermEffect } from '../domain/answer/comparison.ts';
import type { ResolvedPolicy } from '../domain/policy/entitlement.ts';
import { type Limits, MODES, type Policy, type UnlistedRule } from '../domain/policy/policy.ts';
import { compareLists, comparePatterns } from './compare-lists.ts';

/** Compares the terms of two policies: how far they go, and what they exclude. Terms that allow more come first. */
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
  additive: 'grants are applied, and nothing is removed',
  authoritative: 'named principals get exactly what the policy says; their other access is removed',
};

function compareMode({ mode: before }: Policy, { mode: after }: Policy): readonly TermChange[] {
  if (before === after) return [];
  const effect = MODES.indexOf(after) > MODES.indexOf(before) ? 'loosens' : 'tightens';
  return [change('mode', effect, `${before} → ${after}`, `${MODE_MEANS[after]}; grantd plan shows the result`)];
}

function comparePaused({ paused: before }: Policy, { paused: after }: Policy): readonly TermChange[] {
  if (before === after) return [];
  return after
    ? [change('paused', 'tightens', 'false → true', 'grantd writes nothing, and does not remove expired access either')]
    : [change('paused', 'loosens', 'true → false', 'grantd writes the changes that waited; grantd plan shows them')];
}

function compareUnlisted(old: Policy, next: Policy): readonly TermChange[] {
  const [before, after] = [old.unlisted.revoke, next.unlisted.revoke];
  if (typeof before !== 'string' && typeof after !== 'string') return comparePatterns(before, after);
  if (before === after) return [];
  const what = `${unlistedText(before)} → ${unlistedText(after)}`;
  const isLooser = before === 'nobody' || after === 'everyone';
  return [change('unlisted', isLooser ? 'loosens' : 'tightens', what, unlistedMeans(after))];
}

function unlistedText(revoke: UnlistedRule['revoke']): string {
  if (typeof revoke === 'string') return revoke === 'nobody' ? 'keep' : 'revoke';
  return `revoke ${revoke.map(({ pattern }) => pattern.text).join(', ')}`;
}

function unlistedMeans(revoke: UnlistedRule['revoke']): string {
  if (revoke === 'nobody') return 'users and invites that no grant names keep their access';
  const who = revoke === 'everyone' ? '' : ' and whose e-mail fits';
  const others = revoke === 'everyone' ? '' : '; others keep it';
  return `users and invites that no grant names${who} lose their access${others}`;
}

function change(term: Term, effect: TermEffect, what: string, means: string): TermChange {
  return { term, effect, what, means };
}

interface Limit {
  readonly name: string;
  /** Null if the policy sets no such limit. */
  readonly of: (limits: Limits) => number | null;
  /** Whether a greater or a smaller number allows more. */
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
    means: 'what percentage may lose something in one run',
  },
  {
    name: 'gains.principals',
    of: ({ gains }) => gains.principals,
    loosens: 'up',
    means: 'how many may gain something in one run',
  },
  {
    name: 'gains.percent',
    of: ({ gains }) => gains.percent,
    loosens: 'up',
    means: 'what percentage of those whom the policy lists may gain something in one run',
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
function compareLimits(old: Limits, next: Limits): readonly TermChange[] {
  return LIMITS.flatMap(({ name, of, loosens, means }) => {
    const [before, after] = [of(old), of(next)];
    if (before === after) return [];
    const direction = (after ?? Infinity) > (before ?? Infinity) ? 'up' : 'down';
    const effect = direction === loosens ? 'loosens' : 'tightens';
    return [{ term: 'limits', effect, what: `${name} ${before ?? 'none'} → ${after ?? 'none'}`, means }] as const;
  });
}
