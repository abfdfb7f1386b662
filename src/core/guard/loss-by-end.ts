import { type AccessLevel, givenBy, LEVEL, toAccessLevel } from '../domain/account/access-level.ts';
import { principalNameText } from '../domain/account/principal.ts';
import type { DesiredState } from '../domain/plan/desired-state.ts';
import type { Change } from '../domain/plan/plan.ts';
import { distinctHolders, type ResolvedPolicy } from '../domain/policy/entitlement.ts';
import { revokedAt } from '../domain/policy/revoked-at.ts';
import type { Instant } from '../domain/text/instant.ts';

/**
 * Returns a function that finds the ends that cause a change: without them, it would not be planned. Either a grant that ended
 * gave the whole level of the row, or only `ends` names the person, and grantd would leave them alone without it. Empty for a
 * loss with another reason, and for a change that is not a loss.
 */
export function endsBehind(desired: DesiredState, resolved: ResolvedPolicy): (change: Change) => readonly Instant[] {
  const endsAlone = indexEndsAlone(desired, resolved);
  return (change) => {
    if (change.after >= change.before) return [];
    const ended = change.why.flatMap((cause) =>
      cause.kind === 'ended' && cause.until !== null && toAccessLevel(cause.level) >= leastToKeep(change.before)
        ? [cause.until.at]
        : [],
    );
    return ended.length > 0 ? ended : (endsAlone.get(change.access) ?? []);
  };
}

/** The lowest entitlement with which a row of that level stays: a level that cannot be expressed stays if viewer is entitled. */
function leastToKeep(level: AccessLevel): AccessLevel {
  return level === LEVEL.viewerPlus ? LEVEL.viewer : givenBy(level);
}

/**
 * By access, the `ends` that is the only line that names someone. Without it they would be unlisted, and unlisted people lose
 * it anyway if the policy says so.
 */
function indexEndsAlone(
  { subjects, now }: DesiredState,
  { policy, entitlements }: ResolvedPolicy,
): ReadonlyMap<number, readonly Instant[]> {
  const ungranted = subjects.filter(({ running, ended }) => running.length + ended.length === 0);
  if (ungranted.length === 0) return new Map();
  // A grant that begins after the end names no one, but would without the end.
  const begun = entitlements.filter(({ from }) => from === null || from.at <= now);
  const named = new Set(
    distinctHolders(begun)
      .flat()
      .map(({ name }) => principalNameText(name)),
  );
  const ends = new Map(policy.ends.map(({ email, end }) => [email, end.at]));
  return new Map(
    ungranted.map(({ name, access: { access } }) => {
      const text = principalNameText(name);
      const end = ends.get(text);
      const wouldStay = !named.has(text) && revokedAt(policy.unlisted, text) === null;
      return [access, end !== undefined && wouldStay ? [end] : []];
    }),
  );
}
