import { afterTest } from '../../support/after-test.ts';
import { ensureBuilt, MAIN } from '../../support/build.ts';
import { type ProcessOptions, type RunningGrantd, startCommand } from '../../support/process.ts';

/** No slot of it comes while a test runs, whenever that is: a run that nobody asked for would take the name of another. */
const NEVER_SOON = '0 0 29 2 *';

/**
 * `grantd run` as a real process that begins without delay and on no schedule of its own, and is gone after the test.
 * `launcher`: the words before the command, if something else starts it.
 */
export function startDaemon(
  args: readonly string[],
  options: ProcessOptions,
  launcher: readonly string[] = [],
): RunningGrantd {
  ensureBuilt();
  const swift = ['--start-jitter-ms', '0', '--settle-ms', '20', '--min-interval-ms', '0'];
  const http = args.includes('--http-address') ? [] : ['--http-address', '127.0.0.1:0'];
  const schedule = args.includes('--schedule') ? [] : ['--schedule', NEVER_SOON];
  const daemon = startCommand(
    [...launcher, process.execPath, MAIN, 'run', ...args, ...swift, ...schedule, ...http],
    options,
  );
  afterTest(async () => {
    daemon.kill('SIGKILL');
    await daemon.ended;
  });
  return daemon;
}

export type LogLine = Readonly<Record<string, unknown>>;

/** What it has logged. Throws where a line is no JSON: nothing else belongs on stdout. */
export function linesOf(daemon: RunningGrantd, event?: string): readonly LogLine[] {
  const whole = daemon.stdout.slice(0, daemon.stdout.lastIndexOf('\n') + 1);
  const lines = whole.split('\n').filter((line) => line !== '');
  return lines
    .map((line): LogLine => JSON.parse(line))
    .filter((line) => event === undefined || line['event'] === event);
}

/** Waits for so many lines of an event. */
export async function logged(daemon: RunningGrantd, event: string, count = 1): Promise<readonly LogLine[]> {
  for (let tries = 0; tries < 6_000; tries += 1) {
    const lines = linesOf(daemon, event);
    if (lines.length >= count) return lines;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`no ${count} times ${event} in two minutes:\n${daemon.stdout}${daemon.stderr}`);
}

/** The address of its HTTP port. */
export async function addressOf(daemon: RunningGrantd): Promise<string> {
  const [line] = await logged(daemon, 'daemon.started');
  return `http://${line?.['httpAddress']}`;
}
