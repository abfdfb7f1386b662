import { type AccountMemory, emptyMemory } from '../core/domain/account/account-memory.ts';
import { knownEndsAfter } from '../core/domain/account/known-ends.ts';
import type { Revision } from '../core/domain/policy/revision.ts';
import type { EmitEvent, Origin, Trigger } from '../core/domain/run/daemon-event.ts';
import type { DaemonClock, PolicyReading, PolicySource, StateStore } from '../core/domain/run/daemon-ports.ts';
import { GrantdError } from '../core/domain/text/error.ts';
import {
  type AdmittedReading,
  LastGoodPolicy,
  type PolicyState,
  type PolicyTransition,
  type ValidReading,
} from './last-good-policy.ts';
import { type ApprovalMemory, approvalsIn } from './others-approvals.ts';
import { type News, SharedState } from './shared-state.ts';
import { acceptPolicy, acceptRevision, isSuperseded } from './superseded.ts';

export interface PolicyControllerParts {
  readonly source: PolicySource;
  readonly state: StateStore;
  readonly clock: DaemonClock;
  readonly emit: EmitEvent;
  /** Claims an account, and releases the one before. False if another policy of this process already has it. */
  readonly claim: (account: number) => boolean;
  /** Whether this process may save the state. Default: always. */
  readonly keepsState?: () => boolean;
}

/**
 * Reads and judges the policy of one account, and keeps what grantd remembers of the account. A valid text names the
 * account. Once grantd has read that account, no other text changes it.
 */
export class PolicyController {
  readonly #parts: PolicyControllerParts;
  readonly #state: SharedState;
  readonly #lastGood = new LastGoodPolicy();
  #looking: Promise<unknown> = Promise.resolve();
  #account: number | null = null;
  #isSettled = false;
  #memory: AccountMemory | null = null;
  #version = 0;

  constructor(parts: PolicyControllerParts) {
    this.#parts = parts;
    this.#state = new SharedState(parts.state, (reason) => parts.emit({ kind: 'state.lost', ...this.origin, reason }));
  }

