import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { workplace } from '../../support/workplace.ts';

const SHIFTED_CLOCK = new URL('./shifted-clock.mjs', import.meta.url);

/** The wall clock of processes that are started with its environment, which can be set while they run. */
export class WallClock {
  readonly #file = join(workplace(), 'shift');
  #shiftMs = 0;

  constructor() {
    this.#write(0);
  }

  get env(): Record<string, string> {
    return { NODE_OPTIONS: `--import=${pathToFileURL(SHIFTED_CLOCK.pathname)}`, CLOCK_SHIFT_FILE: this.#file };
  }

  /** Sets it ahead, or back; adds up. */
  jump(byMs: number): void {
    this.#write(this.#shiftMs + byMs);
  }

  now(): number {
    return Date.now() + this.#shiftMs;
  }

  /** In one step, so that nobody reads half of it. */
  #write(shiftMs: number): void {
    writeFileSync(`${this.#file}.new`, String(shiftMs));
    renameSync(`${this.#file}.new`, this.#file);
    this.#shiftMs = shiftMs;
  }
}
