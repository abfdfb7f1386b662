import { expect } from 'vitest';
import { incident } from './support/incident.ts';
import { putsTo, rowsOf } from './support/scene.ts';
import { APP, POLICY, TEAM, teamAccount, WEB, without } from './support/team.ts';

const [P01 = '', P02 = '', P03 = '', P04 = ''] = TEAM;
const DRIFT = { act: 'set-row', who: P04, ...APP, level: 100 } as const;

incident('plan-made-anew-after-the-yes', async (scene) => {
  const account = await scene.account();
  account.writeAsSomebodyElse(DRIFT);
  let hasWritten = false;
  const onPrinted = (text: string) => {
    if (hasWritten || !text.includes('Changes')) return;
    hasWritten = true;
    account.writeAsSomebodyElse({ ...DRIFT, who: 'p05@example.com' });
  };
  expect((await scene.grantd(['apply'], { answer: 'yes', onPrinted })).code).toBe(1);
  expect(hasWritten).toBe(true);
  expect(putsTo(account)).toEqual([]);
});

incident('saved-plan-that-is-stale', async (scene) => {
  const account = await scene.account();
  account.writeAsSomebodyElse(DRIFT);
  await scene.grantd(['plan', '--out', 'plan.json']);
  account.writeAsSomebodyElse({ ...DRIFT, level: 10 });
  expect((await scene.grantd(['apply', '--plan', 'plan.json', '--yes'])).code).toBe(1);
  expect(putsTo(account)).toEqual([]);
});

incident('approval-that-lets-more-pass', async (scene) => {
  const account = await scene.account();
  const before = rowsOf(account);
  const approveFirst = async () => {
    const { stdout } = await scene.grantd(['plan', '--out', 'plan.json']);
    const [, digest = ''] = /--approve (sha256:[0-9a-f]{64})/.exec(stdout) ?? [];
    return (await scene.grantd(['apply', '--plan', 'plan.json', '--yes', '--approve', digest])).code;
  };
  // Three gain an inbox in exchange for its project. The approval of one gain would let that person's loss pass too.
  scene.policy((text) =>
    text.replace('admins: 2 }', 'admins: 2, gains: { principals: 1 } }').replace('"project:App"', '"inbox:App/Live"'),
  );
  expect(await approveFirst()).toBe(1);
  expect(putsTo(account)).toEqual([]);
  expect(rowsOf(account)).toBe(before);
  // One of four losses is approved, and three people may lose anything: the other three stay held.
  scene.policy((text) => without(text.replace('"inbox:App/Live"', '"project:App"'), TEAM.slice(6)));
  expect(await approveFirst()).toBe(3);
  expect(putsTo(account)).toEqual([107]);
});

incident('dry-run-that-writes', async (scene) => {
  const account = await scene.account();
  account.writeAsSomebodyElse(DRIFT);
  const before = rowsOf(account);
  for (const args of [
    ['plan'],
    ['plan', '--format', 'json'],
    ['plan', '--mode', 'additive'],
    ['explain', P04],
    ['who', 'project:App'],
  ]) {
    await scene.grantd(args);
  }
  expect(new Set(account.requests().map(({ method }) => method))).toEqual(new Set(['GET']));
  expect(rowsOf(account)).toBe(before);
});

incident('dry-run-that-breaks-on-what-is-not-there-yet', async (scene) => {
  const account = await scene.account();
  scene.policy((text) =>
    text.replace(
      'paused:',
      '  - { to: [new@example.com, p04@example.com], resource: "project:New", level: viewer }\npaused:',
    ),
  );
  expect((await scene.grantd(['plan', '--verbose'])).code).toBe(0);
  expect(putsTo(account)).toEqual([]);
});

incident('one-bad-entry-that-stops-everything', async (scene) => {
  const account = await scene.account();
  account.writeAsSomebodyElse(DRIFT, ...[P01, P02, P03].map((who) => ({ act: 'remove-row' as const, who, ...WEB })));
  account.inject({
    kind: 'status',
    status: 422,
    times: 'always',
    match: { method: 'PUT', path: 'account_accesses/102/' },
  });
  expect((await scene.grantd(['apply', '--yes'])).code).toBe(1);
  expect(account.rows(P01)).toEqual({ 'project:1': 10, 'project:2': 100 });
  expect(account.rows(P03)).toEqual({ 'project:1': 10, 'project:2': 100 });
  expect(account.rows(P04)).toEqual({ 'project:1': 10 });
  expect(account.rows(P02)).toEqual({ 'project:2': 100 });
});

