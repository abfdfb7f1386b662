import type { TermChange } from '../domain/answer/comparison.ts';
import type { Limits } from '../domain/policy/policy.ts';

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
