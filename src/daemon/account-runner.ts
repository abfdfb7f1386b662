import type { Change } from '../core/domain/plan/plan.ts';
import { type EmitEvent, isFailure, type RunMark, type Trigger } from '../core/domain/run/daemon-event.ts';
import type { ChangeHints } from '../core/domain/run/mailtrap-event.ts';
import type { AccountRead, RunObserver, RunResult } from '../core/domain/run/run-result.ts';
import type { WritePorts } from '../run/reconcile/reconcile.ts';
import type { Deadlines } from './deadlines.ts';
import { AppliedTexts, isWorthRetrying } from './judge-run.ts';
import type { AcceptedPolicy, PolicyState } from './last-good-policy.ts';
import type { RunPermission } from './leadership.ts';
import { type DaemonSignals, type LoopParts, STUCK_AFTER_MS } from './loop-parts.ts';
import { hintsOfRun, type MailtrapEvents, userFinder, withHints } from './mailtrap-events.ts';
import { retryAt } from './pacing.ts';
import type { PolicyController } from './policy-controller.ts';
import { statePutLedger } from './put-ledger.ts';
import { accessesAfter, type KnownTexts, type ReadingRun, textsAtHand } from './remember-accesses.ts';
import { withApprovals } from './remember-approvals.ts';
import { type RememberedRun, type RunMemory, rememberRun, restraintsNow, withProof } from './remember-run.ts';
import { type RunOutcome, type RunRight, runAccount } from './run-account.ts';
import { limitRun, type RunLimits } from './run-limits.ts';
import { dateAcceptance } from './superseded.ts';
import { TokenExpiry } from './token-expiry.ts';
import { countedAt, type ShownRun } from './written-changes.ts';

/** A policy that a run can use. */
type PolicyInUse = Exclude<PolicyState, { kind: 'none' }>;

/** Does one run after the other for one account, and remembers what each one shows. Not to be called twice at once. */
export class AccountRunner {
  readonly #parts: LoopParts;
  readonly #signals: DaemonSignals;
  readonly #controller: PolicyController;
  readonly #deadlines: Deadlines;
  readonly #expiry: TokenExpiry;
  readonly #mailtrap: MailtrapEvents;
  readonly #appliedTexts = new AppliedTexts();
  #opened: { readonly account: number; readonly ports: WritePorts } | null = null;
  #running: { readonly limits: RunLimits; readonly sha256: string; readonly sinceMs: number } | null = null;
  #texts: KnownTexts = new Map();
  #earliestMs = Number.NEGATIVE_INFINITY;
  #failures = 0;

  constructor(
    parts: LoopParts,
    signals: DaemonSignals,
    controller: PolicyController,
    deadlines: Deadlines,
    mailtrap: MailtrapEvents,
  ) {
    this.#mailtrap = mailtrap;
    this.#parts = parts;
    this.#signals = signals;
    this.#controller = controller;
    this.#deadlines = deadlines;
    this.#expiry = new TokenExpiry(parts.clock);
  }

  /** When the next run may begin, by the monotonic clock. */
  get earliestMs(): number {
    return this.#earliestMs;
  }

  /** A run under way that uses another text than the one that counts now starts no further write. */
  supersede(): void {
    const { policyState } = this.#controller;
    const isSameText = policyState.kind === 'current' && policyState.policy.revision.sha256 === this.#running?.sha256;
    if (!isSameText) this.#running?.limits.supersede();
  }

  /** This process does not lead the account any more: a run under way starts no further write. */
  callOff(): void {
    this.#running?.limits.supersede();
  }

