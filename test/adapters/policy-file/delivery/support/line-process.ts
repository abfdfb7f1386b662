import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';

/** What a process prints: JSON lines that say what happened. */
export type Line = Readonly<Record<string, unknown>> & { readonly event?: string };

/** A process that prints JSON lines. It is killed when the test is over, whatever became of it. */
export class LineProcess {
  readonly lines: Line[] = [];
  readonly #child: ChildProcess;
  #rest = '';
  #stderr = '';
  #hasEnded = false;
  readonly #waiting = new Set<() => void>();

  constructor(command: string, args: readonly string[], options: Pick<SpawnOptions, 'cwd' | 'env'> = {}) {
    this.#child = spawn(command, args, { ...options, stdio: 'pipe' });
    this.#child.stdin?.on('error', () => {});
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#take(text));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    this.#child.on('close', () => {
      this.#hasEnded = true;
      this.#wake();
    });
  }

  send(line: object): void {
    this.#child.stdin?.write(`${JSON.stringify(line)}\n`);
  }

  /** The first line from `start` on that passes; throws with all that was printed should the process end before. */
  async line(isWanted: (line: Line) => boolean, start = 0): Promise<Line> {
    for (;;) {
      const found = this.lines.slice(start).find(isWanted);
      if (found) return found;
      if (this.#hasEnded) throw new Error(`it ended: ${JSON.stringify(this.lines)} ${this.#stderr}`);
      await new Promise<void>((resolve) => {
        this.#waiting.add(resolve);
      });
    }
  }

  async end(): Promise<void> {
    if (this.#hasEnded) return;
    const closed = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.kill('SIGKILL');
    await closed;
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }

  #take(text: string): void {
    const parts = (this.#rest + text).split('\n');
    this.#rest = parts.pop() ?? '';
    this.lines.push(...parts.map((part) => JSON.parse(part) as Line));
    this.#wake();
  }
}
