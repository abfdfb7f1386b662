import { type AccountMemory, emptyMemory } from '../core/domain/account/account-memory.ts';
import type { Revision } from '../core/domain/policy/revision.ts';
import type { DaemonObserver, Origin, Trigger } from '../core/domain/run/daemon-event.ts';
import type { DaemonClock, PolicyReading, PolicySource, StateStore } from '../core/domain/run/daemon-ports.ts';
import { GrantdError } from '../core/domain/text/error.ts';
import type { Instant } from '../core/domain/text/instant.ts';
import { type AdmittedReading, PolicyKeeper, type Standing, type Turn, type ValidReading } from './policy-keeper.ts';
import { acceptRevision, isSuperseded } from './superseded.ts';

export interface DeskParts {
  readonly source: PolicySource;
  readonly state: StateStore;
  readonly clock: DaemonClock;
  readonly observe: DaemonObserver;
  /** Claims an account, and lets go of the one before. False where another policy of this process keeps it already. */
  readonly claim: (account: number) => boolean;
  /** Whether what is remembered is this process's to keep. Default: always. */
  readonly keepsState?: () => boolean;
}

/**
 * Where the policy of one account is read, judged and remembered. A valid text says which account it is, and once that
 * account was read no other text changes it.
 */
export class PolicyDesk {
  readonly #parts: DeskParts;
  readonly #keeper = new PolicyKeeper();
  #looking: Promise<unknown> = Promise.resolve();
  #saving: Promise<void> = Promise.resolve();
  #account: number | null = null;
  #isSettled = false;
  #memory: AccountMemory | null = null;
  #version = 0;

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  get origin(): Origin {
    return { policy: this.#parts.source.shownPath, account: this.#account };
  }

  get standing(): Standing {
    return this.#keeper.standing;
  }

  /** Counts up whenever the standing becomes another one. */
  get version(): number {
    return this.#version;
  }

  /** What is remembered of the account; empty before its first valid policy. */
  get memory(): AccountMemory {
    return this.#memory ?? emptyMemory(this.#account ?? 0);
  }

  /** The account was read with its token, so that it is no mistake: from now on this policy keeps it. */
  settle(account: number): void {
    if (account === this.#account) this.#isSettled = true;
  }

  /**
   * Reads the file; true where the standing is another one since. `onTurn` hears of that at once, before anything is
   * saved. Looks wait for each other.
   */
  async look(trigger: Trigger, signal: AbortSignal, onTurn: () => void): Promise<boolean> {
    const look = this.#looking.then(() => this.#look(trigger, signal, onTurn));
    this.#looking = look.catch(() => {});
    return look;
  }

  /**
   * Begins to keep what is remembered, with what whoever kept it before has left. `onTaken` is called once it is known;
   * what it then says of this process's text is saved, unless that text was superseded: then nothing is, and it is given.
   */
  async takeOver(onTaken: () => void): Promise<{ readonly superseded: Revision | null }> {
    const turn = this.#looking.then(() => this.#takeOver(onTaken));
    this.#looking = turn.catch(() => {});
    return turn;
  }

  /** The text that stands counts from now on, whatever took its place before. */
  async adopt(): Promise<void> {
    const { standing } = this;
    if (standing.kind === 'none') return;
    await this.remember(acceptPolicy(this.memory, standing.policy, this.#parts.clock.now()));
  }

  async #takeOver(onTaken: () => void): Promise<{ readonly superseded: Revision | null }> {
    const { policy: own, pausedSince } = this.memory;
    const left = await this.#load(this.memory.account);
    this.#memory = left;
    onTaken();
    if (own === null) return { superseded: null };
    if (isSuperseded(left, own.revision)) return { superseded: own.revision };
    await this.remember({
      ...acceptRevision(left, own.revision, own.acceptedAt),
      pausedSince: pausedSince && (left.pausedSince ?? pausedSince),
    });
    return { superseded: null };
  }

  /** Keeps it for this process, and beyond where it can. A store that cannot be written stops nothing. */
  async remember(memory: AccountMemory): Promise<void> {
    this.#memory = memory;
    if (!this.#keepsState()) return;
    // A run and a look may have something to remember at one time: what is newer must be what stays.
    const saving = this.#saving.then(() => this.#save(memory));
    this.#saving = saving.catch(() => {});
    return saving;
  }

  async #save(memory: AccountMemory): Promise<void> {
    try {
      await this.#parts.state.save(memory);
    } catch (error) {
      if (!(error instanceof GrantdError)) throw error;
      this.#parts.observe({ kind: 'state.unwritable', ...this.origin, error });
    }
  }

  async #look(trigger: Trigger, signal: AbortSignal, onTurn: () => void): Promise<boolean> {
    const reading = await this.#parts.source.read(signal);
    if (signal.aborted) return false;
    const turn = this.#keeper.take(this.#admit(reading));
    if (turn.kind === 'same') return false;
    this.#version += 1;
    onTurn();
    if (turn.kind === 'accepted') await this.#accept(turn.reading, trigger);
    else this.#tell(turn);
    return true;
  }

  /** A policy that was applied to one account is never applied to another one: that is a mistake, or a decision to start anew. */
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
    this.#parts.observe({
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

  /** What whoever keeps it remembers is not read before this process does: until then it knows only what it saw itself. */
  async #recall(account: number): Promise<AccountMemory> {
    if (this.#memory !== null) return this.#memory;
    return this.#keepsState() ? this.#load(account) : emptyMemory(account);
  }

  async #load(account: number): Promise<AccountMemory> {
    const { memory, lost } = await this.#parts.state.load(account);
    if (lost !== null) this.#parts.observe({ kind: 'state.lost', ...this.origin, reason: lost });
    return memory;
  }

  #tell(turn: Exclude<Turn, { kind: 'same' | 'accepted' }>): void {
    const { observe } = this.#parts;
    const { standing } = this;
    const fallback = standing.kind === 'fallback' ? standing.policy.revision : null;
    if (turn.kind === 'restored') observe({ kind: 'policy.restored', ...this.origin, revision: turn.revision });
    if (turn.kind === 'unreadable') observe({ kind: 'policy.unreadable', ...this.origin, error: turn.error, fallback });
    if (turn.kind === 'rejected') {
      const { revision, problems, saysPaused } = turn.reading;
      observe({ kind: 'policy.rejected', ...this.origin, revision, problems, saysPaused, fallback });
    }
  }
}

function acceptPolicy(
  memory: AccountMemory,
  { revision, resolved }: Pick<ValidReading, 'revision' | 'resolved'>,
  now: Instant,
): AccountMemory {
  const pausedSince = resolved.policy.paused ? (memory.pausedSince ?? now) : null;
  return { ...acceptRevision(memory, revision, now), pausedSince };
}
