import { expect, test } from 'vitest';
import { addressOf, logged, startDaemon } from '../../test/process/support/daemon.ts';
import { type Ended, runGrantd } from '../../test/support/process.ts';
import { simulate } from '../../test/support/simulate.ts';
import { POLICY, provenAt, workplace } from '../../test/support/workplace.ts';

/** How Node begins each warning: experimental features, deprecations, leaks of listeners. */
const WARNING = /\(node:\d+\)|ExperimentalWarning|DeprecationWarning/;

function expectQuiet(what: string, { stdout, stderr }: Pick<Ended, 'stdout' | 'stderr'>): void {
  expect(WARNING.test(stdout + stderr), `${what}: ${stderr}`).toBe(false);
}

/** Every package and every adapter is loaded by one of these. */
test('no command makes Node warn of anything', async () => {
  const cwd = workplace({ 'policy.yaml': POLICY });
  const env = provenAt(await simulate());
  for (const line of [
    'validate',
    'snapshot --out account.json',
    'plan --out plan.json --format json',
    'review --format csv',
    'import --out imported.yaml',
    'compare policy.yaml imported.yaml --snapshot account.json',
    'doctor',
    'apply --plan plan.json --yes --audit-log audit.jsonl',
    'audit verify audit.jsonl',
  ]) {
    const ended = await runGrantd(line.split(' '), { cwd, env });
    expect(ended.code, `${line}: ${ended.stderr}`).toBe(0);
    expectQuiet(line, ended);
  }
});

test('nor does the daemon', async () => {
  const cwd = workplace({ 'policy.yaml': POLICY });
  const daemon = startDaemon(['policy.yaml'], { cwd, env: provenAt(await simulate()) });
  await logged(daemon, 'run.ended');
  expect((await fetch(`${await addressOf(daemon)}/metrics`)).status).toBe(200);
  daemon.kill('SIGTERM');
  const ended = await daemon.ended;
  expect(ended.code).toBe(0);
  expectQuiet('run', ended);
});