  /** Why the run under way is stuck, or null. */
  stuckReason(): string | null {
    if (this.#running === null) return null;
    const { runTimeoutMs, runGraceMs } = this.#parts.pacing;
    const lastsMs = this.#parts.clock.monotonicMs() - this.#running.sinceMs;
    if (lastsMs <= runTimeoutMs + runGraceMs + STUCK_AFTER_MS) return null;
    return `a run goes on since ${Math.round(lastsMs / 1000)} s, past its deadline`;
  }

  /** Does nothing if there is no policy. */
  async run(trigger: Trigger, may: RunPermission): Promise<void> {
    const { policyState, origin } = this.#controller;
    if (policyState.kind === 'none' || origin.account === null) return;
    const { account } = origin;
    // The policy may name another account since the permission was given.
    if (may.kind === 'write' && may.account !== null && may.account !== account) return;
    const policy = policyOf(policyState);
    const { clock, pacing, sizes, emit, newRunId, schedule } = this.#parts;
    const mark: RunMark = { ...origin, runId: newRunId(), trigger, revision: policy.revision };
    const sinceMs = clock.monotonicMs();
    emit({ kind: 'run.started', ...mark });
    const limits = limitRun(clock, pacing, this.#signals, () =>
      emit({ kind: 'run.deadline', ...mark, timeoutMs: pacing.runTimeoutMs }),
    );
    this.#running = { limits, sha256: policyState.kind === 'current' ? policy.revision.sha256 : '', sinceMs };
    this.#earliestMs = sinceMs + pacing.minIntervalMs;
    this.#deadlines.setRetry(null);
    const report = progressReport(mark, emit);
    const now = clock.now();
    let levelOf: ShownRun['levelOf'] = () => null;
    let reads: readonly AccountRead[] = [];
    const userIdOf = userFinder(() => reads[0]);
    const hintsOf = (changes: readonly Change[]) => this.#mailtrap.hintsFor(changes, account, userIdOf);
    const { resolved, revision } = policyState.policy;
    const { memory } = this.#controller;
    this.#texts = textsAtHand(this.#texts, { sha256: revision.sha256, resolved }, memory.remembered);
    const outcome = await runAccount(this.#right(account, may, hintsOf), {
      ...sizes,
      runId: mark.runId,
      policy,
      restraints: {
        ...restraintsNow(memory, { now, isCounted: countedAt(now, schedule) }, policyState.kind === 'fallback'),
        texts: this.#texts,
        applyFlags: this.#parts.applyFlags ?? [],
      },
      limits,
      ledger: statePutLedger(account, this.#controller, this.#parts),
      onPairProved: (pair) => this.#controller.remember(withProof(this.#controller.memory, pair)),
      onApproved: (plan) =>
        this.#controller.rememberFirst(
          withApprovals(this.#controller.memory, plan, policy.resolved.policy, clock.now()),
        ),
      recall: () => this.#controller.recallApprovals(account),
      onEvent: (event) => {
        if (event.kind === 'planned') {
          levelOf = event.levelOf;
          this.#controller.settle(account);
        }
        if (event.kind === 'read') reads = [...reads.slice(0, 1), event.read];
        report(event);
      },
    });
    limits.end();
    this.#running = null;
    const hints = hintsOfRun(outcome.result, hintsOf);
    this.#mailtrap.ended(outcome.end);
    await this.#conclude(mark, policyState, { ...outcome, levelOf, reads, hints }, clock.monotonicMs() - sinceMs);
  }

  #right(account: number, may: RunPermission, hints: (changes: readonly Change[]) => ChangeHints): RunRight {
    if (may.kind === 'look') return { kind: 'look', open: () => may.openReader(account) };
    const open = async () => {
      const ports = await this.open(account);
      return { ...ports, journal: withHints(ports.journal, hints) };
    };
    return { kind: 'write', permit: may.permit, open };
  }

