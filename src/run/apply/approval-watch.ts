import { changeKey } from '../../core/domain/plan/change-key.ts';
import type { Change, Plan } from '../../core/domain/plan/plan.ts';
import { GrantdError } from '../../core/domain/text/error.ts';

/**
 * Sees to it that the approvals of a plan are on record as spent before anything that they let pass is written. One for a whole
 * run: it records once, and if that fails, no approved change is written.
 */
export class ApprovalWatch {
  readonly #approved: ReadonlySet<string>;
  readonly #record: () => Promise<void>;
  #obstacle: Promise<string | null> | null = null;

  /** `record` rejects with a `GrantdError` if it could not be done. */
  constructor({ approved }: Pick<Plan, 'approved'>, record: () => Promise<void>) {
    this.#approved = new Set(approved.flatMap(({ changes }) => changes.map(changeKey)));
    this.#record = record;
  }

  /** Null if the PUT may be sent, otherwise why not. */
  async mayWrite(changes: readonly Change[]): Promise<string | null> {
    if (!changes.some((change) => this.#approved.has(changeKey(change)))) return null;
    this.#obstacle ??= this.#tryRecord();
    return this.#obstacle;
  }

  async #tryRecord(): Promise<string | null> {
    try {
      await this.#record();
      return null;
    } catch (error) {
      if (error instanceof GrantdError) return `grantd cannot save that the approval is used: ${error.message}`;
      throw error;
    }
  }
}
