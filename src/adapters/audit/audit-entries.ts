import type { AuditRecord, IntentBody, OutcomeBody, RepairedBody, UnknownBody } from './audit-record.ts';
import { OPEN_MOST } from './log-end.ts';

type Intent = AuditRecord<IntentBody>;
type End = AuditRecord<OutcomeBody> | AuditRecord<UnknownBody>;

/** What a person reads as one thing: a PUT with how it ended, or a repair. */
export type AuditEntry =
  /** `end` is null while nothing tells it. */
  | { readonly kind: 'put'; readonly intent: Intent; readonly end: End | null }
  /** An outcome that came after its PUT was told already, or whose intent stands in an earlier file. */
  | { readonly kind: 'late'; readonly intent: Intent | null; readonly end: End }
  | { readonly kind: 'repaired'; readonly repaired: AuditRecord<RepairedBody> };

/** Brings intents and outcomes together, in the order in which they ended. Holds no more than can be open at one time. */
export class EntryMaker {
  readonly #open = new Map<string, Intent>();
  /** Those that were told already, for an outcome that comes late. */
  readonly #told = new Map<string, Intent>();

  add(record: AuditRecord): readonly AuditEntry[] {
    switch (record.kind) {
      case 'repaired':
        return [{ kind: 'repaired', repaired: record }];
      case 'intent':
        this.#open.set(record.hash, record);
        return this.#open.size > OPEN_MOST ? this.#oldest() : [];
      default:
        return [this.#ended(record)];
    }
  }

  /** Those that nothing tells the end of. */
  rest(): readonly AuditEntry[] {
    return [...this.#open.values()].map((intent) => ({ kind: 'put', intent, end: null }));
  }

  #ended(end: End): AuditEntry {
    const { hash } = end.intent;
    const intent = this.#open.get(hash);
    if (intent === undefined) return { kind: 'late', intent: this.#told.get(hash) ?? null, end };
    this.#open.delete(hash);
    if (end.kind === 'unknown') this.#tell(intent);
    return { kind: 'put', intent, end };
  }

  #oldest(): readonly AuditEntry[] {
    const [first] = this.#open.values();
    if (first === undefined) return [];
    this.#open.delete(first.hash);
    this.#tell(first);
    return [{ kind: 'put', intent: first, end: null }];
  }

  #tell(intent: Intent): void {
    this.#told.set(intent.hash, intent);
    const [first] = this.#told.keys();
    if (this.#told.size > OPEN_MOST && first !== undefined) this.#told.delete(first);
  }
}
