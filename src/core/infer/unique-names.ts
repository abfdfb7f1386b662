/** Longest name of a group, role or token. */
const NAME_MAX = 64;

/** Room for a number behind a name that is taken. */
const SUFFIX_MAX = 6;

/** Gives names that a policy can hold, each once, however much the words that they are made of are alike. */
export class NameBook {
  readonly #taken = new Set<string>();

  /** The words as a name, or `otherwise` where nothing of them can stand in one. A number tells equal names apart. */
  take(words: string, otherwise: string): string {
    const name = (slugOf(words) || otherwise).slice(0, NAME_MAX - SUFFIX_MAX).replace(/[-._]+$/, '');
    for (let count = 1; ; count += 1) {
      const candidate = count === 1 ? name : `${name}-${count}`;
      if (this.#taken.has(candidate)) continue;
      this.#taken.add(candidate);
      return candidate;
    }
  }
}

/** Small letters, digits and dots of the text, without accents; everything between them is one dash. */
export function slugOf(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
}
