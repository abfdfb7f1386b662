import { type AccountMemory, SUPERSEDED_MOST } from '../core/domain/account/account-memory.ts';
import type { Revision } from '../core/domain/policy/revision.ts';
import type { Instant } from '../core/domain/text/instant.ts';
import type { RunOutcome } from './run-account.ts';

/** The memory after a revision was accepted: it supersedes the one before, and the same text keeps its date. */
export function acceptRevision(memory: AccountMemory, revision: Revision, now: Instant): AccountMemory {
  const before = memory.policy;
  const acceptedAt = before?.revision.sha256 === revision.sha256 ? before.acceptedAt : now;
  const replaced = before === null || isSame(before.revision, revision) ? [] : [before.revision];
  const superseded = [...replaced, ...memory.superseded.filter((old) => !isSame(old, revision))];
  return { ...memory, policy: { revision, acceptedAt }, superseded: superseded.slice(0, SUPERSEDED_MOST) };
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
 * The memory after a run, with when the text counts as accepted. If a wrong clock dated it, the first run with a right clock
 * dates it anew. With a wrong date, grantd would take an end that was already past for one that lay ahead, and would count
 * its removals towards no limit.
 */
export function dateAcceptance(
  memory: AccountMemory,
  { result, error }: RunOutcome,
  revision: Revision,
  now: Instant,
): AccountMemory {
  const isSkewed = error?.code === 'clock-skew' || result?.plan.notices.some(({ code }) => code === 'clock-skew');
  if (isSkewed && memory.policy !== null) return { ...memory, policy: null };
  if (result === null || isSkewed || memory.policy !== null) return memory;
  return { ...memory, policy: { revision, acceptedAt: now } };
}
