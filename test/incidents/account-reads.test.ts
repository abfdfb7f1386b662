import { expect } from 'vitest';
import type { Fault } from '../../src/simulator/fault.ts';
import { incident } from './support/incident.ts';
import { putsTo, rowsOf, type Scene } from './support/scene.ts';
import { APP, POLICY, TEAM, teamAccount, WEB } from './support/team.ts';

const LIST = { method: 'GET', path: { regexp: 'account_accesses$' } };
const TREE = { method: 'GET', path: { regexp: 'permissions/resources$' } };

/** Applies the policy as it stands while the account answers with this fault, and sees that nothing is written. */
async function applyUnder(scene: Scene, fault: Fault, code = 1): Promise<void> {
  const account = await scene.account();
  account.inject({ ...fault, times: 'always' });
  const before = rowsOf(account);
  expect((await scene.grantd(['apply', '--yes', '--verbose'])).code).toBe(code);
  expect(putsTo(account)).toEqual([]);
  expect(rowsOf(account)).toBe(before);
}

incident('project-renamed-in-the-account', async (scene) => {
  const account = await scene.account();
  account.writeAsSomebodyElse({ act: 'rename-resource', ...APP, name: 'Store' });
  const before = rowsOf(account);
  // Nothing stops the rest: p04 is to get the domain.
  scene.policy((text) =>
    text.replace('paused:', '  - { to: p04@example.com, resource: "domain:example.com", level: viewer }\npaused:'),
  );
  expect((await scene.grantd(['apply', '--yes'])).code).toBe(3);
  expect(putsTo(account)).toEqual([104]);
  expect(
    rowsOf(account).replace(',"domain:5":10', '').replace(',{"type":"sending_domain","id":5,"level":10}', ''),
  ).toBe(before);
});

incident('token-that-sees-less', async (scene) => {
  await applyUnder(scene, { kind: 'hidden', ...APP }, 3);
});

incident('api-that-returns-an-empty-list', async (scene) => {
  await applyUnder(scene, { kind: 'emptied', match: LIST });
});

incident('api-that-returns-nothing', async (scene) => {
  await applyUnder(scene, { kind: 'status', status: 200, body: 'empty', match: TREE });
});

incident('answer-cut-off-half-way', async (scene) => {
  await applyUnder(scene, { kind: 'truncated', match: LIST });
});

incident('list-that-shows-half-of-the-members', async (scene) => {
  const account = await scene.account();
  const half = teamAccount();
  account.replaceState({ ...half, accesses: half.accesses?.slice(0, 7) ?? [] });
  const before = rowsOf(account);
  expect((await scene.grantd(['apply', '--yes'])).code).toBe(0);
  expect(putsTo(account)).toEqual([]);
  expect(rowsOf(account)).toBe(before);
});

incident('token-that-was-reset', async (scene) => {
  await applyUnder(scene, { kind: 'status', status: 401 });
  expect(scene.printed).not.toContain('simulator-admin-token');
});

incident('token-of-another-account', async (scene) => {
  const account = await scene.account(teamAccount(4000));
  const before = rowsOf(account);
  expect((await scene.grantd(['apply', '--yes'])).code).toBe(1);
  expect(account.requests().map(({ path }) => path)).toEqual(['/api/accounts']);
  expect(rowsOf(account)).toBe(before);
});

incident('clock-that-is-wrong', async (scene) => {
  // By its own clock the leads' grant ended an hour ago; by the API's it has a day left.
  scene.policy((text) =>
    text.replace('"project:App", level: admin', '"project:App", level: admin, until: 2026-11-24T11:00:00Z'),
  );
  await applyUnder(scene, { kind: 'date', skewMs: -86_400_000 });
});

incident('clock-that-was-wrong', async (scene) => {
  const world = await scene.daemon({ seed: teamAccount() });
  const before = rowsOf(world.simulator);
  world.clock.jump(-120 * 60_000);
  world.file.save(
    POLICY.replace('level: viewer', 'level: viewer, until: 2026-11-24T11:00:00Z').replace(
      'percent: 50',
      'percent: 100',
    ),
  );
  await world.begin();
  await world.clock.advance(10_000);
  world.clock.jump(120 * 60_000);
  await world.clock.advance(3_600_000);
  expect(putsTo(world.simulator)).toEqual([]);
  expect(rowsOf(world.simulator)).toBe(before);
});

incident('outage-of-the-api', async (scene) => {
  const world = await scene.daemon({ seed: teamAccount() });
  world.simulator.writeAsSomebodyElse({ act: 'remove-row', who: TEAM[0] ?? '', ...WEB });
  world.simulator.inject({ kind: 'status', status: 500, times: 'always' });
  world.file.save(POLICY);
  await world.begin();
  await world.clock.advance(3_600_000);
  expect(world.process.end).toBe(null);
  world.simulator.clearFaults();
  await world.clock.advance(3_600_000);
  expect(putsTo(world.simulator)).toEqual([101]);
});
