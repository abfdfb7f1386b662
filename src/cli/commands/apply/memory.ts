import type { AccountMemory } from '../../../core/domain/account/account-memory.ts';
import { knownEndsAfter } from '../../../core/domain/account/known-ends.ts';
import type { Plan } from '../../../core/domain/plan/plan.ts';
import { NO_RESTRAINTS, type Restraints } from '../../../core/domain/plan/restraints.ts';
import type { ResolvedPolicy } from '../../../core/domain/policy/entitlement.ts';
import type { Revision } from '../../../core/domain/policy/revision.ts';
import type { StateStore } from '../../../core/domain/run/daemon-ports.ts';
import type { RunResult } from '../../../core/domain/run/run-result.ts';
import { GrantdError } from '../../../core/domain/text/error.ts';
import type { Instant } from '../../../core/domain/text/instant.ts';
import { type ApprovalMemory, approvalsIn, withOthers } from '../../../daemon/others-approvals.ts';
import { textsAtHand } from '../../../daemon/remember-accesses.ts';
import { approvalsAfter, withApprovals } from '../../../daemon/remember-approvals.ts';
import { restraintsNow } from '../../../daemon/remember-run.ts';

/** The state that an apply shares with a daemon, and the policy that it applies. */
export interface SharedMemory {
  readonly store: StateStore;
  readonly resolved: ResolvedPolicy;
  readonly revision: Revision;
}

const NOTHING: ApprovalMemory = { begun: [], spent: [], staying: [] };

/** How often an apply saves what must be kept before it writes, if a daemon saves at the same moment. */
const TRIES_MOST = 5;

/** A daemon that read the state before apply saved it has saved its own after this time. */
const SETTLE_MS = 50;

/**
 * What a daemon remembers, as far as it decides what this run may write. A contested change is not among it: an apply tries that
 * at once. Without state, nothing is remembered.
 */
export async function rememberedNow(shared: SharedMemory | null, now: Instant): Promise<Restraints> {
  if (shared === null) return NO_RESTRAINTS;
  const { resolved, revision } = shared;
  const memory = await load(shared);
  return {
    ...restraintsNow(memory, { now, isCounted: () => false }, false),
    contested: [],
    knownEnds: knownEndsAfter(memory.knownEnds, resolved, now),
    texts: textsAtHand(new Map(), { sha256: revision.sha256, resolved }, memory.remembered),
  };
}

/** What is remembered of approvals right now. Throws `state-unreadable`. */
export async function recallApprovals(shared: SharedMemory): Promise<ApprovalMemory> {
  return approvalsIn(await load(shared));
}

/**
 * Saves what must be known before the first approved change of a plan is written. A daemon may save its own memory meanwhile, so
 * apply reads whether this is kept. Throws `state-unwritable`.
 */
export async function saveApproved(
  shared: SharedMemory,
  plan: Plan,
  clock: { now(): Instant; sleep(ms: number, signal: AbortSignal): Promise<void> },
  signal: AbortSignal,
): Promise<void> {
  const { store, resolved } = shared;
  for (let tries = 1; tries <= TRIES_MOST; tries += 1) {
    const before = await load(shared);
    const after = {
      ...before,
      ...withOthers(before, NOTHING, withApprovals(before, plan, resolved.policy, clock.now())),
    };
    if (tries > 1 && isKept(before, after)) return;
    await store.save(after);
    await clock.sleep(SETTLE_MS, signal);
    if (isKept(await load(shared), after)) return;
  }
  throw new GrantdError(
    'state-unwritable',
    'another process keeps writing the state, so grantd cannot keep that the approval is used',
    'run apply again while no run of the daemon is under way',
  );
}

/**
 * Saves what a run has released, and what stays held. Where a daemon follows another text, only that one releases anything. Throws
 * `state-unwritable`.
 */
export async function saveAfter(shared: SharedMemory, result: RunResult, now: Instant): Promise<void> {
  const { store, resolved, revision } = shared;
  const before = await load(shared);
  if (before.policy !== null && before.policy.revision.sha256 !== revision.sha256) return;
  await store.save({ ...before, ...approvalsAfter(before, { result, policy: resolved.policy, now }) });
}

/** Whether nothing of what was saved is missing. */
function isKept(stored: ApprovalMemory, saved: ApprovalMemory): boolean {
  return JSON.stringify(withOthers(stored, NOTHING, saved)) === JSON.stringify(approvalsIn(stored));
}

async function load({ store, resolved }: SharedMemory): Promise<AccountMemory> {
  const { memory, lost } = await store.load(resolved.policy.account);
  if (lost === null) return memory;
  const remedy = 'see docs/state.md; run apply again once the state can be read';
  throw new GrantdError('state-unreadable', `${lost}; without it grantd does not know what stays held`, remedy);
}
