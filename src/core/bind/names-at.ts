import { nameOfEnd, type PrincipalName, principalNameText } from '../domain/account/principal.ts';
import type { BoundEntitlement, EndedEntitlement, MemberEntitlement } from '../domain/plan/desired-state.ts';
import { isNear } from '../domain/plan/near-dates.ts';
import { datedPhase } from '../domain/policy/entitlement.ts';
import type { End } from '../domain/policy/policy.ts';
import type { Instant, WrittenInstant } from '../domain/text/instant.ts';
import type { Place } from '../domain/text/problem.ts';
import { compareText } from '../domain/text/text.ts';

/** One name of the policy, with its grants that run, have ended, or lie ahead at a moment. */
export interface Named {
  readonly name: PrincipalName;
  readonly running: readonly MemberEntitlement[];
  readonly ended: readonly EndedEntitlement[];
  readonly ahead: readonly AheadEntitlement[];
  /** The place of the person's `ends`, if it has passed. */
  readonly offboarded: Place | null;
  readonly end: End | null;
  /** Whether something begins or ends for them around now. */
  readonly isDated: boolean;
}

/** A grant that has not begun for a member. */
export interface AheadEntitlement extends MemberEntitlement {
  readonly begins: Instant;
}

/** A running grant that will end for a member. */
export interface EndingEntitlement extends MemberEntitlement {
  readonly until: WrittenInstant;
}

/** Every name of the policy with its grants, at one moment. */
export interface NamesAt {
  readonly named: readonly Named[];
  readonly upcoming: readonly Named[];
  /** The grants that run for at least one member. */
  readonly running: ReadonlySet<BoundEntitlement>;
  /** In the order of the policy. */
  readonly ending: readonly EndingEntitlement[];
}

/**
 * Splits the names of the policy into named and upcoming, both sorted by name. A name is named if one of its grants has
 * begun, even if it has ended, or if its `ends` has passed. All others are upcoming. A grant that would end before it
 * begins names no one.
 */
export function namesAt(entitlements: readonly BoundEntitlement[], ends: readonly End[], now: Instant): NamesAt {
  const byName = new Map<string, Collected>();
  const running = new Set<BoundEntitlement>();
  const ending: EndingEntitlement[] = [];
  for (const bound of entitlements) {
    for (const holder of bound.entitlement.holders) {
      const dated = datedPhase(bound.entitlement, holder, now);
      if (dated.phase === 'never') continue;
      const collected = collect(byName, holder.name);
      if (isNear(bound.entitlement.from, now) || isNear(holder.until, now)) collected.isDated = true;
      if (dated.phase === 'ahead') collected.ahead.push({ bound, holder, begins: dated.from.at });
      else if (dated.phase === 'ended') collected.ended.push({ bound, holder, until: dated.until });
      else {
        const held = { bound, holder };
        collected.running.push(held);
        running.add(bound);
        if (holder.until !== null) ending.push({ ...held, until: holder.until });
      }
    }
  }
  for (const end of ends) {
    const named = collect(byName, nameOfEnd(end));
    named.end = end;
    if (isNear(end.end, now)) named.isDated = true;
    if (end.end.at <= now) named.offboarded = end.at;
  }
  const all = [...byName.entries()].sort(([a], [b]) => compareText(a, b)).map(([, named]) => named);
  const isNamed = (named: Named) => named.running.length + named.ended.length > 0 || named.offboarded !== null;
  return { named: all.filter(isNamed), upcoming: all.filter((named) => !isNamed(named)), running, ending };
}

interface Collected extends Named {
  readonly running: MemberEntitlement[];
  readonly ended: EndedEntitlement[];
  readonly ahead: AheadEntitlement[];
  offboarded: Place | null;
  end: End | null;
  isDated: boolean;
}

function collect(byName: Map<string, Collected>, name: PrincipalName): Collected {
  const key = principalNameText(name);
  const known = byName.get(key);
  if (known) return known;
  const fresh: Collected = {
    name,
    running: [],
    ended: [],
    ahead: [],
    offboarded: null,
    end: null,
    isDated: false,
  };
  byName.set(key, fresh);
  return fresh;
}
