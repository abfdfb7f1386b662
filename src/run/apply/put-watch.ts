import type { Principal } from '../../core/domain/account/principal.ts';
import {
  OPEN_CANARIES_MOST,
  type OpenCanary,
  provenKinds,
  withOpenCanary,
  withoutNamedRows,
  withoutOpenCanary,
  withPutProof,
} from '../../core/domain/account/put-memory.ts';
import type { Batch } from '../../core/domain/plan/batch.ts';
import type { Change, Plan } from '../../core/domain/plan/plan.ts';
import type { PutLedger } from '../../core/domain/run/daemon-ports.ts';
import type { Clock } from '../../core/domain/run/ports.ts';
import { GrantdError } from '../../core/domain/text/error.ts';
import { type Canary, deferUnprovenPuts, nextCanary, type PutQuestion } from '../../core/guard/put-canary.ts';

/** A plan, and what it was made from. */
type Planned = Pick<PutQuestion, 'plan' | 'desired' | 'actual'>;

/** How many canaries of one run may fail to prove anything. Then what needs the proof waits for the next run. */
const FAILURES_MOST = 3;

/** How old a proof gets before a read renews it. */
const RENEWED_AFTER_MS = 60 * 60 * 1000;

/** Knows for a whole run whether a PUT takes rows that it does not name. */
export class PutWatch {
  readonly ledger: PutLedger;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #rowsPerPut: number;
  readonly #tried = new Set<number>();
  readonly #sent = new Set<Change>();
  readonly #provenNow = new Set<Principal['kind']>();
  #failures = 0;
  #isOver = false;
  #isUnread = false;

  constructor(ledger: PutLedger, clock: Pick<Clock, 'now'>, rowsPerPut: number) {
    this.ledger = ledger;
    this.#clock = clock;
    this.#rowsPerPut = rowsPerPut;
  }

  /** The plan without the changes that must wait until it is proven that a PUT keeps the rows that it does not name. */
  deferUnproven(planned: Planned): Plan {
    const unsent = this.left(planned.plan);
    const parted = deferUnprovenPuts(this.#question({ ...planned, plan: unsent }), this.#tried, this.#mayTry);
    if (parted === unsent) return planned.plan;
    const waits = new Set(parted.deferred.map(({ change }) => change));
    const changes = planned.plan.changes.filter((change) => !waits.has(change));
    const verdict = changes.length > 0 ? planned.plan.verdict : parted.verdict;
    return { ...planned.plan, changes, deferred: parted.deferred, verdict };
  }

  /** The next access to try alone; null if none is needed, none fits, or enough were tried. */
  next(planned: Planned): Canary | null {
    return this.#mayTry ? nextCanary(this.#question(planned), this.#tried) : null;
  }

  /** Keeps the rows of a canary before its PUT leaves. False if they cannot be kept: then it must not leave. */
  async begin(canary: OpenCanary, batch: Batch): Promise<boolean> {
    this.#tried.add(canary.access);
    const isKept = await this.#save(withOpenCanary(this.ledger.memory(), canary));
    if (!isKept) {
      this.#isOver = true;
      await this.close(canary);
    } else for (const change of batch.changes) this.#sent.add(change);
    return isKept;
  }

  /** Before a PUT leaves: what it names is no row any more that an open canary may have taken. False if that cannot be kept. */
  async leaveNamed(access: number, changes: readonly Change[]): Promise<boolean> {
    const before = this.ledger.memory();
    const { api } = this.ledger;
    const resources = changes.map(({ resource }) => resource);
    const memory = withoutNamedRows(before, { api, access }, resources);
    if (memory === before || (await this.#save(memory))) return true;
    // What could not be saved may be in the memory of the process all the same.
    await this.#save(before);
    return false;
  }

  /** Keeps rows that a PUT took, until they are given back. */
  async keep(canary: OpenCanary): Promise<void> {
    await this.#save(withOpenCanary(this.ledger.memory(), canary));
  }

  /** A read showed that the rows stayed. */
  async proven(canary: OpenCanary): Promise<void> {
    const { api, kind } = canary;
    this.#provenNow.add(kind);
    const closed = withoutOpenCanary(this.ledger.memory(), canary);
    await this.#save(withPutProof(closed, { api, kind, seenAt: this.#clock.now() }));
  }

  /** Whether this run has proven it for a kind of principal. */
  isProven(kind: Principal['kind']): boolean {
    return this.#provenNow.has(kind);
  }

  /** The plan of what canaries have not sent. A read has shown the first raise of a token that was one. */
  left(plan: Plan): Plan {
    const changes = plan.changes.filter((change) => !this.#sent.has(change));
    const isShown = (access: number) =>
      plan.changes.some((change) => change.access === access && this.#sent.has(change) && this.isProven('token'));
    return { ...plan, changes, unproven: plan.unproven.filter((access) => !isShown(access)) };
  }

  /** A confirming read showed once more that rows stayed. */
  async renew(kinds: readonly Principal['kind'][]): Promise<void> {
    const { api } = this.ledger;
    const before = this.ledger.memory();
    const now = this.#clock.now();
    let memory = before;
    for (const kind of new Set(kinds)) {
      const known = memory.proofs.find((proof) => proof.api === api && proof.kind === kind);
      if (known && now - known.seenAt < RENEWED_AFTER_MS && known.seenAt <= now) continue;
      memory = withPutProof(memory, { api, kind, seenAt: now });
    }
    if (memory !== before) await this.#save(memory);
  }

  /** The canary proved nothing. */
  async failed(canary: OpenCanary): Promise<void> {
    this.#failures += 1;
    await this.close(canary);
  }

  async close(canary: OpenCanary): Promise<void> {
    await this.#save(withoutOpenCanary(this.ledger.memory(), canary));
  }

  /** No further canary goes in this run. */
  giveUp(): void {
    this.#isOver = true;
  }

  /** The newest read of the account failed, so nothing more may be written in this run. */
  unread(): void {
    this.#isOver = true;
    this.#isUnread = true;
  }

  /** Why no PUT of this run may begin any more, or null. */
  get obstacle(): string | null {
    return this.#isUnread ? 'grantd could not read what its first PUT did' : null;
  }

  get #mayTry(): boolean {
    return !this.#isOver && this.#failures < FAILURES_MOST && this.ledger.memory().open.length < OPEN_CANARIES_MOST;
  }

  #question(planned: Planned): PutQuestion {
    const proven = new Set([...provenKinds(this.ledger.memory(), this.ledger.api), ...this.#provenNow]);
    return { ...planned, rowsPerPut: this.#rowsPerPut, proven };
  }

  async #save(memory: Parameters<PutLedger['save']>[0]): Promise<boolean> {
    try {
      await this.ledger.save(memory);
      return true;
    } catch (error) {
      if (error instanceof GrantdError) return false;
      throw error;
    }
  }
}
