import { expect, test } from 'vitest';
import { examineSettings, resolveSettings } from '../../../src/adapters/settings/resolve-settings.ts';
import { cronExpression } from '../../../src/adapters/settings/schedule-kinds.ts';

/** What is wrong with a schedule, as the settings tell it; null where nothing is. */
async function wrongWith(text: string) {
  const sources = { flags: new Map(), env: { GRANTD_SCHEDULE: text }, file: null };
  const resolved = resolveSettings(sources);
  const problems = [...(resolved.ok ? [] : resolved.problems), ...(await examineSettings(sources))];
  expect(problems.length).toBeLessThan(2);
  return problems[0] ?? null;
}

test.each([
  '*/15 * * * *',
  '0 * * * *',
  '0 0 6 * * *',
  '* * * * * *',
  '@hourly',
  '@daily',
  '0 6-20/2 * * mon-fri',
  '0 6 * * fri-sun',
  '0 6 * * 5-7',
  '0 6 * * SUN-tue',
  '0 6 * * sunday',
  '30 2 1,15 jan-mar *',
  '0 0 L * *',
  '0 0 15W * *',
  '0 0 * * 5#2',
  '0 0 * * 5L',
  '0 0 29 2 *',
  '*/59 * * * *',
  '  */15   *  * * * ',
])('%s is a schedule', async (text) => {
  expect(await wrongWith(text)).toBeNull();
});

test.each([
  ['*/70 * * * *', 'schedule has a step in the field minute that is never reached'],
  ['*/60 * * * *', 'schedule has a step in the field minute that is never reached'],
  ['0 */24 * * *', 'field hour'],
  ['0 0 */31 * *', 'field day of month'],
  ['0 0 * * */7', 'field day of week'],
  ['5-10/20 * * * *', 'field minute'],
  ['5-1 * * * *', 'schedule counts backwards in the field minute'],
  ['0 22-4 * * *', 'backwards in the field hour'],
  ['0 0 * nov-feb *', 'backwards in the field month'],
  ['0 0 * * fri-mon', 'backwards in the field day of week'],
  ['1,9-3 0 * * *', 'backwards in the field minute'],
  ['* * * *', 'has 4 fields, not 5 or 6'],
  ['* * * * * * *', 'has 7 fields'],
  ['hourly', 'has 1 field,'],
  ['60 * * * *', "its minute cannot be '60'"],
  ['*/0 * * * *', 'its minute'],
  ['1/5 * * * *', 'its minute'],
  ['0 0 32 * *', 'its day of month'],
  ['0 0 31 2 *', 'its day of month'],
  ['0 0 31W 2 *', 'never occurs'],
  ['@reboot', 'is not a schedule'],
  ['@every 1h', 'is not a schedule'],
  ['*/15 * * * ٣', 'is not a schedule'],
  [`0 ${'1,'.repeat(200)}1 * * *`, 'is not a schedule'],
])('%s is refused: %s', async (text, why) => {
  const problem = await wrongWith(text);
  expect(problem?.where).toBe('GRANTD_SCHEDULE');
  expect(problem?.message).toContain(why);
  expect(problem?.remedy).not.toBe('');
});

test('a range that runs backwards is answered with the two that are meant', async () => {
  expect((await wrongWith('0 22-4 * * *'))?.remedy).toBe('write two ranges with a comma: 22-23,0-4');
  expect(await wrongWith('0 22-23,0-4 * * *')).toBeNull();
  expect((await wrongWith('0 0 * * fri-mon'))?.remedy).toContain('fri-sat,sun-mon');
  expect(await wrongWith('0 0 * * fri-sat,sun-mon')).toBeNull();
});

test('a text that may be a secret is not repeated', async () => {
  const secret = '0123456789abcdef0123456789abcdef';
  for (const text of [secret, `${secret} * * * *`, `@${secret}`, `0 0 ${secret}-1 * *`]) {
    expect(JSON.stringify(await wrongWith(text)), text).not.toContain(secret.slice(0, 8));
  }
});

test('the default needs no examination, and passes one', async () => {
  expect(await cronExpression().examine?.('*/15 * * * *')).toBeNull();
});
