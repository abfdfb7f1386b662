import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { skippedFor } from '../../../support/skipped-for.ts';
import { deliveryOf } from './support/deliveries.ts';
import { inNamespace, whyNot } from './support/namespace.ts';
import { policyText } from './support/policy-text.ts';
import { expectedRevision, type Observer, Stage, UPDATES } from './support/stage.ts';

/** A user namespace has limits of its own, so inotify is exhausted in it for real and nowhere else. */
const REASON = whyNot('user');

const DELIVERIES = [
  'saved in place',
  'saved by an editor that renames',
  'a ConfigMap or Secret',
  'git-sync, the old worktree removed at once',
  'git-sync, the old worktree kept',
  'git-sync, its root removed and published again at once',
  'absent with its directories, then there',
];

let stage: Stage;

beforeAll(() => {
  stage = new Stage();
});

afterAll(() => stage.close());

function withLimit(limit: string): Observer {
  return (path) => inNamespace('user', `echo ${limit}`, stage.observeFile()(path));
}

const NO_INSTANCE = '0 > /proc/sys/user/max_inotify_instances';
const NO_WATCH = '0 > /proc/sys/user/max_inotify_watches';

describe(`no inotify: ${UPDATES} updates in a row, none missed by polling`, skippedFor(REASON), () => {
  test.concurrent.each(DELIVERIES)('no instance left: %s', async (name) => {
    await missesNothing(name, withLimit(NO_INSTANCE), 'fs.inotify.max_user_instances');
  });

  test.concurrent('no watch left', async () => {
    await missesNothing('git-sync, the old worktree kept', withLimit(NO_WATCH), 'fs.inotify.max_user_watches');
  });

  test.concurrent('the last watch is used up while it runs: it goes on by polling', async () => {
    const delivery = deliveryOf('git-sync, the old worktree kept');
    // Enough for two directories and the file, not for those of the next worktree as well.
    const scene = await stage.begin(delivery, withLimit('4 > /proc/sys/user/max_inotify_watches'));
    expect(scene.observing.lines.find(({ event }) => event === 'watch.mode')).toMatchObject({ mode: 'inotify' });
    expect(await scene.writeAll()).toEqual(Array.from({ length: UPDATES }, () => 'file'));
    expect(scene.observing.lines.filter(({ event }) => event === 'watch.mode')).toMatchObject([
      { mode: 'inotify', reason: null },
      { mode: 'polling', reason: expect.stringContaining('ENOSPC') },
    ]);
  });
});

test('polling because it is set', async () => {
  await missesNothing('a ConfigMap or Secret', stage.observeFile('polling'), 'the settings say so');
});

async function missesNothing(name: string, observer: Observer, reason: string): Promise<void> {
  const delivery = deliveryOf(name);
  const scene = await stage.begin(delivery, observer);
  expect(scene.observing.lines.filter(({ event }) => event === 'watch.mode')).toMatchObject([
    { mode: 'polling', reason: expect.stringContaining(reason) },
  ]);
  expect(await scene.writeAll()).toEqual(Array.from({ length: UPDATES }, () => 'file'));
  expect(scene.revisions('policy.accepted').at(-1)).toEqual(expectedRevision(delivery, policyText(UPDATES)));
}
