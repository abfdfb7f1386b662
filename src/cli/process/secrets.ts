import type { Output } from './io.ts';

const SHORTEST = 6;

/**
 * The secrets of this process, kept only to be taken out of whatever is printed. Nothing is meant to print one; this is
 * the last net. Shorter ones are no tokens, and would take ordinary words out.
 */
export class Secrets {
  readonly #secrets = new Set<string>();

  add(secret: string): void {
    if (secret.length >= SHORTEST) this.#secrets.add(secret);
  }

  /** For what is a secret by its place only, such as a token of the simulator. */
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