incident('error-after-the-write-took-effect', async (scene) => {
  const account = await scene.account();
  account.writeAsSomebodyElse(DRIFT);
  account.inject({ kind: 'status', status: 502, strike: 'after', match: { method: 'PUT' } });
  expect((await scene.grantd(['apply', '--yes'])).code).toBe(0);
  expect(putsTo(account)).toEqual([104]);
  expect(account.rows(P04)).toEqual({ 'project:1': 10 });
});

incident('gap-between-revoke-and-grant', async (scene) => {
  const account = await scene.account();
  // p04 is to see one inbox instead of the whole project, and the new row is refused.
  scene.policy((text) =>
    without(text, [P04]).replace('paused:', `  - { to: ${P04}, resource: "inbox:Web/Live", level: viewer }\npaused:`),
  );
  account.inject({ kind: 'status', status: 422, match: { method: 'PUT' } });
  expect((await scene.grantd(['apply', '--yes', '--rows-per-put', '1'])).code).toBe(1);
  expect(account.rows(P04)).toEqual({ 'project:1': 10 });
  account.clearRequests();
  expect((await scene.grantd(['apply', '--yes', '--rows-per-put', '1'])).code).toBe(0);
  const sent = account.requests().filter(({ method }) => method === 'PUT');
  expect(sent.map(({ body }) => JSON.stringify(body).includes('_destroy'))).toEqual([false, true]);
  expect(account.rows(P04)).toEqual({ 'inbox:11': 10 });
});

incident('redundant-writes-that-mail-people', async (scene) => {
  const account = await scene.account();
  account.writeAsSomebodyElse(DRIFT, { act: 'set-row', who: P01, type: 'inbox', id: 11, level: 10 });
  for (let time = 0; time < 3; time += 1) expect((await scene.grantd(['apply', '--yes'])).code).toBe(0);
  expect(putsTo(account)).toEqual([104]);
  const [put] = account.requests().filter(({ method }) => method === 'PUT');
  expect(put?.body).toMatchObject({ permissions: [{ resource_id: `${APP.id}`, _destroy: true }] });
});

incident('secrets-in-logs', async (scene) => {
  const account = await scene.account();
  const secret = 'simulator-admin-token';
  const echo = { json: { error: `bad credentials: Bearer ${secret}` } };
  account.inject({ kind: 'status', status: 401, body: echo, times: 'always' });
  expect((await scene.grantd(['apply', '--yes'])).code).toBe(1);
  account.clearFaults();
  account.inject({ kind: 'status', status: 422, body: echo, times: 'always', match: { method: 'PUT' } });
  account.writeAsSomebodyElse(DRIFT);
  expect((await scene.grantd(['apply', '--yes', '--format', 'json'])).code).toBe(1);
  await scene.grantd(['doctor']);
  expect(scene.printed).not.toContain(secret);
});

incident('cron-that-overlaps-itself', async (scene) => {
  let [running, most] = [0, 0];
  const world = await scene.daemon({
    seed: teamAccount(),
    listener: {
      onEvent: (_, event) => {
        if (event.kind === 'run.started') most = Math.max(most, ++running);
        if (event.kind === 'run.ended') running -= 1;
      },
    },
  });
  // Every read is refused for now and asked again, so that a run lasts longer than it is to the next slot.
  world.simulator.inject({ kind: 'status', status: 429, retryAfter: 240, times: 'always', match: { method: 'GET' } });
  world.file.save(POLICY);
  await world.begin();
  for (let minute = 0; minute < 60; minute += 1) {
    world.process.daemon.ask('signal');
    await world.clock.advance(60_000);
  }
  expect(world.process.schedule.slots).toBeGreaterThan(2);
  expect(most).toBe(1);
});
