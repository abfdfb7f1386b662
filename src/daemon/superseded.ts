import { type AccountMemory, SUPERSEDED_MOST } from '../core/domain/account/account-memory.ts';
import type { Revision } from '../core/domain/policy/revision.ts';
import type { Instant } from '../core/domain/text/instant.ts';

/** What is remembered once a revision was accepted: it takes the place of the one before, and the same text keeps its date. */
export function acceptRevision(memory: AccountMemory, revision: Revision, now: Instant): AccountMemory {
  const before = memory.policy;
  const acceptedAt = before?.revision.sha256 === revision.sha256 ? before.acceptedAt : now;
  const replaced = before === null || isSame(before.revision, revision) ? [] : [before.revision];
  const superseded = [...replaced, ...memory.superseded.filter((old) => !isSame(old, revision))];
  return { ...memory, policy: { revision, acceptedAt }, superseded: superseded.slice(0, SUPERSEDED_MOST) };
}

/** Whether another revision took the place of this one, and says something else. */
export function isSuperseded({ policy, superseded }: AccountMemory, revision: Revision): boolean {
  if (policy === null || policy.revision.sha256 === revision.sha256) return false;
  return superseded.some((old) => isSame(old, revision));
}

/** By the commit where both are known, so that a text that was reverted to is not taken for the old one; else by the hash. */
function isSame(a: Revision, b: Revision): boolean {
  return a.commit !== null && b.commit !== null ? a.commit === b.commit : a.sha256 === b.sha256;
}
