import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

/** Set by `npm run compat`; elsewhere the tests run on whatever Node started them. */
const meant = process.env['GRANTD_TEST_NODE_VERSION'] ?? process.version;

test('the tests run on the Node that they are meant to run on', () => {
  expect(process.version).toBe(meant);
});

test('so does whatever they start, by the path of this Node and by its name', () => {
  for (const command of [process.execPath, 'node']) {
    expect(execFileSync(command, ['--version'], { encoding: 'utf8' }).trim()).toBe(meant);
  }
});
