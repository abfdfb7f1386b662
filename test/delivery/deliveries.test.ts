import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DELIVERIES, deliveryOf } from './support/deliveries.ts';
import { policyText, sha256Of } from './support/policy-text.ts';
import { expectedRevision, Stage, UPDATES } from './support/stage.ts';

let stage: Stage;

beforeAll(() => {
  stage = new Stage();
});

afterAll(() => stage.close());

const NUMBERS = Array.from({ length: UPDATES }, (_, index) => index + 1);

describe.concurrent(`${UPDATES} updates in a row, each by an event`, () => {
  test.each(DELIVERIES.map(({ name }) => name))('%s', async (name) => {
    const delivery = deliveryOf(name);
    const scene = await stage.begin(delivery, stage.observeFile());
    const triggers = await scene.writeAll();
    expect(triggers).toEqual(NUMBERS.map(() => 'file'));
    const known = [0, ...NUMBERS].map((number) => expectedRevision(delivery, number));
    expect(known).toEqual(expect.arrayContaining([...scene.revisions('policy.accepted')]));
  });

  test('updates faster than anybody reads: the last one is seen', async () => {
    const scene = await stage.begin(deliveryOf('git-sync, the old worktree kept'), stage.observeFile());
    for (const number of NUMBERS) await scene.write(policyText(number));
    expect(await scene.accepted(policyText(UPDATES))).toEqual({ trigger: 'file' });
  });
});

test.concurrent('of a text that is written in pieces, no piece is ever taken for the text', async () => {
  const settleMs = 1_000;
  const scene = await stage.begin(deliveryOf('written in pieces'), stage.observeFile('auto', settleMs));
  await scene.writeAll(5);
  // A writer that the machine itself held up for so long was not waited for, and rightly so.
  const isSmooth = scene.tookMs.every((tookMs) => tookMs < settleMs);
  expect(isSmooth ? scene.revisions('policy.rejected') : []).toEqual([]);
  expect(scene.revisions('policy.accepted').map(({ sha256 }) => sha256)).toEqual(
    [0, 1, 2, 3, 4, 5].map((number) => sha256Of(policyText(number))),
  );
});
