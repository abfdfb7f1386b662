import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runGrantd } from '../support/process.ts';
import { simulate } from '../support/simulate.ts';
import { smallSeed } from '../support/small-seed.ts';
import { pointedAt, workplace } from '../support/workplace.ts';
import { type LogLine, logged, startDaemon } from './support/daemon.ts';

const NAMES = ['q0', 'q1', 'q2', 'q3'].map((name) => `${name}@example.com`);
const ADMIN = { 'account:3229': 100 };

/** So many of them would become account admin. */
async function world(count: number, newAdmins: number) {
  const names = NAMES.slice(0, count);
  const simulator = await simulate({
    seed: smallSeed({
      accesses: [
        { access: 1, kind: 'user', email: 'owner@example.com', owner: true },
        ...names.map((email, index) => ({ access: 101 + index, kind: 'user' as const, email })),
      ],
    }),
  });
  const policy = (approvals = '') => `version: 1
account: 3229
mode: authoritative
unlisted: keep
protected: []
limits: { revokes: { principals: 5, percent: 50 }, admins: 1, newAdmins: ${newAdmins} }
grants:
  - { to: [${names}], resource: account, level: admin }
${approvals}paused: false
`;
  const cwd = workplace({ 'policy.yaml': policy() });
  const env = pointedAt(simulator);
  const daemon = () => startDaemon(['policy.yaml', '--state-dir', 'state'], { cwd, env });
  /** A command as grantd prints it, pasted. */
  const pasted = (command: string) => runGrantd([...command.split(' ').slice(1), '--yes'], { cwd, env });
  const admins = () => names.filter((name) => JSON.stringify(simulator.rows(name)) === JSON.stringify(ADMIN));
  return {
    daemon,
    pasted,
    admins,
    approve: (digest: string) =>
      writeFileSync(join(cwd, 'policy.yaml'), policy(`approvals: [{ digests: ["${digest}"], until: 2999-12-31 }]\n`)),
    touch: () => appendFileSync(join(cwd, 'policy.yaml'), '# again\n'),
    state: () => JSON.parse(readFileSync(join(cwd, 'state', 'account-3229.json'), 'utf8')),
  };
}

const heldIn = (line: LogLine | undefined) => (line?.['held'] ?? []) as readonly LogLine[];
const partOf = (line: LogLine | undefined, name: string) =>
  heldIn(line).find(({ principal }) => principal === name) as { digest: string; approve: string };

describe('the command that a daemon prints for a held part', () => {
  it('lets that part run and no other: a daemon on the same state holds the rest, also after kill -9', async () => {
    const { daemon, pasted, admins, touch, state } = await world(2, 1);
    const first = daemon();
    const [held] = await logged(first, 'run.ended');
    expect(heldIn(held)).toHaveLength(2);
    const { approve } = partOf(held, 'q0@example.com');
    expect(approve).toContain(' --state-dir state');
    const done = await pasted(approve);
    expect(done.code, done.stderr).toBe(3);
    expect(admins()).toEqual(['q0@example.com']);
    expect(done.stderr).not.toContain('remembers nothing');
    touch();
    const [, second] = await logged(first, 'run.ended', 2);
    expect(second).toMatchObject({ end: 'held', heldCount: 1 });
    first.kill('SIGKILL');
    await first.ended;
    expect(state().staying).toMatchObject([{ rule: 'admin-limit', access: 102 }]);
    const [again] = await logged(daemon(), 'run.ended');
    expect(again).toMatchObject({ end: 'held', heldCount: 1 });
    expect(admins()).toEqual(['q0@example.com']);
    // So does an apply without an approval.
    const plain = await pasted('grantd apply policy.yaml --state-dir state');
    expect(plain.code, plain.stdout).toBe(3);
    expect(admins()).toEqual(['q0@example.com']);
    // The other part runs by its own command.
    const other = await pasted(partOf(again, 'q1@example.com').approve);
    expect(other.code, other.stderr).toBe(0);
    expect(admins()).toEqual(['q0@example.com', 'q1@example.com']);
  }, 120_000);

  it('lets one part run of those that stay held in every run, and its digest fits', async () => {
    const { daemon, pasted, admins, approve } = await world(4, 3);
    const running = daemon();
    const [held] = await logged(running, 'run.ended');
    expect(heldIn(held)).toHaveLength(4);
    approve(partOf(held, 'q0@example.com').digest);
    const [, second] = await logged(running, 'run.ended', 2);
    expect(second).toMatchObject({ end: 'held', heldCount: 3, applied: 1 });
    const done = await pasted(partOf(second, 'q1@example.com').approve);
    expect(done.code, done.stderr).toBe(3);
    expect(admins()).toEqual(['q0@example.com', 'q1@example.com']);
    const plain = await pasted('grantd apply policy.yaml --state-dir state');
    expect(plain.code).toBe(3);
    expect(admins()).toEqual(['q0@example.com', 'q1@example.com']);
  }, 120_000);

  it('writes nothing once its digest fits nothing, and names the digests that there are', async () => {
    const { daemon, pasted, admins } = await world(3, 1);
    const [held] = await logged(daemon(), 'run.ended');
    const { approve, digest } = partOf(held, 'q0@example.com');
    const rest = ['q1@example.com', 'q2@example.com'].map((name) => partOf(held, name).digest);
    expect((await pasted(approve)).code).toBe(3);
    const again = await pasted(approve);
    expect(again.code).toBe(1);
    expect(again.stderr).toContain(`error[approval-unfit]: --approve ${digest} fits no held part`);
    for (const one of rest) expect(again.stderr).toContain(one);
    const mixed = await pasted(`${approve} --approve ${rest[0]}`);
    expect(mixed.code).toBe(1);
    expect(admins()).toEqual(['q0@example.com']);
  }, 120_000);
});
