import { stat } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { systemCode } from '../../src/platform/system-code.ts';

it('the code of a system error is what the system calls it', async () => {
  expect(await stat('/proc/none/such').catch(systemCode)).toBe('ENOENT');
});

it.each([
  ['no error', 'ENOENT'],
  ['an error without a code', new Error('x')],
  ['a number', Object.assign(new Error('x'), { code: 5 })],
  ['a text that may contain anything', Object.assign(new Error('x'), { code: 'https://user:secret@host' })],
])('%s is unknown', (_, error) => {
  expect(systemCode(error)).toBe('unknown');
});
