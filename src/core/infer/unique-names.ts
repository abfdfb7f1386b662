/** The longest name that it gives to a group, role or token. */
const NAME_MAX = 64;

/** Room for a number after a name that is taken. */
const SUFFIX_MAX = 6;

/** Makes names that a policy can contain, and never the same name twice. */
export class UniqueNames {
  readonly #taken = new Set<string>();

  /** The words as a name, or `otherwise` if no character of them fits. Equal names get a number. */
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

/** The text in lower case, without accents: letters, digits and dots, with one dash for anything between them. */
export function slugOf(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
}
