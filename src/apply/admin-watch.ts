import type { AccountAccess } from '../domain/actual-state.ts';
import { adminEmails } from '../domain/admins.ts';
import type { Batch } from '../domain/batch.ts';
import { GrantdError } from '../domain/error.ts';
import type { Plan } from '../domain/plan.ts';
import type { AccountReader } from '../domain/ports.ts';
import { foldAscii } from '../domain/text.ts';

/** Makes sure, before each PUT that ends an account admin, that enough admins remain whatever others did meanwhile. */
export class AdminWatch {
  readonly #reader: AccountReader;
  readonly #account: number;
  readonly #signal: AbortSignal;
  readonly #least: number;
  readonly #gone = new Set<string>();

  constructor(
    reader: AccountReader,
    request: {
      readonly plan: Plan;
      readonly accesses: readonly AccountAccess[];
      readonly adminsMin: number;
      readonly abort: AbortSignal;
    },
  ) {
    this.#reader = reader;
    this.#account = request.plan.account;
    this.#signal = request.abort;
    this.#least = Math.min(request.adminsMin, adminEmails(this.#account, request.accesses).size);
  }

  /**
   * Reads the list again. Null where the batch may be written, else why not. Everybody whom this run has lowered, or
   * tried to, counts as gone, so that a stale read cannot let the last one go.
   */
  async mayLower(batch: Batch): Promise<string | null> {
    try {
      const { value } = await this.#reader.readAccesses(this.#signal);
      const remaining = new Set(adminEmails(this.#account, value));
      const lowered = batch.changes.flatMap(({ principal }) =>
        principal.kind === 'user' ? [foldAscii(principal.email)] : [],
      );
      for (const email of [...this.#gone, ...lowered]) remaining.delete(email);
      if (remaining.size < this.#least) {
        return `only ${remaining.size} account admins and owners would remain, and ${this.#least} must`;
      }
      for (const email of lowered) this.#gone.add(email);
      return null;
    } catch (error) {
      if (error instanceof GrantdError) return `the account admins could not be read again: ${error.message}`;
      throw error;
    }
  }
}
