import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { REAL_CLOCK } from '../../src/cli/process/node-io.ts';
import type { Simulator } from '../../src/simulator/start-simulator.ts';
import { expectFits, wordsOf } from '../report/layout/fits.ts';
import { ensureBuilt, MAIN } from '../support/build.ts';
import { runCli } from '../support/in-process.ts';
import { simulate } from '../support/simulate.ts';
import { skippedFor } from '../support/skipped-for.ts';
import { POLICY, provenAt, workplace } from '../support/workplace.ts';

let simulator: Simulator;

beforeEach(async () => {
  simulator = await simulate();
});

afterEach(() => simulator.close());

/** The moment is in some answers. */
const NOW = Date.now();
const clock = { ...REAL_CLOCK, now: () => NOW };

const world = (policy: string, more: Readonly<Record<string, string>> = {}) => ({
  cwd: workplace({ 'policy.yaml': policy, 'broken.yaml': policy.replace('level: viewer', 'level: viewerr') }),
  env: { ...provenAt(simulator), ...more },
  clock,
});

/** dave@example.com is account admin in the example account. */
const NAMED_WITH_LESS = POLICY.replace(
  'tests:',
  '  - { to: dave@example.com, resource: "inbox:Checkout/QA", level: viewer }\ntests:',
);

test('a plan has notices, folded findings, changes and the summary, in this order', async () => {
  const { stdout } = await runCli(['plan'], world(NAMED_WITH_LESS));
  const order = [
    'Notices (1)\n',
    'Unlisted: ',
    '  --verbose lists them',
    '\nChanges\n',
    '\nAccount 3229',
    '  lose something',
  ];
  const places = order.map((part) => stdout.indexOf(part));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places[0]).toBe(0);
  expect(stdout).not.toContain('grace@example.com');
  for (const command of ['plan', 'apply']) {
    const whole = await runCli(
      [command, '--verbose', ...(command === 'apply' ? ['--yes'] : [])],
      world(NAMED_WITH_LESS),
    );
    expect(whole.stdout).toContain('  grace@example.com');
    expect(whole.stdout).not.toContain('--verbose');
  }
});

test('text, Markdown and JSON say first that a grant takes account admin by naming someone with less (case G20)', async () => {
  const says = 'dave@example.com is account admin, and only this grant names them, with viewer on inbox:Checkout/QA';
  const text = (await runCli(['plan'], world(NAMED_WITH_LESS))).stdout;
  expect(text).toMatch(/^Notices \(1\)\n {2}policy\.yaml:\d+: dave@example\.com is account admin, and only this grant/);
  expect(text).toContain('\n  no longer account admin: dave@example.com\n');
  expect((await runCli(['plan', '--format', 'markdown'], world(NAMED_WITH_LESS))).stdout).toContain(says);
  const json = JSON.parse((await runCli(['plan', '--format', 'json'], world(NAMED_WITH_LESS))).stdout);
  expect(json.notices[0]).toMatchObject({ code: 'named-with-less', message: expect.stringContaining(says) });
  const unlisted = NAMED_WITH_LESS.replace('unlisted: keep', 'unlisted: revoke');
  expect((await runCli(['plan'], world(unlisted))).stdout).not.toContain('named-with-less');
});

describe('every command wraps its text at words (case I26)', () => {
  const lines: readonly (readonly string[])[] = [
    ['plan'],
    ['plan', '--verbose'],
    ['plan', '--out', 'plan.json'],
    ['apply', '--yes'],
    ['explain', 'ann@example.com'],
    ['explain', 'nobody@example.com', '--offline'],
    ['who', 'project:*'],
    ['compare', 'policy.yaml', 'policy.yaml'],
    ['validate'],
    ['validate', 'broken.yaml'],
    ['validate', 'a/policy/that/does/not/exist.yaml'],
    ['plan', '--mode', 'nonsense'],
    ['apply'],
    ['snapshot', '--out', 'account.json'],
    ['import', '--out', 'new.yaml'],
    ['--help'],
    ['plan', '--help'],
    ['run', '--help'],
  ];

  test.each(lines.map((line) => [line.join(' '), line] as const))('grantd %s', async (_name, line) => {
    const plain = await runCli(line, world(POLICY));
    const isExcerpt = (one: string) => /^ *\d* *\|/.test(one);
    const words = (text: string) =>
      wordsOf(
        text
          .split('\n')
          .filter((one) => !isExcerpt(one))
          .join('\n'),
      );
    for (const columns of [40, 60, 80, 200]) {
      await simulator.close();
      simulator = await simulate();
      const fitted = await runCli(line, world(POLICY, { COLUMNS: String(columns) }));
      expect(fitted.code).toBe(plain.code);
      for (const stream of ['stdout', 'stderr'] as const) {
        expectFits(fitted[stream], columns);
        expect(words(fitted[stream])).toEqual(words(plain[stream]));
      }
    }
  });

  test('a diagnosis, whose words depend on the machine, fits too', async () => {
    for (const columns of [40, 60, 80, 200])
      expectFits((await runCli(['doctor'], world(POLICY, { COLUMNS: String(columns) }))).stdout, columns);
  });

  test('COLUMNS below 40 counts as 40, and one that is no number does not count', async () => {
    const [at40, at7, ...odd] = await Promise.all(
      ['40', '7', '', 'wide', '-80', '0'].map(
        async (columns) => (await runCli(['plan'], world(POLICY, { COLUMNS: columns }))).stdout,
      ),
    );
    expect(at7).toBe(at40);
    const { stdout } = await runCli(['plan'], world(POLICY));
    expect(new Set(odd)).toEqual(new Set([stdout]));
    expect(stdout).not.toBe(at40);
  });
});