  get origin(): Origin {
    return { policy: this.#parts.source.shownPath, account: this.#account };
  }

  get policyState(): PolicyState {
    return this.#lastGood.state;
  }

  /** Counts up whenever the policy state changes. */
  get version(): number {
    return this.#version;
  }

  /** What grantd remembers of the account; empty before its first valid policy. */
  get memory(): AccountMemory {
    return this.#memory ?? emptyMemory(this.#account ?? 0);
  }

  /** grantd read the account with its token, so its id is not a mistake: from now on this policy belongs to it. */
  settle(account: number): void {
    if (account === this.#account) this.#isSettled = true;
  }

  /**
   * Reads the file; true if the policy state changed. `onTransition` is called at once, before anything is saved. Calls are queued.
   */
  async look(trigger: Trigger, signal: AbortSignal, onTransition: () => void): Promise<boolean> {
    return this.betweenLooks(() => this.#look(trigger, signal, onTransition));
  }

  /** Does it while no look goes on, and before the next one. */
  async betweenLooks<T>(work: () => Promise<T>): Promise<T> {
    const working = this.#looking.then(work);
    this.#looking = working.catch(() => {});
    return working;
  }

  /**
   * Loads the state that the leader before left, and calls `onTaken` once it is known. Then saves that this process
   * accepted its own text. If that text was superseded, it saves nothing and gives its revision.
   */
  async takeOver(onTaken: () => void): Promise<{ readonly superseded: Revision | null }> {
    return this.betweenLooks(() => this.#takeOver(onTaken));
  }

  /** The text of the file counts from now on, even if another one superseded it before. */
  async adopt(): Promise<void> {
    const { policyState } = this;
    if (policyState.kind === 'none') return;
    await this.remember(acceptPolicy(this.memory, policyState.policy, this.#parts.clock.now()));
  }

  /**
   * What is remembered of approvals, with what another process saved since: `grantd apply` may use the same state. A state that
   * cannot be read says nothing new.
   */
  async recallApprovals(account: number): Promise<ApprovalMemory> {
    const isKept = this.#memory?.account === account && this.#keepsState();
    if (isKept) await this.#state.hear(account, (news) => this.#take(news));
    return approvalsIn(this.memory);
  }

  #take(news: News): void {
    this.#memory = this.#memory && news(this.#memory);
  }

  async #takeOver(onTaken: () => void): Promise<{ readonly superseded: Revision | null }> {
    const { policy: own, pausedSince } = this.memory;
    const left = await this.#state.load(this.memory.account);
    const isOutdated = own !== null && isSuperseded(left, own.revision);
    this.#memory = isOutdated ? left : { ...left, knownEnds: this.#endsKnownTo(left) };
    onTaken();
    if (own === null) return { superseded: null };
    if (isOutdated) return { superseded: own.revision };
    await this.remember({
      ...acceptRevision(this.#memory, own.revision, own.acceptedAt),
      pausedSince: pausedSince && (left.pausedSince ?? pausedSince),
    });
    return { superseded: null };
  }

  /** The ends of the own text. What the leader before did not know, its texts may not have set. */
  #endsKnownTo({ knownEnds }: AccountMemory): AccountMemory['knownEnds'] {
    const { policyState } = this;
    if (policyState.kind === 'none') return knownEnds;
    return knownEndsAfter(knownEnds, policyState.policy.resolved, this.#parts.clock.now());
  }

  /** Keeps it for this process, and saves it if this process may. A store that cannot be written stops nothing. */
  async remember(memory: AccountMemory): Promise<void> {
    await this.#store(memory);
  }

  /** As `remember`, for what must be saved before grantd goes on. Throws `state-unwritable`. */
  async rememberFirst(memory: AccountMemory): Promise<void> {
    const stored = await this.#store(memory);
    if (stored !== 'saved') throw stored === 'not-ours' ? notLeading() : stored;
  }

  /** As `remember`. False if it is not saved. */
  async keep(memory: AccountMemory): Promise<boolean> {
    return (await this.#store(memory)) === 'saved';
  }

  /** Whether it was saved, or why not. */
  async #store(memory: AccountMemory): Promise<'saved' | 'not-ours' | GrantdError> {
    this.#memory = memory;
    if (!this.#keepsState()) return 'not-ours';
    try {
      await this.#state.save(memory.account, (news) => this.#withNews(memory, news));
      return 'saved';
    } catch (error) {
      if (!(error instanceof GrantdError)) throw error;
      this.#parts.emit({ kind: 'state.unwritable', ...this.origin, error });
      return error;
    }
  }

  #withNews(memory: AccountMemory, news: News): AccountMemory {
    this.#take(news);
    return this.#memory?.account === memory.account ? { ...memory, ...approvalsIn(this.memory) } : memory;
  }

  async #look(trigger: Trigger, signal: AbortSignal, onTransition: () => void): Promise<boolean> {
    const reading = await this.#parts.source.read(signal);
    if (signal.aborted) return false;
    const transition = this.#lastGood.take(this.#admit(reading));
    if (transition.kind === 'same') return false;
    this.#version += 1;
    onTransition();
    if (transition.kind === 'accepted') await this.#accept(transition.reading, trigger);
    else this.#report(transition);
    return true;
  }

  /** grantd never applies a policy of one account to another one: that is a mistake, or needs a restart. */
  #admit(reading: PolicyReading): AdmittedReading {
    if (reading.kind !== 'valid') return reading;
    const { account, paused } = reading.resolved.policy;
    if (account !== this.#account && !this.#isSettled && this.#parts.claim(account)) {
      this.#account = account;
      this.#memory = null;
    }
    if (account === this.#account) return reading;
    const message = this.#isSettled
      ? `the policy is for account ${account} now, and grantd keeps account ${this.#account} by it`
      : `the policy is for account ${account}, which another policy of this process keeps already`;
    return {
      kind: 'unreadable',
      saysPaused: paused,
      error: new GrantdError('account-conflict', message, 'correct `account`, or start grantd anew if it is meant'),
    };
  }

  async #accept(reading: ValidReading, trigger: Trigger): Promise<void> {
    const { revision, resolved, problems } = reading;
    const memory = acceptPolicy(await this.#recall(resolved.policy.account), reading, this.#parts.clock.now());
    this.#parts.emit({
      kind: 'policy.accepted',
      ...this.origin,
      trigger,
      revision,
      acceptedAt: memory.policy?.acceptedAt ?? this.#parts.clock.now(),
      mode: resolved.policy.mode,
      isPaused: resolved.policy.paused,
      grants: resolved.policy.grants.length,
      problems,
    });
    await this.remember(memory);
  }

  #keepsState(): boolean {
    return this.#parts.keepsState?.() ?? true;
  }

  /** Before this process leads the account it does not read the state, and knows only what it saw itself. */
  async #recall(account: number): Promise<AccountMemory> {
    if (this.#memory !== null) return this.#memory;
    return this.#keepsState() ? this.#state.load(account) : emptyMemory(account);
  }

  #report(transition: Exclude<PolicyTransition, { kind: 'same' | 'accepted' }>): void {
    const { emit } = this.#parts;
    const { policyState } = this;
    const fallback = policyState.kind === 'fallback' ? policyState.policy.revision : null;
    if (transition.kind === 'restored')
      emit({ kind: 'policy.restored', ...this.origin, revision: transition.revision });
    if (transition.kind === 'unreadable') {
      const { error, saysPaused } = transition;
      emit({ kind: 'policy.unreadable', ...this.origin, error, saysPaused, fallback });
    }
    if (transition.kind === 'rejected') {
      const { revision, problems, saysPaused } = transition.reading;
      emit({ kind: 'policy.rejected', ...this.origin, revision, problems, saysPaused, fallback });
    }
  }
}

function notLeading(): GrantdError {
  const message = 'this replica no longer leads the account, so it may not save the state';
  return new GrantdError('state-unwritable', message, 'you need to do nothing: the replica that leads goes on');
}
