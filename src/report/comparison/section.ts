/** How a section is meant: what is given, what is taken, what deserves a look, or what is only worth knowing. */
export type Tone = 'gain' | 'loss' | 'warn' | 'plain';

/** One row of a comparison, in words that are not yet safe to print. */
export interface ComparisonRow {
  readonly who: string;
  readonly what: string;
  readonly change: string;
  /** Sentences of our own, which hold nothing that a policy or an account says. */
  readonly says: readonly string[];
  /** Reasons with names in them. */
  readonly lines: readonly string[];
}

/** Rows of one kind. `isOpen`: never folded, however many they are. */
export interface ComparisonSection {
  readonly title: string;
  /** What stands in the first column. */
  readonly subject: 'who' | 'key' | 'rule' | 'code';
  readonly tone: Tone;
  readonly isOpen: boolean;
  readonly rows: readonly ComparisonRow[];
}
