import { type AccountMemory, SUPERSEDED_MOST } from '../core/domain/account/account-memory.ts';
import { knownEndsAfter } from '../core/domain/account/known-ends.ts';
import type { Revision } from '../core/domain/policy/revision.ts';
import type { Instant } from '../core/domain/text/instant.ts';
import type { AcceptedPolicy } from './last-good-policy.ts';
import type { RunOutcome } from './run-account.ts';

/** The memory after a revision was accepted: it supersedes the one before, and the same text keeps its date. */
export function acceptRevision(memory: AccountMemory, revision: Revision, now: Instant): AccountMemory {
  const before = memory.policy;
  const acceptedAt = before?.revision.sha256 === revision.sha256 ? before.acceptedAt : now;
  const replaced = before === null || isSame(before.revision, revision) ? [] : [before.revision];
  const superseded = [...replaced, ...memory.superseded.filter((old) => !isSame(old, revision))];
  return { ...memory, policy: { revision, acceptedAt }, superseded: superseded.slice(0, SUPERSEDED_MOST) };
}

/** The memory after a text was accepted: its revision, its ends, and since when it says `paused: true`. */
export function acceptPolicy(
  memory: AccountMemory,
  { revision, resolved }: Pick<AcceptedPolicy, 'revision' | 'resolved'>,
  now: Instant,
): AccountMemory {
  const pausedSince = resolved.policy.paused ? (memory.pausedSince ?? now) : null;
  const knownEnds = knownEndsAfter(memory.knownEnds, resolved, now);
  return { ...acceptRevision(memory, revision, now), pausedSince, knownEnds };
}

/** Whether another revision, with another text, superseded this one. */
export function isSuperseded({ policy, superseded }: AccountMemory, revision: Revision): boolean {
  if (policy === null || policy.revision.sha256 === revision.sha256) return false;
  return superseded.some((old) => isSame(old, revision));
}

/** Compares commits if both are known, so that a text that was reverted to does not count as the old one; else hashes. */
function isSame(a: Revision, b: Revision): boolean {
  return a.commit !== null && b.commit !== null ? a.commit === b.commit : a.sha256 === b.sha256;
}

/**
 * The memory after a run, with when the text counts as accepted, and since when its ends are known. If a wrong clock may have
 * dated them, the first run with a right clock dates them anew. With a wrong date, grantd would count losses by an end that
 * came at once as if the policy had set it for long.
 */
export function dateAcceptance(
  memory: AccountMemory,
  { result, error }: RunOutcome,
  { revision, resolved }: Pick<AcceptedPolicy, 'revision' | 'resolved'>,
  now: Instant,
): AccountMemory {
  const isSkewed = error?.code === 'clock-skew' || result?.plan.notices.some(({ code }) => code === 'clock-skew');
  if (isSkewed && memory.policy !== null) return { ...memory, policy: null, knownEnds: [] };
  if (result === null || isSkewed || memory.policy !== null) return memory;
  const knownEnds = knownEndsAfter(memory.knownEnds, resolved, now);
  return { ...memory, policy: { revision, acceptedAt: now }, knownEnds };
}
