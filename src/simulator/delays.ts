/** Waits that end when the simulator does, so that no timer outlives it. */
export class Delays {
  readonly #timers = new Set<NodeJS.Timeout>();

  /** Resolves after `ms` of real time; never, if `cancel` comes first. */
  wait(ms: number): Promise<void> {
    if (ms <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        resolve();
      }, ms);
      this.#timers.add(timer);
    });
  }

  cancel(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
