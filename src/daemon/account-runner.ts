import type { RunMark, Trigger } from '../core/domain/run/daemon-event.ts';
import type { WritePorts } from '../run/reconcile/reconcile.ts';
import type { Agenda } from './agenda.ts';
import { AppliedTexts } from './applied-texts.ts';
import { dateAcceptance } from './date-acceptance.ts';
import { isFailure, isWorthRetrying } from './judge-run.ts';
import type { RunPermission } from './lead.ts';
import { type DaemonSignals, type LoopParts, STUCK_AFTER_MS } from './loop-parts.ts';
import { retryAt } from './pacing.ts';
import type { PolicyDesk } from './policy-desk.ts';
import type { AcceptedPolicy, Standing } from './policy-keeper.ts';
import { type RememberedRun, rememberRun, withProof } from './remember-run.ts';
import { restraintsNow } from './restraints-now.ts';
import { type RunOutcome, type RunRight, runAccount } from './run-account.ts';
import { limitRun, type RunLimits } from './run-limits.ts';
import { tellChanges, tellLessons, toldBy } from './run-report.ts';
import { TokenExpiry } from './token-expiry.ts';

/** What a run can go by. */
type Stood = Exclude<Standing, { kind: 'none' }>;

/** Does one run after the other for one account, and draws the conclusions. Nobody calls it twice at once. */
export class AccountRunner {
  readonly #parts: LoopParts;
  readonly #signals: DaemonSignals;
  readonly #desk: PolicyDesk;
  readonly #agenda: Agenda;
  readonly #expiry: TokenExpiry;
  readonly #appliedTexts = new AppliedTexts();
  #opened: { readonly account: number; readonly ports: WritePorts } | null = null;
  #running: { readonly limits: RunLimits; readonly sha256: string; readonly sinceMs: number } | null = null;
  #earliestMs = Number.NEGATIVE_INFINITY;
  #failures = 0;

  constructor(parts: LoopParts, signals: DaemonSignals, desk: PolicyDesk, agenda: Agenda) {
    this.#parts = parts;
    this.#signals = signals;
    this.#desk = desk;
    this.#agenda = agenda;
    this.#expiry = new TokenExpiry(parts.clock);
  }

  /** When the next run may begin, by the monotonic clock. */
  get earliestMs(): number {
    return this.#earliestMs;
  }

  /** A run under way that goes by another text than the one that stands now begins no further write. */
  supersede(): void {
    const { standing } = this.#desk;
    const isSameText = standing.kind === 'current' && standing.policy.revision.sha256 === this.#running?.sha256;
    if (!isSameText) this.#running?.limits.supersede();
  }

  /** The account is not for this process to write to any more: a run under way begins no further write. */
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

  /** Nothing where no policy stands. */
  async run(trigger: Trigger, may: RunPermission): Promise<void> {
    const { standing, origin } = this.#desk;
    if (standing.kind === 'none' || origin.account === null) return;
    const { account } = origin;
    // The policy became another account's since it was asked who may write.
    if (may.kind === 'write' && may.account !== null && may.account !== account) return;
    const policy = policyOf(standing);
    const { clock, pacing, sizes, observe, newRunId } = this.#parts;
    const mark: RunMark = { ...origin, runId: newRunId(), trigger, revision: policy.revision };
    const sinceMs = clock.monotonicMs();
    observe({ kind: 'run.started', ...mark });
    const limits = limitRun(clock, pacing, this.#signals, () =>
      observe({ kind: 'run.deadline', ...mark, timeoutMs: pacing.runTimeoutMs }),
    );
    this.#running = { limits, sha256: standing.kind === 'current' ? policy.revision.sha256 : '', sinceMs };
    this.#earliestMs = sinceMs + pacing.minIntervalMs;
    this.#agenda.setRetry(null);
    const tell = toldBy(mark, observe);
    const outcome = await runAccount(this.#right(account, may), {
      ...sizes,
      runId: mark.runId,
      policy,
      restraints: restraintsNow(this.#desk.memory, clock.now(), standing.kind === 'fallback'),
      limits,
      onPairProved: (pair) => this.#desk.remember(withProof(this.#desk.memory, pair)),
      onEvent: (event) => {
        if (event.kind === 'planned') this.#desk.settle(account);
        tell(event);
      },
    });
    limits.end();
    this.#running = null;
    await this.#conclude(mark, standing, outcome, clock.monotonicMs() - sinceMs);
  }

  #right(account: number, may: RunPermission): RunRight {
    if (may.kind === 'look') return { kind: 'look', open: () => may.openReader(account) };
    return { kind: 'write', permit: may.permit, open: () => this.#open(account) };
  }

  async #open(account: number): Promise<WritePorts> {
    if (this.#opened?.account !== account) this.#opened = { account, ports: await this.#parts.open(account) };
    return this.#opened.ports;
  }

  async #conclude(mark: RunMark, standing: Stood, outcome: RunOutcome, durationMs: number): Promise<void> {
    const { clock, observe, schedule, random } = this.#parts;
    const { end, result, error } = outcome;
    const now = clock.now();
    const dated = dateAcceptance(this.#desk.memory, outcome, standing.policy.revision, now);
    // The policy may have become another account's before this one was read: what is remembered is that one's.
    if (mark.account === this.#desk.origin.account && dated !== this.#desk.memory) await this.#desk.remember(dated);
    if (end !== 'stopped') this.#failures = isFailure(end) ? this.#failures + 1 : 0;
    if (isWorthRetrying(end, result)) {
      this.#agenda.setRetry(retryAt(this.#failures, now, schedule.next(), random));
    }
    if (result !== null && end !== 'unled') {
      tellChanges(mark, result, observe);
      await this.#learn(mark, { result, resolved: standing.policy.resolved, now });
    }
    const commitToAppliedSeconds = this.#appliedTexts.secondsToApplied(standing, end, now);
    observe({
      kind: 'run.ended',
      ...mark,
      end,
      result,
      error,
      durationMs,
      failures: this.#failures,
      commitToAppliedSeconds,
    });
    if (result !== null && end !== 'unled') await this.#lookUpExpiry();
  }

  async #learn(mark: RunMark, run: Omit<RememberedRun, 'isScheduled'>): Promise<void> {
    // The policy became another account's before this one was read: what is remembered is that one's.
    if (mark.account !== this.#desk.origin.account) return;
    const lessons = rememberRun(this.#desk.memory, { ...run, isScheduled: mark.trigger === 'schedule' });
    tellLessons(mark, lessons, this.#parts.observe);
    await this.#desk.remember(lessons.memory);
  }

  async #lookUpExpiry(): Promise<void> {
    if (this.#opened === null || this.#signals.stop.aborted) return;
    const found = await this.#expiry.look(this.#opened.ports.reader, this.#signals.stop);
    if (found) this.#parts.observe({ kind: 'token.expiry', ...this.#desk.origin, expiresAt: found.expiresAt });
  }
}

/** A text that is invalid may say `paused: true` all the same, and then nothing is written, not even what has ended. */
function policyOf(standing: Stood): AcceptedPolicy {
  const { policy } = standing;
  if (standing.kind === 'current' || !standing.saysPaused) return policy;
  const { resolved } = policy;
  return { ...policy, resolved: { ...resolved, policy: { ...resolved.policy, paused: true } } };
}