/** 60 people lose the project that they have. */
const MANY = Array.from({ length: 60 }, (_, index) => `person${index}@example.com`);
const MANY_POLICY = POLICY.replace(
  'principals: 5, percent: 50',
  'principals: 99, percent: 100 }\n  gains: { principals: 99',
).replace(
  'tests:',
  `  - { to: [${MANY.join(', ')}], resource: "inbox:Checkout/QA", level: viewer }\n  - { to: dave@example.com, resource: billing, level: viewer }\ntests:`,
);

/** Runs a command on a pseudo-terminal of 80 × 24 and answers `no` once it is asked. */
const ON_80_BY_24 = `
import fcntl, os, pty, select, struct, sys, termios
pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 80, 0, 0))
    os.execvp(sys.argv[1], sys.argv[1:])
shown, sent = b'', False
while True:
    try:
        if not select.select([fd], [], [], 30)[0]: break
        data = os.read(fd, 65536)
    except OSError:
        break
    if not data: break
    shown += data
    if not sent and b'Type yes:' in shown:
        sent = True
        os.write(fd, b'no\\n')
os.waitpid(pid, 0)
sys.stdout.write(shown.decode())
`;

const hasPython = spawnSync('python3', ['-c', 'import fcntl, pty, termios']).status === 0;

describe('the question of apply', () => {
  beforeEach(() => {
    for (const email of MANY) {
      simulator.writeAsSomebodyElse({ act: 'add-member', email });
      simulator.writeAsSomebodyElse({ act: 'set-row', who: email, type: 'project', id: 4001, level: 10 });
    }
  });

  test('stands below what it asks about, on a terminal of 80 × 24', {
    timeout: 60_000,
    ...skippedFor(hasPython ? null : 'there is no python3'),
  }, async () => {
    ensureBuilt();
    const { cwd, env } = world(MANY_POLICY, { NO_COLOR: '1', TERM: 'xterm' });
    const child = spawn('python3', ['-c', ON_80_BY_24, process.execPath, MAIN, 'apply'], {
      cwd,
      env: { ...process.env, ...env },
    });
    let shown = '';
    child.stdout.on('data', (data) => (shown += data));
    await once(child, 'close');
    const lines = shown.replaceAll('\r', '').split('\n');
    expect(lines.length).toBeGreaterThan(200);
    const end = lines.findIndex((line) => line.includes('Type yes:'));
    const screen = lines.slice(Math.max(0, end - 23), end + 1).join('\n');
    expectFits(screen, 80);
    const words = screen.replace(/\s+/g, ' ');
    expect(words).toContain('Account 3229, authoritative: 62 gain, 62 lose');
    expect(words).toContain('lose something: ann@example.com, dave@example.com, person0@example.com');
    expect(words).toMatch(/ and \d+ more, listed above no longer account admin: dave@example\.com /);
    expect(words).toMatch(/Write 1\d\d changes to account 3229\? Type yes:/);
  });

  test('has the summary above it where the plan goes to a file', async () => {
    const asked = await runCli(['apply'], { ...world(MANY_POLICY), answer: 'no', stdoutIsFile: true });
    expect(asked.stdout).toContain('no longer account admin: dave@example.com');
    expect(asked.stderr).toMatch(
      /^Account 3229, authoritative: [\s\S]*\n {2}no longer account admin: dave@example\.com\n/,
    );
    const shown = await runCli(['apply'], { ...world(MANY_POLICY), answer: 'no' });
    expect(shown.stderr).not.toContain('Account 3229');
  });
});
