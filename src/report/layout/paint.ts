/** How to colour the parts of a text, and how wide it may be. Renderers take one, so that they need not know where the text goes. */
export interface Paint {
  /** Characters in a line; without it a line has any length. */
  readonly columns?: number;
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly gain: (text: string) => string;
  readonly loss: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly fail: (text: string) => string;
}

/** No colour at all, and lines of any length: for files, pipes and tests. */
export const PLAIN: Paint = {
  strong: (text) => text,
  faint: (text) => text,
  gain: (text) => text,
  loss: (text) => text,
  warn: (text) => text,
  fail: (text) => text,
};
