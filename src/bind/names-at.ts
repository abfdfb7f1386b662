import type { BoundWish, HeldWish } from '../domain/desired-state.ts';
import { grantPhase } from '../domain/grant-phase.ts';
import type { Instant } from '../domain/instant.ts';
import type { End } from '../domain/policy.ts';
import { type PrincipalName, principalNameText } from '../domain/principal.ts';
import type { Place } from '../domain/problem.ts';
import { compareText } from '../domain/text.ts';

/** One name of the policy, and which of its grants run, have ended, or lie ahead at a moment. */
export interface Named {
  readonly name: PrincipalName;
  readonly running: readonly HeldWish[];
  readonly ended: readonly HeldWish[];
  readonly ahead: readonly HeldWish[];
  /** Where the person's `ends` stands, once it has come. */
  readonly offboarded: Place | null;
}

/**
 * Sorts everybody in the policy into named (in a grant that has begun, ended or not, or in an `ends` that has come) and
 * upcoming (only in what lies ahead). Both in the order of their names.
 */
export function namesAt(
  wishes: readonly BoundWish[],
  ends: readonly End[],
  now: Instant,
): { readonly named: readonly Named[]; readonly upcoming: readonly Named[] } {
  const byName = new Map<string, Collected>();
  for (const bound of wishes) {
    for (const holder of bound.wish.holders) {
      const phase = grantPhase(bound.wish, holder, now);
      if (phase !== 'never') collect(byName, holder.name)[phase].push({ bound, holder });
    }
  }
  for (const end of ends) if (end.end.at <= now) collect(byName, { email: end.email }).offboarded = end.at;
  const all = [...byName.entries()].sort(([a], [b]) => compareText(a, b)).map(([, named]) => named);
  const isNamed = (named: Named) => named.running.length + named.ended.length > 0 || named.offboarded !== null;
  return { named: all.filter(isNamed), upcoming: all.filter((named) => !isNamed(named)) };
}

interface Collected extends Named {
  readonly running: HeldWish[];
  readonly ended: HeldWish[];
  readonly ahead: HeldWish[];
  offboarded: Place | null;
}

function collect(byName: Map<string, Collected>, name: PrincipalName): Collected {
  const key = principalNameText(name);
  const known = byName.get(key);
  if (known) return known;
  const fresh: Collected = { name, running: [], ended: [], ahead: [], offboarded: null };
  byName.set(key, fresh);
  return fresh;
}
