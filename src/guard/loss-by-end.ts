import { type AccessLevel, givenBy, LEVEL, toAccessLevel } from '../domain/access-level.ts';
import type { Subject } from '../domain/desired-state.ts';
import type { Instant } from '../domain/instant.ts';
import type { Change } from '../domain/plan.ts';
import type { Policy } from '../domain/policy.ts';
import { foldAscii } from '../domain/text.ts';

/**
 * The ends behind a loss: those without which it would not be planned. Either a grant that ended gave all that the row
 * holds, or the person stands in nothing but `ends`, and would be left alone without it. Empty where the loss has another
 * reason.
 */
export function endsBehind(change: Change, subject: Subject | undefined, policy: Policy): readonly Instant[] {
  if (change.after >= change.before) return [];
  const ended = change.why.flatMap((cause) =>
    cause.kind === 'ended' && cause.until !== null && toAccessLevel(cause.level) >= leastToKeep(change.before)
      ? [cause.until.at]
      : [],
  );
  return ended.length > 0 ? ended : endsAlone(change, subject, policy);
}

/** What must be wished for a row of that level to stay: one that cannot be expressed stays wherever viewer is wished. */
function leastToKeep(level: AccessLevel): AccessLevel {
  return level === LEVEL.viewerPlus ? LEVEL.viewer : givenBy(level);
}

/** Whoever no grant names is a stranger without the `ends`, and strangers may lose it anyway. */
function endsAlone({ principal }: Change, subject: Subject | undefined, policy: Policy): readonly Instant[] {
  if (!subject?.offboarded || principal.kind === 'token' || policy.strangers.answer === 'revoke') return [];
  if (subject.running.length + subject.ended.length > 0) return [];
  const email = foldAscii(principal.email);
  return policy.ends.filter((end) => end.email === email).map(({ end }) => end.at);
}
