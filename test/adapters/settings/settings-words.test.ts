import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { resolveSettings } from '../../../src/adapters/settings/resolve-settings.ts';
import {
  CONNECTION_KEYS,
  DAEMON_KEYS,
  defaultText,
  flagOf,
  SETTING_KEYS,
  SETTINGS,
  variableOf,
} from '../../../src/adapters/settings/settings-table.ts';
import { readWrittenSettings } from '../../../src/adapters/settings/written-settings.ts';
import { compileSchema } from '../../../src/core/document/compile-schema.ts';
import { parseDocument } from '../../../src/core/document/parse-document.ts';

function read(path: string): string {
  return readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
}

test('the schema of the settings file says what the table says', () => {
  const { accounts, ...properties } = JSON.parse(read('schemas/settings.v1.schema.json')).properties;
  expect(accounts).toMatchObject({ minItems: 1, maxItems: 100 });
  expect(properties).toEqual(
    Object.fromEntries(
      SETTING_KEYS.map((key) => {
        const { kind, says, default: fallback } = SETTINGS[key];
        return [key, { description: says, ...kind.schema, ...(fallback === null ? {} : { default: fallback }) }];
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
      const shown = fallback === null ? 'none' : `\`${defaultText(key)}\``;
      const values = kind.placeholder.replaceAll('|', ' or ');
      return `| \`${variableOf(key)}\` | \`${flagOf(key)}\` | \`${key}\` | ${values} | ${shown} | ${says} |`;
    }),
  );
});

/** The example with every setting uncommented. */
function uncommentedExample(): string {
  return read('config/grantd.example.yaml').replace(/^# (?=\w+: \S+( \S+)*$|accounts:$| {2}- \{)/gm, '');
}

test('config/grantd.example.yaml shows every setting, the defaults as they are', () => {
  const text = uncommentedExample();
  const shown = [...text.matchAll(/^(\w+):/gm)].map(([, key]) => key);
  expect(shown).toEqual([...SETTING_KEYS, 'accounts']);
  const source = { file: 'config/grantd.yaml', text, named: true };
  const { written, accounts, problems } = readWrittenSettings(
    source,
    compileSchema(JSON.parse(read('schemas/settings.v1.schema.json'))),
  );
  expect(problems).toEqual([]);
  expect(accounts).toHaveLength(2);
  const resolved = resolveSettings({
    flags: new Map(),
    env: {},
    file: { ...source, cwd: '/', written, accounts: null },
  });
  expect(resolved.ok).toBe(true);
  for (const key of SETTING_KEYS) {
    const fallback = SETTINGS[key].default;
    if (fallback !== null && resolved.ok) expect(resolved.settings[key], key).toBe(fallback);
  }
});

test('config/grantd.example.yaml marks what a file that was merely found may not set', () => {
  const paragraphs = read('config/grantd.example.yaml').split('\n\n');
  const marked = paragraphs.flatMap((text) =>
    text.includes('(only if named') ? (/^# (\w+):/m.exec(text.split('\n').at(-1) ?? '')?.[1] ?? []) : [],
  );
  expect(marked).toEqual(SETTING_KEYS.filter((key) => SETTINGS[key].needsNamedFile !== undefined));
});

test('docs/settings.md lists what a file that was merely found may not set', () => {
  const [, list = ''] = read('docs/settings.md').split('may therefore not set');
  const named = [...(list.split('.')[0] ?? '').matchAll(/`(\w+)`/g)].map(([, key]) => key);
  const refused = SETTING_KEYS.filter((key) => SETTINGS[key].needsNamedFile !== undefined);
  expect(named).toEqual([...refused, 'accounts']);
});

test('every setting belongs to reading, to writing, or to the daemon', () => {
  const all = ['policy', ...CONNECTION_KEYS, 'concurrency', 'rowsPerPut', ...DAEMON_KEYS];
  expect(all.sort()).toEqual([...SETTING_KEYS].sort());
});

test('the example is YAML with one key a line', () => {
  const { root } = parseDocument({ file: 'x', text: uncommentedExample() });
  expect(root?.kind === 'map' && root.entries).toHaveLength(SETTING_KEYS.length + 1);
});
