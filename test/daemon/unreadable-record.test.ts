import { afterEach, expect, it } from 'vitest';
import { DaemonWorld } from './support/daemon-world.ts';
import { MemoryState } from './support/memory-state.ts';
import { draftText, type PolicyDraft } from './support/policy-draft.ts';
import { smallAccount } from './support/small-account.ts';
import { memoryStorage } from './support/storage.ts';

const MINUTE_MS = 60_000;
const [ANN, BOB] = [101, 102];
const HELD = { 'inbox:11': 10 };

const ANNS_END: PolicyDraft = {
  grants: [
    { to: ['ann@x.test'], resource: ['inbox:Web/Live'], level: 'viewer', until: 30 },
    { to: ['bob@x.test'], resource: ['inbox:Web/Live'], level: 'viewer' },
  ],
};

let world: DaemonWorld;
afterEach(() => world.close());

const ends = () => world.process.events.flatMap((event) => (event.kind === 'run.ended' ? [event] : []));

it('one record that cannot be read: no end is carried out, and the error names the access and says so (case I29)', async () => {
  const rows = [{ type: 'inbox', id: 11, level: 10 }];
  world = await DaemonWorld.open({
    seed: smallAccount({ [ANN]: rows, [BOB]: rows }),
    storage: memoryStorage(new MemoryState()),
  });
  world.file.save(draftText(ANNS_END, world.clock.now()));
  await world.begin();
  await world.clock.advance(MINUTE_MS);
  expect(ends().at(-1)?.end).toBe('complete');

  world.simulator.inject({ kind: 'shape', shape: 'no-email', access: BOB, times: 'always' });
  await world.clock.advance(60 * MINUTE_MS);
  const failed = ends().at(-1);
  expect(failed).toMatchObject({ end: 'failed', error: { code: 'api-malformed' } });
  expect(failed?.error?.message).toContain(`expected a string, got null, in account access ${BOB}`);
  expect(failed?.error?.remedy).toContain('it writes nothing to the account: even access that ends meanwhile stays');
  expect(world.simulator.rows(ANN)).toEqual(HELD);

  world.simulator.clearFaults();
  await world.clock.advance(60 * MINUTE_MS);
  expect(ends().at(-1)?.end).toBe('complete');
  expect(world.simulator.rows(ANN)).toEqual({});
  expect(world.simulator.rows(BOB)).toEqual(HELD);
});
