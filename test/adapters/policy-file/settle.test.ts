import { expect, test } from 'vitest';
import { settle } from '../../../src/adapters/policy-file/settle.ts';

/** Looks that find one key after the other, the last one for ever; and a clock that only counts. */
function scene(...keys: readonly string[]) {
  const slept: number[] = [];
  let looks = 0;
  const controller = new AbortController();
  return {
    slept,
    controller,
    looks: () => looks,
    look: async () => {
      const key = keys[Math.min(looks, keys.length - 1)] ?? '';
      looks += 1;
      return { key, found: looks, settleMs: 200 };
    },
    settling: (knownKey: string | null = null) => ({
      clock: {
        now: () => 0,
        sleep: async (durationMs: number, signal: AbortSignal) => {
          slept.push(durationMs);
          signal.throwIfAborted();
        },
      },
      knownKey,
      signal: controller.signal,
    }),
  };
}

test('what is known to have stayed takes one look and no wait', async () => {
  const { look, settling, slept } = scene('a');
  expect(await settle(look, settling('a'))).toMatchObject({ key: 'a', found: 1 });
  expect(slept).toEqual([]);
});

test('what is new takes two looks that agree, so far apart', async () => {
  const { look, settling, slept } = scene('b', 'b');
  expect(await settle(look, settling('a'))).toMatchObject({ key: 'b', found: 2 });
  expect(slept).toEqual([200]);
});

test('what changes is waited for, and a known text on the way is no end', async () => {
  const { look, settling, slept } = scene('half', 'a', 'whole', 'whole');
  expect(await settle(look, settling('a'))).toMatchObject({ key: 'whole', found: 4 });
  expect(slept).toEqual([200, 200, 200]);
});

test('what never stays is given up after 25 looks', async () => {
  const { look, settling, looks } = scene(...Array.from({ length: 100 }, (_, index) => `${index}`));
  expect(await settle(look, settling())).toBeNull();
  expect(looks()).toBe(25);
});

test('ends with the reason of the signal, before the first look or in a wait', async () => {
  const before = scene('a');
  before.controller.abort(new Error('enough'));
  await expect(settle(before.look, before.settling())).rejects.toThrow('enough');
  expect(before.looks()).toBe(0);
  const within = scene('a', 'b');
  const look = async () => {
    within.controller.abort(new Error('enough'));
    return within.look();
  };
  await expect(settle(look, within.settling())).rejects.toThrow('enough');
  expect(within.looks()).toBe(1);
});
