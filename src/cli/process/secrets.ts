import type { Output } from './io.ts';

const SHORTEST = 6;

/**
 * The secrets of this process, kept only to remove them from everything that is printed. No code should print one; this
 * is the last safeguard. A shorter text is no token, and to remove it would remove ordinary words.
 */
export class Secrets {
  readonly #secrets = new Set<string>();

  add(secret: string): void {
    if (secret.length >= SHORTEST) this.#secrets.add(secret);
  }

  /** For a secret that only looks like one, such as the token of the simulator. */
  forget(secret: string): void {
    this.#secrets.delete(secret);
  }

  isIn(text: string): boolean {
    return [...this.#secrets].some((secret) => text.includes(secret));
  }

  scrub(text: string): string {
    let clean = text;
    for (const secret of this.#secrets) clean = clean.replaceAll(secret, '(secret)');
    return clean;
  }

  guard(output: Output): Output {
    return { ...output, write: (text) => output.write(this.scrub(text)) };
  }
}
