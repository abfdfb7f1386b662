import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ENTRIES_MOST = 20_000;
const BYTES_MOST = 64 * 2 ** 20;

/** The inputs that are changed to make new ones. What joins one that is full takes the place of another. */
export class Corpus {
  #entries = [];
  #bytes = 0;

  get size() {
    return this.#entries.length;
  }

  add(bytes, random) {
    const isFull = this.#entries.length >= ENTRIES_MOST || this.#bytes + bytes.length > BYTES_MOST;
    const at = isFull ? random.below(this.#entries.length) : this.#entries.length;
    this.#bytes += bytes.length - (this.#entries[at]?.length ?? 0);
    // A copy: a part of something larger would keep all of it in memory.
    this.#entries[at] = Buffer.from(bytes);
  }

  /** Half of the time one of the newest: what leads on from there was tried least. */
  pick(random) {
    const { length } = this.#entries;
    const newest = Math.max(1, Math.ceil(length / 8));
    return this.#entries[random.isLucky(0.5) ? length - 1 - random.below(newest) : random.below(length)];
  }
}

/**
 * Inputs in files, by the names of their files: where a target begins, and what once failed.
 * @param {{ name: string, seedsOf?: string }} target
 */
export function storedInputs({ name: target, seedsOf }) {
  const kinds = [`seeds/${seedsOf ?? target}`, `regressions/${target}`];
  return kinds.flatMap((kind) => {
    const directory = fileURLToPath(new URL(`${kind}/`, import.meta.url));
    if (!existsSync(directory)) return [];
    const names = readdirSync(directory).sort();
    return names.map((name) => ({ name: `${kind}/${name}`, bytes: readFileSync(`${directory}${name}`) }));
  });
}
