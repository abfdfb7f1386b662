import { execFileSync, spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { encodeMemory } from '../../src/adapters/state/memory-json.ts';
import type { Output } from '../../src/cli/process/io.ts';
import { Progress, paintFor } from '../../src/cli/process/terminal.ts';
import { emptyMemory } from '../../src/core/domain/account/account-memory.ts';
import { PLAIN } from '../../src/report/layout/paint.ts';
import { ensureBuilt, MAIN } from '../support/build.ts';
import { runCli } from '../support/in-process.ts';
import { provenPuts } from '../support/put-ledgers.ts';
import { simulate } from '../support/simulate.ts';
import { skippedFor } from '../support/skipped-for.ts';
import { POLICY, provenAt, workplace } from '../support/workplace.ts';

const ESCAPE = '\u001b';

function outputTo(lines: string[], isTerminal: boolean, columns: number | null = 40): Output {
  return {
    write: (text) => lines.push(text),
    drained: async () => {},
    isTerminal,
    columns,
    closed: new AbortController().signal,
  };
}

test.each([
  [{}, true, true, true],
  [{}, false, true, false],
  [{}, true, false, false],
  [{ NO_COLOR: '1' }, true, true, false],
  [{ NO_COLOR: '' }, true, true, true],
  [{ TERM: 'dumb' }, true, true, false],
  [{ FORCE_COLOR: '1' }, false, true, true],
  [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false, true, true],
  [{ FORCE_COLOR: '0' }, true, true, false],
  [{ FORCE_COLOR: '1' }, true, false, false],
])('with %j, terminal %s and colour wanted %s there is colour: %s', (env, isTerminal, wants, expected) => {
  expect(paintFor(outputTo([], isTerminal), env, wants) !== PLAIN).toBe(expected);
});

test('colours reach a terminal, and --no-color keeps them away', async () => {
  const simulator = await simulate();
  const world = { cwd: workplace({ 'policy.yaml': POLICY }), env: { ...provenAt(simulator), FORCE_COLOR: '1' } };
  expect((await runCli(['plan'], world)).stdout).toContain(ESCAPE);
  expect((await runCli(['plan', '--no-color'], world)).stdout).not.toContain(ESCAPE);
  expect((await runCli(['--no-color', 'plan'], world)).stdout).not.toContain(ESCAPE);
  expect((await runCli(['plan', '--format', 'json'], world)).stdout).not.toContain(ESCAPE);
});

test('progress draws one line that fits, on a terminal only, and removes it', async () => {
  const lines: string[] = [];
  const quiet: string[] = [];
  const progress = new Progress(outputTo(lines, true));
  const piped = new Progress(outputTo(quiet, false));
  for (const one of [progress, piped]) one.show(`reading the account ${'x'.repeat(80)}`);
  while (lines.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  progress.end();
  piped.end();
  const [drawn = ''] = lines;
  expect(drawn.startsWith(`\r${ESCAPE}[2Kreading the account`)).toBe(true);
  expect(drawn.slice(`\r${ESCAPE}[2K`.length).length).toBeLessThan(40);
  expect(lines.at(-1)).toBe(`\r${ESCAPE}[2K`);
  expect(quiet).toEqual([]);
});

/** Runs a command on a pseudo-terminal, types, and prints what it showed and how it ended. */
const ON_A_TERMINAL = `
import os, pty, sys, select
typed, command = sys.argv[1], sys.argv[2:]
pid, fd = pty.fork()
if pid == 0:
    os.execvp(command[0], command)
shown, sent = b'', False
while True:
    try:
        if not select.select([fd], [], [], 30)[0]: break
        data = os.read(fd, 65536)
    except OSError:
        break
    if not data: break
    shown += data
    if not sent and b'Type yes' in shown:
        sent = True
        os.write(fd, typed.encode())
status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
sys.stdout.write(shown.decode('utf8', 'replace') + '\\nended with %d' % status)
`;

const hasPython = spawnSync('python3', ['-c', 'import os, pty; os.waitstatus_to_exitcode']).status === 0;

test(
  'apply asks on a real terminal: yes writes; no, Ctrl-C and the end of input do not',
  skippedFor(hasPython ? null : 'there is no python3'),
  async () => {
    ensureBuilt();
    const PROVEN = encodeMemory({ ...emptyMemory(3229), puts: provenPuts('API') });
    // The simulator must answer while the terminal is waited for, so it is a process of its own.
    const script = `
    const { startSimulator } = await import(${JSON.stringify(MAIN.replace('main.js', 'simulator/start-simulator.js'))});
    const { loadAccountSeed } = await import(${JSON.stringify(MAIN.replace('main.js', 'simulator/account-seed.js'))});
    const { mkdirSync, readFileSync, writeFileSync } = await import('node:fs');
    const { execFileSync, spawn } = await import('node:child_process');
    const { seed } = loadAccountSeed(readFileSync(process.argv[1], 'utf8'));
    for (const typed of ['no\\n', '\\u0003', '\\u0004', 'yes\\n']) {
      const simulator = await startSimulator({ seed });
      // It is proven that a PUT takes nothing that it does not name.
      mkdirSync('state', { recursive: true });
      writeFileSync('state/account-3229.json', ${JSON.stringify(PROVEN)}.replaceAll('API', simulator.url));
      const env = { ...process.env, GRANTD_API_URL: simulator.url, MAILTRAP_API_TOKEN: 'simulator-admin-token', GRANTD_STATE_DIR: 'state' };
      const child = spawn('python3', ['-c', process.argv[2], typed, process.execPath, process.argv[3], 'apply'], { env });
      let shown = '';
      child.stdout.on('data', (data) => (shown += data));
      await new Promise((resolve) => child.on('close', resolve));
      const puts = simulator.requests().filter(({ method }) => method === 'PUT').length;
      process.stdout.write(JSON.stringify({ typed, puts, code: Number(/ended with (-?\\d+)$/.exec(shown)?.[1]), shown }) + '\\n');
      await simulator.close();
    }`;
    const seed = new URL('../../config/account.example.yaml', import.meta.url).pathname;
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', script, seed, ON_A_TERMINAL, MAIN], {
      cwd: workplace({ 'policy.yaml': POLICY }),
      encoding: 'utf8',
    });
    const ends = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(ends.map(({ typed, puts, code }) => ({ typed, puts, code }))).toEqual([
      { typed: 'no\n', puts: 0, code: 1 },
      { typed: '\u0003', puts: 0, code: 1 },
      { typed: '\u0004', puts: 0, code: 1 },
      { typed: 'yes\n', puts: 1, code: 0 },
    ]);
    expect(ends[0]?.shown).toContain('Nothing was written.');
    expect(ends[3]?.shown).toContain('2 applied');
  },
);
