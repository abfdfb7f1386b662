import { expect } from 'vitest';
import { simulate } from '../support/simulate.ts';
import { incident } from './support/incident.ts';
import { putsTo, rowsOf } from './support/scene.ts';
import { TEAM, teamAccount, user, WEB, without } from './support/team.ts';

const DIGEST = /--approve (sha256:[0-9a-f]{64})/;

incident('small-account-with-a-percentage', async (scene) => {
  const rows = [{ ...WEB, level: 10 }];
  const account = await scene.account({
    ...teamAccount(),
    accesses: ['owner', 'ann', 'bob', 'cid'].map((name, index) => ({
      ...user(index + 1, `${name}@example.com`, index === 0 ? [] : rows),
      owner: index === 0,
    })),
  });
  const before = rowsOf(account);
  scene.policy(
    [
      'version: 1',
      'account: 3229',
      'mode: authoritative',
      'protected: [owner@example.com]',
      'limits: { revokes: { principals: 100, percent: 30 }, admins: 1 }',
      'unlisted: revoke',
      'grants:',
      '  - { to: cid@example.com, resource: "project:Web", level: viewer }',
      'paused: false',
      '',
    ].join('\n'),
  );
  expect((await scene.grantd(['apply', '--yes'])).code).toBe(3);
  expect(rowsOf(account)).toBe(before);
});

incident('adjacent-grants-that-ended', async (scene) => {
  const account = await scene.account();
  const grant = (who: string) => `  - { to: ${who}, resource: "project:App", level: admin, until: 2026-11-20 }\n`;
  scene.policy((text) => text.replace(/.*"project:App", level.*\n/, TEAM.slice(0, 3).map(grant).join('')));
  expect((await scene.grantd(['apply', '--yes'])).code).toBe(0);
  expect(putsTo(account)).toEqual([101, 102, 103]);
  for (const who of TEAM.slice(0, 3)) expect(account.rows(who)).toEqual({ 'project:1': 10 });
});

incident('digest-that-fits-another-account', async (scene) => {
  const account = await scene.account();
  const other = await simulate({ seed: teamAccount(4000), now: () => scene.clock.now(), rateLimit: 'off' });
  scene.policy((text) => without(text, TEAM.slice(5)));
  const plan = await scene.grantd(['plan']);
  const [, digest = ''] = DIGEST.exec(plan.stdout) ?? [];
  const before = rowsOf(other, 4000);
  // The same people, ids and rows, in another account.
  scene.policy((text) => text.replace('account: 3229', 'account: 4000'));
  expect((await scene.grantd(['apply', '--yes', '--approve', digest], { at: other })).code).toBe(1);
  expect(rowsOf(other, 4000)).toBe(before);
  expect(putsTo(account)).toEqual([]);
  scene.policy((text) => text.replace('account: 4000', 'account: 3229'));
  expect((await scene.grantd(['apply', '--yes', '--approve', digest])).code).toBe(3);
  expect(putsTo(account)).toHaveLength(1);
});

incident('limit-that-hides-the-plan', async (scene) => {
  const account = await scene.account();
  scene.policy((text) => without(text, TEAM.slice(5)));
  const { code, stdout } = await scene.grantd(['plan', '--detailed-exitcode']);
  expect(code).toBe(3);
  for (const who of TEAM.slice(5)) expect(stdout).toContain(`  ${who}\n    - project:Web  viewer → none\n`);
  expect(putsTo(account)).toEqual([]);
});

incident('last-admin-locked-out', async (scene) => {
  const account = await scene.account();
  const before = rowsOf(account);
  scene.policy((text) => text.replace('admins: [root@example.com, kim@example.com]', 'admins: [new@example.com]'));
  expect((await scene.grantd(['apply', '--yes'])).code).toBe(3);
  expect(scene.printed).not.toContain('to approve it');
  expect(putsTo(account)).toEqual([]);
  expect(rowsOf(account)).toBe(before);
});

incident('new-admin-who-was-never-made', async (scene) => {
  const account = await scene.account();
  scene.policy((text) => text.replace('admins: [root@example.com, kim@example.com]', `admins: [${TEAM[0]}]`));
  const put = { method: 'PUT', path: 'account_accesses/101/' };
  account.inject({ kind: 'status', status: 422, match: put, times: 'always' });
  expect((await scene.grantd(['apply', '--yes'])).code).toBe(1);
  expect(account.rows('root@example.com')).toEqual({ 'account:3229': 100 });
  expect(putsTo(account)).toEqual([101, 3]);
});

incident('switch-that-turns-safety-off', async (scene) => {
  const account = await scene.account();
  const before = rowsOf(account);
  scene.policy((text) => without(text, TEAM.slice(5)));
  for (const flags of [['--force'], ['--approve', 'all'], ['--skip-removals=false']]) {
    expect((await scene.grantd(['apply', '--yes', ...flags])).code).toBe(4);
  }
  expect(rowsOf(account)).toBe(before);
  expect(account.requests()).toEqual([]);
});

incident('wave-of-new-admins', async (scene) => {
  const account = await scene.account();
  const before = rowsOf(account);
  scene.policy((text) => text.replace('to: group:admins', 'to: [group:admins, group:leads]'));
  expect((await scene.grantd(['apply', '--yes'])).code).toBe(3);
  expect(rowsOf(account)).toBe(before);
});
