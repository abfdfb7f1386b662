import { expect, test } from 'vitest';
import { storedInputs } from './corpus.mjs';
import { openTarget } from './open-target.mjs';
import { TARGETS } from './targets/targets.mjs';

const SRC = new URL('../../src/', import.meta.url);
const load = (path: string) => import(/* @vite-ignore */ new URL(`${path}.ts`, SRC).href);

test.each(TARGETS.map(({ name }) => name))('%s keeps its promises for every input that is stored', async (name) => {
  const target = await openTarget(name, load);
  const inputs = [
    ...storedInputs(target),
    ...(target.seeds ?? []).map((bytes: Buffer, n: number) => ({ name: `seed ${n} of ${name}`, bytes })),
  ];
  expect(inputs.length).toBeGreaterThan(0);
  const failed: string[] = [];
  for (const input of inputs) {
    try {
      await target.check(input.bytes);
    } catch (error) {
      failed.push(`${input.name}: ${error}`);
    }
  }
  await target.close?.();
  expect(failed).toEqual([]);
});
