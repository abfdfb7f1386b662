/** The last texts that were checked. A policy that is reverted and brought back costs nothing. */
const RESULTS_KEPT = 4;

/** Keeps the results of an expensive check by key, the latest few. A check that throws is not kept. */
export class CheckOnce<T> {
  readonly #results = new Map<string, Promise<T>>();

  async get(key: string, check: () => T | Promise<T>): Promise<T> {
    const known = this.#results.get(key);
    const result = known ?? Promise.resolve().then(check);
    this.#results.delete(key);
    this.#results.set(key, result);
    for (const oldest of [...this.#results.keys()].slice(0, -RESULTS_KEPT)) this.#results.delete(oldest);
    try {
      return await result;
    } catch (error) {
      if (this.#results.get(key) === result) this.#results.delete(key);
      throw error;
    }
  }
}
