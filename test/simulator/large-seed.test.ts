import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runGrantd, startGrantd } from '../support/process.ts';
import { simulate } from '../support/simulate.ts';
import { workplace } from '../support/workplace.ts';
import { ADMIN, send } from './account.ts';

const MIB = 1024 * 1024;
const PEOPLE = 20_000;

/** An account of so many people, each with two rows. */
function crowd(people: number): object {
  const projects = Array.from({ length: 200 }, (_, at) => ({ type: 'project', id: at + 1, name: `Project ${at + 1}` }));
  const accesses = Array.from({ length: people }, (_, at) => ({
    access: 100_000 + at,
    kind: 'user',
    email: `person.${at}@example.com`,
    name: `Person ${at}`,
    rows: [
      { type: 'project', id: 1 + (at % 200), level: 10 },
      { type: 'project', id: 1 + ((at + 1) % 200), level: 100 },
    ],
  }));
  const rows = [{ type: 'account', id: 3229, level: 100 }];
  const tokens = [{ name: 'grantd', secret: ADMIN, id: 1, access: 2, rows }];
  return { account: { id: 3229, name: 'Crowd' }, resources: projects, tokens, accesses };
}

test('a control call takes a seed of 20 000 people', async () => {
  const simulator = await simulate();
  const text = JSON.stringify(crowd(PEOPLE));
  expect(text.length).toBeGreaterThan(MIB);
  expect(await send(simulator, 'PUT /_sim/state', { text })).toMatchObject({ status: 200 });
  const { json } = await send(simulator, 'GET /api/accounts/3229/account_accesses');
  expect(json).toHaveLength(PEOPLE);
});

test('so does grantd simulate, and snapshot reads that account', async () => {
  const cwd = workplace({});
  writeFileSync(join(cwd, 'crowd.json'), JSON.stringify(crowd(PEOPLE)));
  const simulator = startGrantd(['simulate', '--seed', 'crowd.json'], { cwd });
  await simulator.printed('Ctrl-C ends it.');
  expect(simulator.stdout).toContain('account 3229 (Crowd), 20000 members');
  const [, url = ''] = /export GRANTD_API_URL=(\S+)/.exec(simulator.stdout) ?? [];
  const env = { GRANTD_API_URL: url, MAILTRAP_API_TOKEN: ADMIN };
  const snapshot = await runGrantd(['snapshot', '--account', '3229', '--out', 'account.json'], { cwd, env });
  expect(snapshot).toMatchObject({ code: 0 });
  simulator.kill('SIGINT');
  expect(await simulator.ended).toMatchObject({ code: 0 });
});

test('a seed in YAML may be over 1 MiB too', async () => {
  const text = `account: { id: 3229, name: Long }\ntokens: [{ name: t, secret: s }]\n${'# a long comment\n'.repeat(70_000)}`;
  expect(text.length).toBeGreaterThan(MIB);
  expect(await send(await simulate(), 'PUT /_sim/state', { text })).toMatchObject({ status: 200 });
});

test('a seed over 32 MiB is refused, and the simulator goes on', async () => {
  const simulator = await simulate();
  const { status, json } = await send(simulator, 'PUT /_sim/state', { text: ' '.repeat(32 * MIB + 1) });
  expect([status, json]).toEqual([413, { problems: ['The body is over 32 MiB; send less.'] }]);
  const cwd = workplace({});
  writeFileSync(join(cwd, 'large.yaml'), ' '.repeat(32 * MIB + 1));
  const ended = await runGrantd(['simulate', '--seed', 'large.yaml'], { cwd });
  expect(ended.code).toBe(4);
  expect(ended.stderr).toContain('33554432');
  expect(await send(simulator, 'GET /api/accounts')).toMatchObject({ status: 200 });
});
