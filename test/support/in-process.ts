import { cli } from '../../src/cli/cli.ts';
import type { ExitCode } from '../../src/cli/line/exit-code.ts';
import type { CliIo, Output } from '../../src/cli/process/io.ts';
import { REAL_CLOCK } from '../../src/cli/process/node-io.ts';

export interface World {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** What a person at a terminal answers; without it there is no terminal. */
  readonly answer?: string | null;
  /** Standard output is no terminal, though someone can answer. */
  readonly stdoutIsFile?: true;
  readonly clock?: CliIo['clock'];
  /** Is handed a function that presses Ctrl-C. */
  readonly onStart?: (interrupt: () => void) => void;
  /** Is told of every text that is printed, as it is. */
  readonly onPrinted?: (text: string) => void;
}

export interface Printed {
  readonly code: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
  /** What was asked. */
  readonly asked: string;
}

/** One call of the command line in this process, with a world of its own. */
export async function runCli(args: readonly string[], world: World): Promise<Printed> {
  const printed = { stdout: '', stderr: '', asked: '' };
  const listeners = new Set<() => void>();
  world.onStart?.(() => {
    for (const listener of [...listeners]) listener();
  });
  const isTerminal = world.answer !== undefined;
  const output = (name: 'stdout' | 'stderr'): Output => ({
    write: (text) => {
      printed[name] += text;
      world.onPrinted?.(text);
    },
    drained: async () => {},
    isTerminal: isTerminal && !(name === 'stdout' && world.stdoutIsFile),
    columns: isTerminal ? 100 : null,
    closed: new AbortController().signal,
  });
  const io: CliIo = {
    stdin: {
      isTerminal,
      read: async function* () {
        yield Buffer.from(world.stdin ?? '');
      },
      ask: async (question) => {
        printed.asked += question;
        return world.answer ?? null;
      },
    },
    stdout: output('stdout'),
    stderr: output('stderr'),
    env: { NO_COLOR: '1', ...world.env },
    cwd: world.cwd,
    clock: world.clock ?? REAL_CLOCK,
    random: () => 0.5,
    onInterrupt: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onHangup: () => () => {},
    endNow: () => {
      throw new Error('ended at once');
    },
  };
  const code = await cli(args, io);
  return { code, ...printed };
}
