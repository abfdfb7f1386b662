import type { AuditRecord, IntentBody, OutcomeBody, RepairedBody, UnknownBody } from './audit-record.ts';
import { OPEN_MOST } from './log-end.ts';

type Intent = AuditRecord<IntentBody>;
type End = AuditRecord<OutcomeBody> | AuditRecord<UnknownBody>;

/** What a person reads as one entry: a PUT with its end, or a repair. */
export type AuditEntry =
  /** `end` is null if no record has it. */
  | { readonly kind: 'put'; readonly intent: Intent; readonly end: End | null }
  /** An outcome that came after its PUT was shown, or whose intent is in an earlier file. */
  | { readonly kind: 'late'; readonly intent: Intent | null; readonly end: End }
  | { readonly kind: 'repaired'; readonly repaired: AuditRecord<RepairedBody> };

/** Joins intents and outcomes, in the order in which they ended. Keeps no more than can be open at one time. */
export class EntryMaker {
  readonly #open = new Map<string, Intent>();
  /** The intents that were shown already, for an outcome that comes late. */
  readonly #shown = new Map<string, Intent>();

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

  /** The intents whose end no record has. */
  rest(): readonly AuditEntry[] {
    return [...this.#open.values()].map((intent) => ({ kind: 'put', intent, end: null }));
  }

  #ended(end: End): AuditEntry {
    const { hash } = end.intent;
    const intent = this.#open.get(hash);
    if (intent === undefined) return { kind: 'late', intent: this.#shown.get(hash) ?? null, end };
    this.#open.delete(hash);
    if (end.kind === 'unknown') this.#show(intent);
    return { kind: 'put', intent, end };
  }

  #oldest(): readonly AuditEntry[] {
    const [first] = this.#open.values();
    if (first === undefined) return [];
    this.#open.delete(first.hash);
    this.#show(first);
    return [{ kind: 'put', intent: first, end: null }];
  }

  #show(intent: Intent): void {
    this.#shown.set(intent.hash, intent);
    const [first] = this.#shown.keys();
    if (this.#shown.size > OPEN_MOST && first !== undefined) this.#shown.delete(first);
  }
}
