import type { ActualState } from '../../core/domain/account/actual-state.ts';
import type { Notice } from '../../core/domain/plan/notice.ts';
import type { Plan } from '../../core/domain/plan/plan.ts';
import type { Restraints } from '../../core/domain/plan/restraints.ts';
import type { ResolvedPolicy } from '../../core/domain/policy/entitlement.ts';
import type { AccountReader, Clock } from '../../core/domain/run/ports.ts';
import type { RunObserver } from '../../core/domain/run/run-result.ts';
import { GrantdError } from '../../core/domain/text/error.ts';
import { type Instant, isSkewed } from '../../core/domain/text/instant.ts';
import { type Observation, observeAccount } from '../observe/observe-account.ts';
import { accessesById, levelsOf } from './judge-outcomes.ts';
import { makePlan, needsTokens, type PlannedRun } from './make-plan.ts';

/** The ports of a read. There is no writer among them: a dry run cannot write. */
export interface ReadPorts {
  readonly reader: AccountReader;
  readonly clock: Clock;
}

/** A plan that was made from the live account. */
export interface Preview extends PlannedRun {
  readonly clockAheadMs: number | null;
  /** What the plan was made by: the restraints of the request, with what was recalled. */
  readonly restraints: Restraints;
}

/** What a plan is made from, in addition to the account. */
export interface PlanRequest {
  readonly resolved: ResolvedPolicy;
  readonly restraints: Restraints;
  /** True if the list of API tokens is needed even if no grant names a token. */
  readonly everyToken?: boolean;
  /** The plan without what a run must not write yet. Without it, the plan is as policy, account and time make it. */
  readonly deferUnproven?: (planned: PlannedRun) => Plan;
  /**
   * What is remembered of approvals once the account was read. Another process saves that before it writes, so what it wrote by
   * approval is never seen without it. Without this, the restraints say it.
   */
  readonly recall?: () => Promise<RecalledApprovals>;
}

/** What is remembered of approvals. */
export type RecalledApprovals = Pick<Restraints, 'begun' | 'spent' | 'staying'>;

/** Reads the account and makes a plan, and reports both. It writes nothing. */
export async function preview(
  ports: ReadPorts,
  request: PlanRequest,
  signal: AbortSignal,
  onEvent: RunObserver,
): Promise<Preview> {
  onEvent({ kind: 'reading' });
  const observation = await observe(ports, request.resolved, signal, request.everyToken);
  const restraints = { ...request.restraints, ...(await request.recall?.()) };
  const planned = planOf({ ...request, restraints }, observation.actual, ports.clock.now());
  const { clockAheadMs } = observation;
  const plan = isSkewed(clockAheadMs)
    ? { ...planned.plan, notices: [skewNotice(clockAheadMs), ...planned.plan.notices] }
    : planned.plan;
  const seen: Preview = { ...planned, plan, clockAheadMs, restraints };
  reportRead(seen, onEvent);
  onEvent({ kind: 'planned', plan, levelOf: levelsOf(planned) });
  return seen;
}

/** Reports a whole read. By a wrong clock nobody knows at which moment it was. */
export function reportRead(seen: Preview, onEvent: RunObserver): void {
  if (!hasSameClock(seen)) return;
  onEvent({ kind: 'read', read: { plan: seen.plan, accesses: () => accessesById(seen) } });
}

/** The plan of a request for an account. */
export function planOf(
  { resolved, restraints, deferUnproven }: PlanRequest,
  actual: ActualState,
  now: Instant,
): PlannedRun {
  const planned = makePlan(resolved, actual, now, restraints);
  return deferUnproven ? { ...planned, plan: deferUnproven(planned) } : planned;
}

/** Reads the account of a policy, and its API tokens if a plan needs them. */
export function observe(
  ports: ReadPorts,
  resolved: ResolvedPolicy,
  signal: AbortSignal,
  everyToken = false,
): Promise<Observation> {
  return observeAccount(ports.reader, ports.clock, {
    account: resolved.policy.account,
    needsTokens: everyToken || needsTokens(resolved),
    signal,
  });
}

/** Whether dates can be trusted: the clocks agree, as far as the API sends the time. */
export function hasSameClock({ clockAheadMs }: Pick<Preview, 'clockAheadMs'>): boolean {
  return !isSkewed(clockAheadMs);
}

/** Throws `clock-skew` if dates cannot be trusted. For callers that are about to write. */
export function requireSameClock({ clockAheadMs }: Pick<Preview, 'clockAheadMs'>): void {
  if (!isSkewed(clockAheadMs)) return;
  const { message, remedy } = skewNotice(clockAheadMs);
  throw new GrantdError('clock-skew', message, remedy);
}

function skewNotice(aheadMs: number): Notice {
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  return {
    code: 'clock-skew',
    message: `this machine's clock is ${seconds} seconds ${aheadMs > 0 ? 'ahead of' : 'behind'} the API's; grantd writes nothing`,
    remedy: "set this machine's clock (NTP), then run again",
    at: null,
  };
}
