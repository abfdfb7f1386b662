import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ensureBuilt, MAIN } from '../support/build.ts';
import { runGrantd } from '../support/process.ts';
import { simulate } from '../support/simulate.ts';
import { skippedFor } from '../support/skipped-for.ts';
import { POLICY, pointedAt, provenAt, workplace } from '../support/workplace.ts';

const SAYS =
  'error[file-unwritable]: standard output cannot be written, and what it has is not complete: the disk is full\n';

interface Started {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** The words before the command. */
  readonly by?: readonly string[];
}

/** grantd whose standard output is a file. */
async function printedTo(path: string, args: readonly string[], { cwd, env, by = [] }: Started) {
  ensureBuilt();
  const out = openSync(path, 'w');
  const [command = '', ...words] = [...by, process.execPath, MAIN, ...args];
  const child = spawn(command, words, {
    cwd,
    env: { PATH: process.env['PATH'], HOME: cwd, NO_COLOR: '1', ...env },
    stdio: ['ignore', out, 'pipe'],
  });
  closeSync(out);
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  return { code, stderr };
}

test(
  'every command says that its output does not fit on the disk',
  skippedFor(existsSync('/dev/full') ? null : 'there is no /dev/full'),
  async () => {
    const simulator = await simulate();
    const cwd = workplace({ 'policy.yaml': POLICY, 'other.yaml': POLICY });
    const world = { cwd, env: pointedAt(simulator) };
    await runGrantd(['apply', '--yes', '--audit-log', 'audit.jsonl'], world);
    const silent = [
      ['plan'],
      ['plan', '--format', 'json'],
      ['review'],
      ['review', '--format', 'markdown'],
      ['explain', 'ann@example.com'],
      ['who', 'project:Checkout'],
      ['compare', 'policy.yaml', 'other.yaml'],
      ['validate'],
      ['audit', 'show', 'audit.jsonl'],
      ['audit', 'verify', 'audit.jsonl'],
      ['schema', 'policy'],
      ['snapshot'],
      ['import'],
      ['doctor'],
      ['help'],
      ['plan', '--help'],
      ['--version'],
    ];
    for (const args of silent) {
      const { code, stderr } = await printedTo('/dev/full', args, world);
      expect([args.join(' '), code, stderr.endsWith(SAYS)]).toEqual([args.join(' '), 1, true]);
    }
    for (const args of [['plan'], ['schema', 'policy'], ['help'], ['audit', 'show', 'audit.jsonl']]) {
      expect((await printedTo('/dev/full', args, world)).stderr).toBe(SAYS);
    }
  },
);

test(
  'an apply whose output does not fit writes all the same, and exits with 1',
  skippedFor(existsSync('/dev/full') ? null : 'there is no /dev/full'),
  async () => {
    const simulator = await simulate();
    const cwd = workplace({ 'policy.yaml': POLICY });
    const { code, stderr } = await printedTo('/dev/full', ['apply', '--yes'], { cwd, env: provenAt(simulator) });
    expect([code, stderr.endsWith(SAYS)]).toEqual([1, true]);
    expect(simulator.rows('ann@example.com')).toEqual({ 'project:4001': 10, 'inbox:3810': 100 });
  },
);

test(
  'an invalid policy still exits with 4',
  skippedFor(existsSync('/dev/full') ? null : 'there is no /dev/full'),
  async () => {
    const cwd = workplace({ 'policy.yaml': 'version: 2\n' });
    const { code } = await printedTo('/dev/full', ['validate', '--format', 'json'], { cwd, env: {} });
    expect(code).toBe(4);
  },
);

test('a file gets everything, and a device that takes everything is no error', async () => {
  const cwd = workplace({ 'policy.yaml': POLICY });
  const file = join(cwd, 'schema.json');
  expect(await printedTo(file, ['schema', 'policy'], { cwd, env: {} })).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(readFileSync(file, 'utf8'))).toHaveProperty('properties');
  expect(await printedTo('/dev/null', ['schema', 'policy'], { cwd, env: {} })).toEqual({ code: 0, stderr: '' });
});

test('a file that gets only a part is no success: the rest is not dropped without a word', async () => {
  const cwd = workplace();
  const file = join(cwd, 'schema.json');
  const by = ['sh', '-c', 'trap "" XFSZ; ulimit -f 4; exec "$0" "$@"'];
  const { code, stderr } = await printedTo(file, ['schema', 'policy'], { cwd, env: {}, by });
  expect([code, stderr]).toEqual([1, SAYS.replace('the disk is full', 'the file may not grow any more')]);
  expect(readFileSync(file, 'utf8')).not.toBe('');
});
