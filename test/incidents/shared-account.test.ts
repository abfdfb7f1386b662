import { expect } from 'vitest';
import { SLOT_MS } from '../daemon/support/slot-schedule.ts';
import { incident } from './support/incident.ts';
import { putsTo, rowsOf } from './support/scene.ts';
import { APP, POLICY, TEAM, teamAccount, user, WEB } from './support/team.ts';

incident('grants-of-someone-else', async (scene) => {
  const account = await scene.account(
    teamAccount(3229, [user(200, 'partner@agency.example', [{ ...APP, level: 100 }])]),
  );
  const before = rowsOf(account);
  scene.policy((text) => text.replace('unlisted: revoke', 'unlisted: keep'));
  expect((await scene.grantd(['apply', '--yes', '--verbose'])).code).toBe(0);
  expect(putsTo(account)).toEqual([]);
  expect(rowsOf(account)).toBe(before);
});

incident('exclusion-that-does-not-reach-what-lies-below', async (scene) => {
  const account = await scene.account();
  account.writeAsSomebodyElse({ act: 'set-row', who: TEAM[9] ?? '', type: 'inbox', id: 21, level: 100 });
  const before = rowsOf(account);
  scene.policy((text) =>
    text
      .replace('unlisted: revoke', 'unlisted: revoke\nignore: ["project:App"]')
      .replace(/.*"project:App", level.*\n/, ''),
  );
  expect((await scene.grantd(['apply', '--yes'])).code).toBe(0);
  expect(putsTo(account)).toEqual([]);
  expect(rowsOf(account)).toBe(before);
});

incident('declared-and-ignored-at-once', async (scene) => {
  const account = await scene.account();
  scene.policy((text) => text.replace('unlisted: revoke', 'unlisted: revoke\nignore: ["project:App"]'));
  expect((await scene.grantd(['apply', '--yes'])).code).toBe(4);
  expect(account.requests()).toEqual([]);
});

incident('two-writers-that-fight', async (scene) => {
  const world = await scene.daemon({ seed: teamAccount() });
  world.file.save(POLICY);
  await world.begin();
  await world.clock.advance(10_000);
  for (let slot = 0; slot < 8; slot += 1) {
    world.simulator.writeAsSomebodyElse({ act: 'set-row', who: TEAM[9] ?? '', ...APP, level: 100 });
    await world.clock.advance(SLOT_MS);
  }
  expect(putsTo(world.simulator)).toEqual([110, 110, 110]);
});

incident('member-who-left', async (scene) => {
  const account = await scene.account();
  account.writeAsSomebodyElse(
    { act: 'remove-member', who: TEAM[4] ?? '' },
    { act: 'remove-row', who: TEAM[5] ?? '', ...WEB },
  );
  expect((await scene.grantd(['apply', '--yes'])).code).toBe(0);
  expect(putsTo(account)).toEqual([106]);
  expect(account.rows(TEAM[5] ?? '')).toEqual({ 'project:1': 10 });
});

incident('invite-accepted-between-plan-and-apply', async (scene) => {
  const invite = { access: 200, kind: 'invite' as const, email: 'new@example.com', rows: [{ ...WEB, level: 10 }] };
  const account = await scene.account(teamAccount(3229, [invite]));
  scene.policy((text) =>
    text.replace('paused:', '  - { to: new@example.com, resource: "project:App", level: viewer }\npaused:'),
  );
  const accept = { act: 'accept-invite' as const, who: 'new@example.com', access: 300 };
  account.inject({ kind: 'second-writer', write: accept, match: { method: 'PUT', path: 'account_accesses/200/' } });
  expect((await scene.grantd(['apply', '--yes'])).code).toBe(1);
  expect(account.rows(300)).toEqual({ 'project:1': 10 });
  expect((await scene.grantd(['apply', '--yes'])).code).toBe(0);
  expect(account.rows(300)).toEqual({ 'project:2': 10 });
});

incident('drift-behind-an-unchanged-file', async (scene) => {
  const account = await scene.account();
  expect((await scene.grantd(['apply', '--yes'])).code).toBe(0);
  const before = rowsOf(account);
  account.writeAsSomebodyElse({ act: 'set-row', who: TEAM[9] ?? '', ...APP, level: 100 });
  expect((await scene.grantd(['apply', '--yes'])).code).toBe(0);
  expect(rowsOf(account)).toBe(before);
});
