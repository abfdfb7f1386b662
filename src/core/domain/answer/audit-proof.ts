/** A line of an audit log that does not fit the chain, and why. */
export interface ChainBreak {
  readonly line: number;
  readonly what: string;
}

/** What a reading of the whole log proved. */
export interface AuditProof {
  readonly account: number | null;
  readonly records: number;
  readonly firstTime: string | null;
  readonly lastTime: string | null;
  /** The hash of the last record; null for an empty log. */
  readonly head: string | null;
  readonly intents: number;
  /** Numbers of the intents that have neither an outcome nor an `unknown` record. */
  readonly withoutOutcome: readonly number[];
  /** PUTs whose outcome is not known. */
  readonly unknown: number;
  readonly repaired: number;
  /** The number of the record with the hash that was asked for; null if none has it. */
  readonly noted: number | null;
  readonly breaks: readonly ChainBreak[];
  readonly furtherBreaks: number;
}
