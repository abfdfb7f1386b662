import type { Notice } from '../domain/plan/notice.ts';
import { type Change, hasWaiting, type Plan, type Verdict } from '../domain/plan/plan.ts';
import { compareChanges } from '../domain/plan/plan-order.ts';
import { instantText } from '../domain/text/instant.ts';
import { shellWord } from '../domain/text/text.ts';
import { lookAhead } from './ahead.ts';
import { applyDeferrals } from './apply-deferrals.ts';
import { approvalNotices, approvalsOf } from './approvals.ts';
import { deferRenamed } from './defer-renamed.ts';
import { planDigest } from './digest.ts';
import { evaluateGuards } from './evaluate-guards.ts';
import type { GuardInput } from './guard-input.ts';

/**
 * Makes a plan of a difference: it takes out the changes that wait, and evaluates the guards on the rest. A broken rule holds
 * every change that counts towards it; all other changes proceed, and pass every rule by themselves. A held part proceeds if
 * its digest is approved.
 */
export function guardPlan(found: GuardInput): Plan {
  const input = { ...found, difference: applyDeferrals({ ...found, difference: deferRenamed(found) }) };
  const { difference, resolved, restraints } = input;
  const approvals = approvalsOf(resolved.policy, restraints, difference.now);
  const parts = evaluateGuards(input, approvals);
  const { refusals, held, approved, deferred } = parts;
  const stopped = new Set<Change>([...held.flatMap((part) => part.changes), ...deferred.map(({ change }) => change)]);
  const changes = difference.changes.filter((change) => !stopped.has(change));
  const allDeferred = [...difference.deferred, ...deferred].sort((a, b) => compareChanges(a.change, b.change));
  return {
    ...difference,
    changes,
    deferred: allDeferred,
    held,
    approved,
    refusals,
    ahead: lookAhead(input),
    digest: planDigest(difference.account, difference.mode, changes, held),
    verdict: verdictOf(input, { changes, held, deferred: allDeferred, unresolved: difference.unresolved }),
    notices: [...pauseNotices(input), ...difference.notices, ...approvalNotices(approvals, parts)],
  };
}

function pauseNotices({ resolved, restraints }: GuardInput): readonly Notice[] {
  const { paused, file } = resolved.policy;
  if (!paused) return [];
  const { pausedSince } = restraints;
  const since = pausedSince === null ? '' : ` since ${instantText(pausedSince)}`;
  const look = pausedSince === null ? `; \`git log -S 'paused: true' -- ${shellWord(file)}\` shows since when` : '';
  return [
    {
      code: 'paused',
      message: `the policy says \`paused: true\`${since}: grantd writes nothing, and does not remove expired access either`,
      remedy: `set \`paused: false\` to continue${look}`,
      at: null,
    },
  ];
}

/** A pause stops changes only: where none differs, an unresolved name waits for an edit, paused or not. */
function verdictOf(
  { difference, resolved }: GuardInput,
  { changes, ...waiting }: Pick<Plan, 'changes' | 'held' | 'deferred' | 'unresolved'>,
): Verdict {
  const { held, deferred } = waiting;
  if (resolved.policy.paused && changes.length + held.length + deferred.length > 0) return 'paused';
  if (changes.length > 0 && difference.mode !== 'observe') return 'allowed';
  if (held.length > 0) return 'held';
  if (hasWaiting(waiting)) return 'deferred';
  return changes.length > 0 ? 'observed' : 'complete';
}
