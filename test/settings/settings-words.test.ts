import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { flagOf, SETTING_KEYS, SETTINGS, variableOf } from '../../src/settings/settings-table.ts';

function read(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}

test('the schema of the settings file says what the table says', () => {
  const { properties } = JSON.parse(read('schemas/settings.v1.schema.json'));
  expect(properties).toEqual(
    Object.fromEntries(
      SETTING_KEYS.map((key) => {
        const { kind, says, default: fallback } = SETTINGS[key];
        return [key, { description: says, ...kind.schema, default: fallback }];
      }),
    ),
  );
});

test('docs/settings.md has the table, row for row', () => {
  const rows = read('docs/settings.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  expect(rows).toEqual(
    SETTING_KEYS.map((key) => {
      const { kind, says, default: fallback } = SETTINGS[key];
      const values = kind.placeholder.replaceAll('|', ' or ');
      return `| \`${variableOf(key)}\` | \`${flagOf(key)}\` | \`${key}\` | ${values} | \`${fallback}\` | ${says} |`;
    }),
  );
});

test('config/grantd.example.yaml shows every setting', () => {
  const shown = read('config/grantd.example.yaml')
    .split('\n')
    .flatMap((line) => /^# (\w+): \S+$/.exec(line)?.[1] ?? []);
  expect(shown).toEqual(SETTING_KEYS);
});
