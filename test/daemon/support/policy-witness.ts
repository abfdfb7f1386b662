import type { Policy } from '../../../src/core/domain/policy/policy.ts';
import type { PolicyReading } from '../../../src/core/domain/run/daemon-ports.ts';

/** Which policy a process may use, worked out apart from it. */
export interface ExpectedPolicy {
  readonly sha256: string;
  readonly policy: Policy;
  /** The fallback policy counts: it only removes access that has expired, and account admin that is drift. */
  readonly fallback: boolean;
  readonly isPaused: boolean;
}

/** Follows what a process read of its policy file, and says what must follow from that. */
export class PolicyWitness {
  #account: number | null = null;
  #isSettled = false;
  #good: { readonly sha256: string; readonly policy: Policy } | null = null;
  #isGoodCurrent = false;
  #saysPaused = false;
  /** Counts up with each reading that differs from the one before. */
  turns = 0;
  #seen = '';

  see(reading: PolicyReading): void {
    const seen = reading.kind === 'unreadable' ? reading.error.message : `${reading.kind} ${reading.revision.sha256}`;
    if (seen !== this.#seen) this.turns += 1;
    this.#seen = seen;
    this.#isGoodCurrent = false;
    this.#saysPaused = reading.kind === 'invalid' && reading.saysPaused;
    if (reading.kind !== 'valid') return;
    const { policy } = reading.resolved;
    if (!this.#isSettled) this.#account = policy.account;
    this.#saysPaused = policy.paused;
    if (policy.account !== this.#account) return;
    this.#isGoodCurrent = true;
    this.#good = { sha256: reading.revision.sha256, policy };
  }

  /** That account was read: no text changes it any more. */
  settle(account: number | null): void {
    if (account === this.#account) this.#isSettled = true;
  }

  /** Null before any valid text: then nothing may run. */
  get expected(): ExpectedPolicy | null {
    if (this.#good === null) return null;
    const isPaused = this.#saysPaused || this.#good.policy.paused;
    return { ...this.#good, fallback: !this.#isGoodCurrent, isPaused };
  }
}
