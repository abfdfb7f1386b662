import { type ChildProcess, spawn } from 'node:child_process';

/** A process that prints a line for each thing that it has done, until it is killed. */
export class Victim {
  readonly #child: ChildProcess;
  readonly #closed: Promise<void>;
  #text = '';
  #stderr = '';
  #wake: () => void = () => {};

  constructor(command: string, args: readonly string[]) {
    this.#child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#text += text;
      this.#wake();
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    this.#closed = new Promise((resolve) => {
      this.#child.on('close', () => resolve());
    });
  }

  /** Whole lines only: a line that was cut off was not said. */
  get lines(): readonly string[] {
    return this.#text.split('\n').slice(0, -1);
  }

  /** Waits until it has said something, so that it is at work. */
  async atWork(): Promise<void> {
    let hasEnded = false;
    const end = this.#closed.then(() => {
      hasEnded = true;
    });
    while (this.lines.length === 0) {
      if (hasEnded) throw new Error(`it ended before it did anything: ${this.#stderr}`);
      await Promise.race([
        end,
        new Promise<void>((resolve) => {
          this.#wake = resolve;
        }),
      ]);
    }
  }

  /** Kills it after so long, and waits until it is gone and all it said was read. */
  async killAfter(durationMs: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, durationMs));
    this.#child.kill('SIGKILL');
    await this.#closed;
  }

  async ended(): Promise<string> {
    await this.#closed;
    return this.#text + this.#stderr;
  }
}

/** The same numbers from 0 up to 1 for the same seed. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
