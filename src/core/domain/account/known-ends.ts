import { createHash } from 'node:crypto';
import type { GrantMember, ResolvedPolicy } from '../policy/entitlement.ts';
import type { Instant } from '../text/instant.ts';
import { nameOfEnd, type PrincipalName, principalNameText } from './principal.ts';

/** One end that the policy sets for one principal, and since when every accepted text has set it, without a gap. */
export interface KnownEnd {
  /** `principalHash` of their name. */
  readonly principal: string;
  readonly end: Instant;
  readonly since: Instant;
}

/** The most ends that grantd remembers: those nearest to now. A loss by any other end counts towards `limits.revokes`. */
export const KNOWN_ENDS_MOST = 10_000;

/** For how long every accepted text must have set an end before it comes, so that its losses count towards no limit. */
export const KNOWN_AFTER_MS = 24 * 60 * 60 * 1000;

/** The ends that grantd knows once it has accepted this policy: those of its text, each since it was first accepted. */
export function knownEndsAfter(
  before: readonly KnownEnd[],
  resolved: ResolvedPolicy,
  now: Instant,
): readonly KnownEnd[] {
  const sinceOf = knownSince(before);
  const nearest = nearestEnds(resolved, now).sort(
    (a, b) => Math.abs(a.end - now) - Math.abs(b.end - now) || compareEnds(a, b),
  );
  return (
    nearest
      .slice(0, KNOWN_ENDS_MOST)
      .sort(compareEnds)
      // A moment that lies ahead comes from a clock that was set back since.
      .map(({ principal, end }) => ({ principal, end, since: Math.min(sinceOf({ principal, end }) ?? now, now) }))
  );
}

type End = Pick<KnownEnd, 'principal' | 'end'>;

/** At least the `KNOWN_ENDS_MOST` ends nearest to now, or all. Only these are looked up person by person. */
function nearestEnds(resolved: ResolvedPolicy, now: Instant): End[] {
  const found: End[] = [];
  let furthest = 0;
  const distance = (end: Instant) => Math.abs(end - now);
  for (const [end, lists] of [...listsByEnd(resolved)].sort(([a], [b]) => distance(a) - distance(b))) {
    if (found.length >= KNOWN_ENDS_MOST && distance(end) > furthest) break;
    furthest = distance(end);
    for (const principal of endedAt(end, lists)) found.push({ principal, end });
  }
  return found;
}

/** By the moment of an `until`, the lists of members that it is for; by the moment of an `ends`, the person in a list of one. */
function listsByEnd({ policy, entitlements }: ResolvedPolicy): ReadonlyMap<Instant, ReadonlySet<MemberList>> {
  const lists = new Map<Instant, Set<MemberList>>();
  const add = (at: Instant, list: MemberList) => lists.set(at, (lists.get(at) ?? new Set()).add(list));
  for (const { until, holders } of entitlements) if (until !== null) add(until.at, holders);
  for (const end of policy.ends) add(end.end.at, [{ name: nameOfEnd(end), end }]);
  return lists;
}

type MemberList = readonly Pick<GrantMember, 'name' | 'end'>[];

/** The hashes of those in the lists whose own `ends` is no earlier, each once. */
function endedAt(at: Instant, lists: ReadonlySet<MemberList>): ReadonlySet<string> {
  const names = new Map<string, PrincipalName>();
  for (const list of lists)
    for (const { name, end } of list) if (end === null || end.end.at >= at) names.set(principalNameText(name), name);
  return new Set([...names.values()].map(principalHash));
}

function compareEnds(a: End, b: End): number {
  return a.end - b.end || (a.principal < b.principal ? -1 : 1);
}

/** Returns a function that finds since when an end has been known; null if it is not. */
export function knownSince(known: readonly KnownEnd[]): (end: End) => Instant | null {
  const keyOf = ({ principal, end }: End) => `${principal} ${end}`;
  const since = new Map(known.map((one) => [keyOf(one), one.since]));
  return (end) => since.get(keyOf(end)) ?? null;
}

/** Whether so much time has passed between the two moments that losses by this end count towards no limit. */
export function isKnownLong(end: Instant, since: Instant | null): boolean {
  return since !== null && end - since >= KNOWN_AFTER_MS;
}

/** Eight bytes in hex of a hash of a name. It recognizes a principal and does not reveal them. */
export function principalHash(name: PrincipalName): string {
  return createHash('sha256').update(principalNameText(name)).digest('hex').slice(0, 16);
}
