import type { Output } from './io.ts';

/** Shorter work shows nothing. */
const SHOWN_AFTER_MS = 1_000;
const REDRAWN_EVERY_MS = 250;

/** Clears the line and returns to its start. */
const CLEAR_LINE = '\r\u001b[2K';

/** One line on a terminal that tells what goes on, once it takes over a second. Nothing at all elsewhere. */
export class Progress {
  readonly #output: Output;
  #startedAt = 0;
  readonly #timer: NodeJS.Timeout | null;
  #text = '';
  #isDrawn = false;

  constructor(output: Output) {
    this.#output = output;
    this.#timer = output.isTerminal ? setInterval(() => this.#draw(), REDRAWN_EVERY_MS) : null;
    this.#timer?.unref();
  }

  /** Counts from the first text, or from the first after an empty one. */
  show(text: string): void {
    if (this.#text === '') this.#startedAt = performance.now();
    this.#text = text;
  }

  /** Takes the line away, so that something else can be printed; it comes back with the next redraw. */
  clear(): void {
    if (this.#isDrawn) this.#output.write(CLEAR_LINE);
    this.#isDrawn = false;
  }

  end(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.clear();
  }

  #draw(): void {
    const tookMs = performance.now() - this.#startedAt;
    if (this.#text === '' || tookMs < SHOWN_AFTER_MS) return;
    const line = `${this.#text} (${Math.floor(tookMs / 1000)} s)`;
    this.#output.write(`${CLEAR_LINE}${line.slice(0, (this.#output.columns || 80) - 1)}`);
    this.#isDrawn = true;
  }
}
