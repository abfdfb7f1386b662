import { type OpenCanary, rowsLeftOpen } from '../core/domain/account/put-memory.ts';
import type { PutLedger } from '../core/domain/run/daemon-ports.ts';
import { GrantdError } from '../core/domain/text/error.ts';
import { counted } from '../core/domain/text/text.ts';
import { PutWatch } from '../run/apply/put-watch.ts';
import { finishCanaries } from '../run/apply/settle-canaries.ts';
import type { WritePorts } from '../run/reconcile/reconcile.ts';
import type { LoopParts } from './loop-parts.ts';
import type { PolicyController } from './policy-controller.ts';
import { clearCommand, storePutLedger } from './put-ledger.ts';

/**
 * Finishes what an earlier process left open in an account that no valid policy names now: the rows of a person must not stay
 * gone until somebody corrects a text. The state says which account it is, and the API that the token administers it.
 */
export class LeftOpen {
  readonly #parts: LoopParts;
  readonly #controller: PolicyController;
  readonly #open: (account: number) => Promise<WritePorts>;
  #reported = '';

  constructor(parts: LoopParts, controller: PolicyController, open: (account: number) => Promise<WritePorts>) {
    this.#parts = parts;
    this.#controller = controller;
    this.#open = open;
  }

  /** Whether something still waits, so that a later try may help. */
  async finish(): Promise<boolean> {
    // Before a valid policy names an account, no replica leads one or writes.
    if (this.#parts.replicas !== undefined) return false;
    const left = await this.#parts.left.all();
    let isLeft = false;
    for (const account of [...left]) {
      const giveBack = this.#parts.left.borrow(account);
      if (giveBack === null) continue;
      try {
        // A text that is accepted meanwhile must not load the state as it was before.
        const isDone = await this.#controller.betweenLooks(() => this.#finish(account));
        if (isDone) left.delete(account);
        else isLeft = true;
      } finally {
        giveBack();
      }
    }
    return isLeft;
  }

  async #finish(account: number): Promise<boolean> {
    const { state, api, clock, sizes, clearFlags } = this.#parts;
    const ledger = await storePutLedger(state, account, {
      api,
      clear: clearCommand(this.#controller.origin.policy, clearFlags ?? []),
    });
    if (openOf(ledger).length === 0) return true;
    const error = await this.#try(async () => {
      await finishCanaries(await this.#open(account), new PutWatch(ledger, clock, sizes.rowsPerPut));
    });
    const open = openOf(ledger);
    this.#report(account, open, error);
    return open.length === 0;
  }

  async #try(work: () => Promise<void>): Promise<GrantdError | null> {
    try {
      await work();
      return null;
    } catch (error) {
      if (error instanceof GrantdError) return error;
      throw error;
    }
  }

  /** The same again is reported once. */
  #report(account: number, open: readonly OpenCanary[], error: GrantdError | null): void {
    const found = open.length === 0 || error?.code === 'put-replaces' ? error : waitingError(account, open, error);
    const text = `${account} ${found?.message}`;
    if (text === this.#reported) return;
    this.#reported = text;
    const { origin } = this.#controller;
    this.#parts.emit({ kind: 'state.left-open', ...origin, leftIn: account, rows: rowsLeftOpen(open), error: found });
  }
}

function openOf({ memory, api }: PutLedger): readonly OpenCanary[] {
  return memory().open.filter((canary) => canary.api === api);
}

function waitingError(account: number, open: readonly OpenCanary[], why: GrantdError | null): GrantdError {
  const accesses = open.map(({ access }) => access).join(', ');
  const rows = counted(rowsLeftOpen(open), 'row');
  const because = why?.message ?? 'no read shows yet what its PUT did';
  return new GrantdError(
    why?.code ?? 'api-malformed',
    `${rows} of account access ${accesses} in account ${account} may be missing since a process ended, and grantd could not look: ${because}`,
    why === null
      ? 'grantd tries again'
      : `${why.remedy}; grantd tries again, and grantd doctor says how many rows wait`,
  );
}
