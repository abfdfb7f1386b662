import { createHash } from 'node:crypto';
import type { ResolvedPolicy } from '../policy/entitlement.ts';
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
  { policy, entitlements }: ResolvedPolicy,
  now: Instant,
): readonly KnownEnd[] {
  const found = new EndsByPrincipal();
  for (const { holders } of entitlements)
    for (const { name, until } of holders) if (until !== null) found.add(name, until.at);
  for (const end of policy.ends) found.add(nameOfEnd(end), end.end.at);
  const sinceOf = knownSince(before);
  const nearest = found.all().sort((a, b) => Math.abs(a.end - now) - Math.abs(b.end - now) || compareEnds(a, b));
  return (
    nearest
      .slice(0, KNOWN_ENDS_MOST)
      .sort(compareEnds)
      // A moment that lies ahead comes from a clock that was set back since.
      .map(({ principal, end }) => ({ principal, end, since: Math.min(sinceOf({ principal, end }) ?? now, now) }))
  );
}

type End = Pick<KnownEnd, 'principal' | 'end'>;

/** Collects each pair once, and hashes each principal once. */
class EndsByPrincipal {
  readonly #ends = new Map<string, { readonly principal: string; readonly ends: Set<Instant> }>();

  add(name: PrincipalName, end: Instant): void {
    const text = principalNameText(name);
    const known = this.#ends.get(text) ?? { principal: principalHash(name), ends: new Set() };
    known.ends.add(end);
    this.#ends.set(text, known);
  }

  all(): End[] {
    return [...this.#ends.values()].flatMap(({ principal, ends }) => [...ends].map((end) => ({ principal, end })));
  }
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
