import type { AuditProof, ChainBreak } from '../../core/domain/answer/audit-proof.ts';
import type { AuditRecord } from './audit-record.ts';
import { checkChain } from './check-chain.ts';

/** How many breaks are listed one by one. */
const BREAKS_MOST = 100;

/** How many unknown outcomes are kept, so that a later outcome can be matched with them. */
const UNKNOWN_MOST = 10_000;

/** Reads a log from end to end, in constant memory. `noted` is a hash that should be in it. Throws the system's error. */
export async function verifyAuditLog(path: string, noted: string | null): Promise<AuditProof> {
  const tally = new Tally(noted);
  for await (const { line, record, fault } of checkChain(path)) {
    if (fault !== null) tally.addBreak({ line, what: fault });
    if (record !== null) tally.addRecord(record);
  }
  return tally.proof();
}

class Tally {
  readonly #sought: string | null;
  readonly #breaks: ChainBreak[] = [];
  readonly #unknown = new Set<string>();
  readonly #counts = { intent: 0, outcome: 0, unknown: 0, repaired: 0 };
  #furtherBreaks = 0;
  #foundAt: number | null = null;
  #answered = 0;
  #firstTime: string | null = null;
  #last: AuditRecord | null = null;

  constructor(sought: string | null) {
    this.#sought = sought;
  }

  addBreak(found: ChainBreak): void {
    if (this.#breaks.length < BREAKS_MOST) this.#breaks.push(found);
    else this.#furtherBreaks += 1;
  }

  addRecord(record: AuditRecord): void {
    this.#counts[record.kind] += 1;
    this.#firstTime ??= record.time;
    this.#last = record;
    if (record.hash === this.#sought) this.#foundAt = record.seq;
    if (record.kind === 'unknown' && this.#unknown.size < UNKNOWN_MOST) this.#unknown.add(record.intent.hash);
    if (record.kind === 'outcome' && this.#unknown.delete(record.intent.hash)) this.#answered += 1;
  }

  proof(): AuditProof {
    const { intent, outcome, unknown, repaired } = this.#counts;
    return {
      account: this.#last?.account ?? null,
      records: intent + outcome + unknown + repaired,
      firstTime: this.#firstTime,
      lastTime: this.#last?.time ?? null,
      head: this.#last?.hash ?? null,
      intents: intent,
      withoutOutcome: this.#last?.open ?? [],
      unknown: unknown - this.#answered,
      repaired,
      noted: this.#foundAt,
      breaks: this.#breaks,
      furtherBreaks: this.#furtherBreaks,
    };
  }
}
