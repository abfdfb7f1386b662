import { expect, test } from 'vitest';
import { CheckOnce } from '../../../src/adapters/policy-file/policy-source.ts';

function counting() {
  const checked: string[] = [];
  const checks = new CheckOnce<string>();
  const get = (key: string) =>
    checks.get(key, () => {
      checked.push(key);
      return `${key}!`;
    });
  return { checked, get, checks };
}

test('checks once, also for two that ask at the same time', async () => {
  const { checked, get } = counting();
  expect(await Promise.all([get('a'), get('a')])).toEqual(['a!', 'a!']);
  expect(await get('a')).toBe('a!');
  expect(checked).toEqual(['a']);
});

test('keeps the last four that were asked for', async () => {
  const { checked, get } = counting();
  for (const key of ['a', 'b', 'c', 'd', 'a', 'e']) await get(key);
  expect(checked).toEqual(['a', 'b', 'c', 'd', 'e']);
  await get('a');
  expect(checked).toEqual(['a', 'b', 'c', 'd', 'e']);
  await get('b');
  expect(checked).toEqual(['a', 'b', 'c', 'd', 'e', 'b']);
});

test('does not keep a check that throws', async () => {
  const { get, checks } = counting();
  const failing = checks.get('a', () => {
    throw new Error('a fault');
  });
  await expect(failing).rejects.toThrow('a fault');
  expect(await get('a')).toBe('a!');
});
