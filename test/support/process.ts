import { type ChildProcess, spawn } from 'node:child_process';
import { ensureBuilt, MAIN } from './build.ts';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProcessOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

/** grantd as a real process, with nothing of the environment of the tests but the path. */
export function startGrantd(args: readonly string[], options: ProcessOptions): RunningGrantd {
  ensureBuilt();
  return startCommand([process.execPath, MAIN, ...args], options);
}

/** Any command with the same environment, such as one that starts grantd elsewhere. */
export function startCommand([command = '', ...args]: readonly string[], options: ProcessOptions): RunningGrantd {
  const env = { PATH: process.env['PATH'] ?? '', HOME: options.cwd, ...options.env };
  const child = spawn(command, args, { cwd: options.cwd, env });
  child.stdin.on('error', () => {});
  child.stdin.end(options.stdin ?? '');
  return new RunningGrantd(child);
}

export async function runGrantd(args: readonly string[], options: ProcessOptions): Promise<Ended> {
  return startGrantd(args, options).ended;
}

export class RunningGrantd {
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  #stdout = '';
  #stderr = '';

  constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    this.ended = new Promise((resolve) => {
      child.on('close', (code, signal) => resolve({ code, signal, stdout: this.#stdout, stderr: this.#stderr }));
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** As a reader that has seen enough, such as `head`. */
  stopReading(): void {
    this.#child.stdout?.destroy();
  }

  /** Ends the test with what was printed, should the process end before the words appear. */
  async printed(words: string | RegExp): Promise<void> {
    let hasEnded = false;
    const end = this.ended.then(() => {
      hasEnded = true;
    });
    for (;;) {
      const all = this.#stdout + this.#stderr;
      if (typeof words === 'string' ? all.includes(words) : words.test(all)) return;
      if (hasEnded) throw new Error(`ended without ${words}: ${all}`);
      await Promise.race([end, new Promise((resolve) => setTimeout(resolve, 20))]);
    }
  }
}
