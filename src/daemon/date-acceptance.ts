import type { AccountMemory } from '../core/domain/account/account-memory.ts';
import type { Revision } from '../core/domain/policy/revision.ts';
import type { Instant } from '../core/domain/text/instant.ts';
import type { RunOutcome } from './run-account.ts';

/**
 * When the text counts as accepted, after a run. One that a wrong clock dated is accepted by the first run whose clock is
 * right: else an end that had come long before would count as one that lay ahead, and towards no limit.
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