  /** The ports of an account; they are opened once, as long as it stays the same. */
  async open(account: number): Promise<WritePorts> {
    if (this.#opened?.account !== account) this.#opened = { account, ports: await this.#parts.open(account) };
    return this.#opened.ports;
  }

  async #conclude(
    mark: RunMark,
    policyState: PolicyInUse,
    outcome: RunOutcome & Pick<ShownRun, 'levelOf'> & Pick<ReadingRun, 'reads'> & { readonly hints: ChangeHints },
    durationMs: number,
  ): Promise<void> {
    const { clock, emit, schedule, random } = this.#parts;
    const { end, result, error, levelOf, reads, hints } = outcome;
    const now = clock.now();
    const dated = dateAcceptance(this.#controller.memory, outcome, policyState.policy, now);
    // The policy may name another account since this run started, and the memory is of that one then.
    if (mark.account === this.#controller.origin.account && dated !== this.#controller.memory)
      await this.#controller.remember(dated);
    if (end !== 'stopped') this.#failures = isFailure(end) ? this.#failures + 1 : 0;
    if (isWorthRetrying(end, result)) {
      this.#deadlines.setRetry(retryAt(this.#failures, now, schedule.next(), random));
    }
    if (result !== null && end !== 'unled') {
      reportChanges(mark, result, hints, emit);
      const isCounted = countedAt(now, schedule);
      const { resolved, revision } = policyState.policy;
      const reading = { reads, result, resolved, revision };
      await this.#remember(mark, { result, resolved, levelOf, isCounted, now }, reading);
    }
    const commitToAppliedSeconds = this.#appliedTexts.secondsToApplied(policyState, end, now);
    emit({
      kind: 'run.ended',
      ...mark,
      end,
      result,
      error,
      durationMs,
      failures: this.#failures,
      commitToAppliedSeconds,
      ...(hints.size > 0 && { hints }),
    });
    if (result !== null && end !== 'unled') await this.#lookUpExpiry();
  }

  async #remember(mark: RunMark, run: RememberedRun, reading: ReadingRun): Promise<void> {
    // The policy may name another account since this run started, and the memory is of that one then.
    if (mark.account !== this.#controller.origin.account) return;
    const { memory } = this.#controller;
    const after = rememberRun(memory, run);
    reportFindings(mark, after, this.#parts.emit);
    await this.#controller.remember({ ...after.memory, ...accessesAfter(memory, reading) });
  }

  async #lookUpExpiry(): Promise<void> {
    if (this.#opened === null || this.#signals.stop.aborted) return;
    const found = await this.#expiry.look(this.#opened.ports.reader, this.#signals.stop);
    if (found) this.#parts.emit({ kind: 'token.expiry', ...this.#controller.origin, expiresAt: found.expiresAt });
  }
}

/** A text that grantd refuses may say `paused: true` all the same: then it writes nothing, and removes no expired access either. */
function policyOf(policyState: PolicyInUse): AcceptedPolicy {
  const { policy } = policyState;
  if (policyState.kind === 'current' || !policyState.saysPaused) return policy;
  const { resolved } = policy;
  return { ...policy, resolved: { ...resolved, policy: { ...resolved.policy, paused: true } } };
}

/** Emits what a run reports while it goes on. */
function progressReport(mark: RunMark, emit: EmitEvent): RunObserver {
  return (event) => {
    if (event.kind === 'planned') emit({ kind: 'run.planned', ...mark, plan: event.plan });
    if (event.kind === 'batch-ended') emit({ kind: 'run.put', ...mark, outcome: event.outcome });
  };
}

/** Emits what became of every change of a run. */
function reportChanges(mark: RunMark, result: RunResult, found: ChangeHints, emit: EmitEvent): void {
  if (result.kind !== 'written') return;
  const hints = found.size > 0 ? { hints: found } : {};
  for (const outcome of result.outcomes) {
    const { change, auditHash } = outcome;
    if (outcome.outcome === 'applied') emit({ kind: 'change.applied', ...mark, change, auditHash, ...hints });
    else emit({ kind: 'change.not-applied', ...mark, outcome, ...hints });
  }
}

/** Emits what a run found that was not known before it. */
function reportFindings(mark: RunMark, { newlyContested, newlyDisproven }: RunMemory, emit: EmitEvent): void {
  for (const { change, hasBeenInPlace } of newlyContested) {
    emit({ kind: 'change.contested', ...mark, change, hasBeenInPlace });
  }
  for (const change of newlyDisproven) emit({ kind: 'token.disproven', ...mark, change });
}
