import { expect } from 'vitest';
import { incident } from './support/incident.ts';
import { putsTo, rowsOf } from './support/scene.ts';
import { POLICY, TEAM, teamAccount, without } from './support/team.ts';

incident('emptied-file', async (scene) => {
  const account = await scene.account();
  scene.policy('');
  expect((await scene.grantd(['apply', '--yes'])).code).toBe(4);
  expect(account.requests()).toEqual([]);
});

incident('emptied-list-of-grants', async (scene) => {
  const account = await scene.account();
  const before = rowsOf(account);
  scene.policy((text) => text.replace(/grants:\n(?: .*\n)+/, 'grants: []\n'));
  expect((await scene.grantd(['apply', '--yes'])).code).toBe(3);
  expect(rowsOf(account)).toBe(before);
  expect(putsTo(account)).toEqual([]);
});

incident('file-cut-off-where-it-is-still-yaml', async (scene) => {
  const account = await scene.account();
  let whole = '';
  scene.policy((text) => {
    whole = text;
    return text.replace('paused: false\n', '');
  });
  expect((await scene.grantd(['apply', '--yes'])).code).toBe(4);
  const lines = whole.trimEnd().split('\n');
  for (const kept of [1, 5, 9, 14, 20, lines.length - 2]) {
    scene.policy(`${lines.slice(0, kept).join('\n')}\n`);
    expect((await scene.grantd(['apply', '--yes'])).code, `${kept} lines`).toBe(4);
  }
  expect(account.requests()).toEqual([]);
});

incident('list-cut-short', async (scene) => {
  const account = await scene.account();
  const before = rowsOf(account);
  scene.policy((text) => without(text, TEAM.slice(4)));
  expect((await scene.grantd(['apply', '--yes'])).code).toBe(3);
  expect(rowsOf(account)).toBe(before);
  expect(putsTo(account)).toEqual([]);
});

incident('group-renamed-in-one-place', async (scene) => {
  const account = await scene.account();
  scene.policy((text) => text.replace('  team:\n', '  teams:\n'));
  expect((await scene.grantd(['apply', '--yes'])).code).toBe(4);
  expect(account.requests()).toEqual([]);
});

incident('unknown-key', async (scene) => {
  const account = await scene.account();
  scene.policy((text) => text.replace('protected:', 'protect:'));
  expect((await scene.grantd(['apply', '--yes'])).code).toBe(4);
  expect(account.requests()).toEqual([]);
});

incident('merge-that-drops-the-pause', async (scene) => {
  const world = await scene.daemon({ seed: teamAccount() });
  const before = rowsOf(world.simulator);
  const paused = without(POLICY, TEAM.slice(8)).replace('paused: false', 'paused: true');
  world.file.save(paused);
  await world.begin();
  await world.clock.advance(10_000);
  world.file.save(paused.replace('paused: true\n', ''));
  world.file.hint();
  await world.clock.advance(3_600_000);
  expect(world.simulator.requests().filter(({ method }) => method === 'PUT')).toEqual([]);
  expect(rowsOf(world.simulator)).toBe(before);
});

incident('approval-that-was-taken-out', async (scene) => {
  const world = await scene.daemon({ seed: teamAccount() });
  const before = rowsOf(world.simulator);
  const ended = POLICY.replace('"project:App", level: admin', '"project:App", level: admin, until: 2026-11-20').replace(
    'principals: 3',
    'principals: 1',
  );
  world.file.save(ended);
  await world.begin();
  await world.clock.advance(10_000);
  const [digest = ''] = /sha256:[0-9a-f]{64}(?=\s|,|$)/.exec(heldDigest(world.process.events)) ?? [];
  // While the API is down the approval comes in, and goes again with a mistake elsewhere.
  world.simulator.inject({ kind: 'status', status: 503, times: 'always', match: { method: 'GET' } });
  const approvals = `approvals: [{ digests: ["${digest}"], until: 2026-12-31 }]\n`;
  world.file.save(ended.replace('paused:', `${approvals}paused:`));
  world.file.hint();
  await world.clock.advance(10_000);
  world.file.save(ended.replace('protected:', 'protect:'));
  world.file.hint();
  await world.clock.advance(10_000);
  world.simulator.clearFaults();
  await world.clock.advance(3_600_000);
  expect(world.simulator.requests().filter(({ method }) => method === 'PUT')).toEqual([]);
  expect(rowsOf(world.simulator)).toBe(before);
});

function heldDigest(events: readonly { readonly kind: string }[]): string {
  for (const event of events) {
    if (!('result' in event) || event.result === null) continue;
    const { plan } = event.result as { readonly plan: { readonly held: readonly { readonly digest: string }[] } };
    if (plan.held[0]) return plan.held[0].digest;
  }
  throw new Error('nothing was held');
}
