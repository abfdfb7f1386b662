import { type AccountAccess, adminEmails } from '../../core/domain/account/actual-state.ts';
import { emailKey } from '../../core/domain/account/email.ts';
import { endsAccountAdmin } from '../../core/domain/plan/batch.ts';
import type { Change } from '../../core/domain/plan/plan.ts';
import type { AccountReader } from '../../core/domain/run/ports.ts';
import { GrantdError } from '../../core/domain/text/error.ts';
import type { SkewWatch } from './skew-watch.ts';

/** Checks, before each PUT that ends an account admin, that enough admins remain, whatever others did meanwhile. One for a whole run. */
export class AdminWatch {
  readonly #reader: AccountReader;
  readonly #account: number;
  readonly #signal: AbortSignal;
  readonly #skewWatch: SkewWatch;
  readonly #least: number;
  readonly #gone = new Set<string>();

  /** `accesses` are those of the first read of the run: they define the admins at the start. */
  constructor(
    reader: AccountReader,
    run: {
      readonly account: number;
      readonly accesses: readonly AccountAccess[];
      /** How many account admins must remain (`limits.admins`). */
      readonly adminsMin: number;
      readonly skewWatch: SkewWatch;
      readonly abort: AbortSignal;
    },
  ) {
    this.#reader = reader;
    this.#account = run.account;
    this.#signal = run.abort;
    this.#skewWatch = run.skewWatch;
    this.#least = Math.min(run.adminsMin, adminEmails(run.account, run.accesses).size);
  }

  /**
   * Reads the list again. Null if the PUT may be sent, otherwise why not. Everyone whom this run has lowered, or tried to lower,
   * counts as gone, so that a stale read cannot let the last one go.
   */
  async mayWrite(changes: readonly Change[]): Promise<string | null> {
    if (!changes.some(endsAccountAdmin)) return null;
    try {
      const { value, serverTime } = await this.#reader.readAccesses(this.#signal);
      this.#skewWatch.saw(serverTime);
      if (this.#skewWatch.obstacle !== null) return this.#skewWatch.obstacle;
      if (value.length === 0) return 'grantd could not read the account admins again: the list came back empty';
      return this.#judge(changes, value);
    } catch (error) {
      if (error instanceof GrantdError) return `grantd could not read the account admins again: ${error.message}`;
      throw error;
    }
  }

  #judge(changes: readonly Change[], accesses: readonly AccountAccess[]): string | null {
    const remaining = new Set(adminEmails(this.#account, accesses));
    const lowered = changes.flatMap(({ principal }) => (principal.kind === 'user' ? [emailKey(principal.email)] : []));
    for (const email of [...this.#gone, ...lowered]) remaining.delete(email);
    if (remaining.size < this.#least) {
      return `only ${remaining.size} account admins and owners would remain, and ${this.#least} must`;
    }
    for (const email of lowered) this.#gone.add(email);
    return null;
  }
}
