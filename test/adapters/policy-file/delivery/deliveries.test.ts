import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DELIVERIES, deliveryOf } from './support/deliveries.ts';
import { type Kept, KeptDeliveries } from './support/kept-deliveries.ts';
import { policyText, sha256Of } from './support/policy-text.ts';
import { Stage, UPDATES } from './support/stage.ts';

const NAMES = DELIVERIES.map(({ name }) => name);
const NUMBERS = Array.from({ length: UPDATES }, (_, index) => index + 1);

let stage: Stage;

beforeAll(() => {
  stage = new Stage();
});

afterAll(() => stage.close());

/** Three hundred policies are read, planned and carried out by one process: where a machine is busy, that is long. */
const PATIENCE = { timeout: 600_000 };

describe(`${UPDATES} updates in a row, each noticed by an event and carried out by grantd run`, PATIENCE, () => {
  let kept: KeptDeliveries;
  /** All go on at once, in one process. */
  let played: ReadonlyMap<string, Promise<Kept>>;

  beforeAll(async () => {
    kept = await KeptDeliveries.begin(stage, DELIVERIES);
    played = new Map(NAMES.map((name) => [name, kept.play(name)]));
    // Each is waited for by its own test, which may come long after it failed.
    for (const one of played.values()) one.catch(() => {});
  });

  afterAll(() => kept?.close());

  test.each(NAMES)('%s', async (name) => {
    expect(await played.get(name)).toEqual({ noticedBy: NUMBERS.map(() => 'file'), wrongLevels: [] });
    expect(kept.revisions(name)).toEqual(kept.expectedRevisions(name));
    const { start = 0, ...others } = await kept.counted(name, 'complete');
    expect({ start, ...others }).toEqual({ start: deliveryOf(name).isThereAtFirst ? 1 : 0, file: UPDATES });
  });

  test('all of them in one process that watches by events and has not failed once', async () => {
    await Promise.all(played.values());
    const modes = kept.daemon.lines.filter(({ event }) => event === 'watch.mode').map(({ mode }) => mode);
    expect(modes).toEqual(NAMES.map(() => 'inotify'));
    const failed = kept.daemon.lines.filter(({ end }) => end === 'failed' || end === 'partial');
    expect(failed).toEqual([]);
  });
});

test.concurrent('updates faster than anybody reads: the last one is seen', async () => {
  const scene = await stage.begin(deliveryOf('git-sync, the old worktree kept'), stage.observeFile());
  for (const number of NUMBERS) await scene.write(policyText(number));
  expect(await scene.accepted(policyText(UPDATES))).toEqual({ trigger: 'file' });
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
