import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runGrantd } from '../support/process.ts';
import { simulate } from '../support/simulate.ts';
import { ADMIN_TOKEN } from '../support/small-seed.ts';
import { pointedAt, workplace } from '../support/workplace.ts';
import { logged, startDaemon } from './support/daemon.ts';

/** More than Node lets listen to one signal before it suspects a leak. */
const MANY = 12;

const seedOf = (account: number, people: number) => ({
  account: { id: account, name: `Account ${account}` },
  resources: [{ type: 'project', id: 1, name: 'Web' }],
  accesses: Array.from({ length: people }, (_, person) => ({
    kind: 'user' as const,
    access: 100 + person,
    email: `person${person}@example.com`,
  })),
  tokens: [
    {
      name: `grantd-${account}`,
      secret: account === 1 ? ADMIN_TOKEN : `secret-of-${account}`,
      rows: [{ type: 'account', id: account, level: 100 }],
    },
  ],
});

const policyOf = (account: number, people: number) => `version: 1
account: ${account}
mode: authoritative
protected: []
limits: { revokes: { principals: 5, percent: 50 }, admins: 1 }
grants:
${Array.from({ length: people }, (_, person) => `  - { to: person${person}@example.com, resource: "project:Web", level: viewer }`).join('\n')}
unlisted: keep
paused: false
`;

it('a process that keeps many accounts says nothing on stderr', async () => {
  const accounts = Array.from({ length: MANY }, (_, index) => 1 + index);
  const simulator = await simulate({ seed: accounts.map((account) => seedOf(account, 1)) });
  const cwd = workplace();
  for (const account of accounts) {
    writeFileSync(join(cwd, `${account}.yaml`), policyOf(account, 1));
    writeFileSync(join(cwd, `${account}.token`), account === 1 ? ADMIN_TOKEN : `secret-of-${account}`, { mode: 0o600 });
  }
  const entries = accounts.map((account) => `  - { policy: ${account}.yaml, tokenFile: ${account}.token }\n`);
  writeFileSync(join(cwd, 'grantd.yaml'), `apiUrl: ${simulator.url}\naccounts:\n${entries.join('')}`);
  const daemon = startDaemon(['--settings', 'grantd.yaml'], { cwd });
  await logged(daemon, 'run.ended', MANY);
  daemon.kill('SIGTERM');
  const { code, stderr } = await daemon.ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(simulator.rows('person0@example.com', MANY)).toEqual({ 'project:1': 10 });
});

it('writing for many people at the same time says nothing of listeners', async () => {
  const simulator = await simulate({ seed: seedOf(1, MANY) });
  const cwd = workplace({ 'policy.yaml': policyOf(1, MANY) });
  simulator.inject({ kind: 'latency', ms: 300, times: 'always', match: { method: 'PUT' } });
  const args = ['apply', 'policy.yaml', '--yes', '--concurrency', String(MANY)];
  const { code, stderr } = await runGrantd(args, { cwd, env: pointedAt(simulator) });
  expect(code, stderr).toBe(0);
  expect(stderr).not.toContain('MaxListeners');
});
