import { nameOfEnd, type PrincipalName, principalNameText } from '../domain/account/principal.ts';
import type { BoundEntitlement } from '../domain/plan/bound-entitlement.ts';
import { isNear } from '../domain/plan/near-dates.ts';
import type { End } from '../domain/policy/policy.ts';
import type { Instant } from '../domain/text/instant.ts';
import type { Place } from '../domain/text/problem.ts';
import { compareText } from '../domain/text/text.ts';
import { NO_GRANTS, type Standing, standings } from './standing.ts';

/** One name of the policy, with its grants that run, have ended, or lie ahead at a moment. */
export interface Named extends Standing {
  readonly name: PrincipalName;
  /** The place of the person's `ends`, if it has passed. */
  readonly offboarded: Place | null;
  readonly end: End | null;
}

/** Every name of the policy with its grants, at one moment. */
export interface NamesAt {
  readonly named: readonly Named[];
  readonly upcoming: readonly Named[];
}

/**
 * Splits the names of a policy into those that it names now and those that it will name. A past `ends` names a person even if
 * no grant does. An `ends` or a grant that lies ahead names them too, but not yet. A grant that would end for someone before it
 * begins names no one.
 */
export function namesAt(entitlements: readonly BoundEntitlement[], ends: readonly End[], now: Instant): NamesAt {
  const byName = new Map<string, Named>();
  for (const [text, { member, standing }] of standings(entitlements, now)) {
    if (standing.grants.length > 0)
      byName.set(text, { ...standing, name: member.name, offboarded: null, end: member.end });
  }
  for (const end of ends) {
    const name = nameOfEnd(end);
    const text = principalNameText(name);
    const { isDated, ...named } = byName.get(text) ?? { ...NO_GRANTS, name };
    const offboarded = end.end.at <= now ? end.at : null;
    byName.set(text, { ...named, offboarded, end, isDated: isDated || isNear(end.end, now) });
  }
  const all = [...byName.entries()].sort(([a], [b]) => compareText(a, b)).map(([, named]) => named);
  const isNamed = (named: Named) => named.running.length + named.ended.length > 0 || named.offboarded !== null;
  return { named: all.filter(isNamed), upcoming: all.filter((named) => !isNamed(named)) };
}
