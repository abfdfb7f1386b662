import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/build.ts';
import { skippedFor } from '../support/skipped-for.ts';
import { argumentsFor, template, valueFiles, whyNoHelm } from './support/helm.ts';

const GOLDEN = join(ROOT, 'test/chart/bad/golden');
const NAMES = valueFiles('bad');

describe('values that cannot work', skippedFor(whyNoHelm), () => {
  it('would render, had they not been spoilt', () => {
    expect(template(argumentsFor('bad', 'base').slice(0, 2))).toMatchObject({ isDone: true });
  });

  it.each(NAMES)('%s: is refused, with all that is wrong and what to do', (name) => {
    const { isDone, output, error } = template(argumentsFor('bad', name));
    expect(isDone, output).toBe(false);
    const golden = join(GOLDEN, `${name}.txt`);
    if (process.env['UPDATE_GOLDEN']) writeFileSync(golden, messageOf(error));
    expect(messageOf(error)).toBe(readFileSync(golden, 'utf8'));
  });

  it('the schema left out, templates still refuse what would be dangerous', () => {
    const skip = '--skip-schema-validation';
    for (const name of ['policy-map', 'replicas-alone', 'token-missing', 'git-user-in-url', 'sidecar-alone']) {
      expect(template([...argumentsFor('bad', name), skip]).error, name).toContain(
        'grantd cannot be installed like this',
      );
    }
    expect(template([...argumentsFor('bad', 'mode-unknown'), skip]).error).toContain('mode: statefulset is none');
  });
});

/** Without what says where in Helm it came up, and what Helm itself logs. Helm says what the schema finds in any order. */
function messageOf(error: string): string {
  const lines = error.split('\n').filter((line) => !line.startsWith('level=') && !line.startsWith('Use --debug'));
  const [head, ...found] = lines
    .join('\n')
    .replace(/^Error: (?:execution error at \([^)]*\): )?/, '')
    .trim()
    .split(/\n(?=- at )/);
  return `${[head, ...found.sort()].join('\n')}\n`;
}
