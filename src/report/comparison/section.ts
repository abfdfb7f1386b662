import { lazyList } from '../../core/domain/answer/lazy-list.ts';

/** What a section is about: gains, losses, what deserves a look, or what is only worth knowing. */
export type Tone = 'gain' | 'loss' | 'warn' | 'plain';

/** One row of a comparison. Its text is not yet safe to print. */
export interface ComparisonRow {
  readonly who: string;
  readonly what: string;
  readonly change: string;
  /** grantd's own sentences: no text of a policy or an account. */
  readonly says: readonly string[];
  /** Reasons with names in them. */
  readonly lines: readonly string[];
}

/** Rows of one kind. With `isOpen` they are never folded, however many there are. */
export interface ComparisonSection {
  readonly title: string;
  /** The heading of the first column. */
  readonly subject: 'who' | 'key' | 'rule' | 'code';
  readonly tone: Tone;
  readonly isOpen: boolean;
  readonly count: number;
  /** Made anew whenever it is read. */
  readonly rows: Iterable<ComparisonRow>;
}

/** A section about people, with one row for each item. */
export function section<Item>(
  title: string,
  tone: Tone,
  items: readonly Item[],
  toRow: (item: Item) => ComparisonRow,
  isOpen = false,
): ComparisonSection {
  return { title, subject: 'who', tone, isOpen, count: items.length, rows: lazyList(items, toRow) };
}
