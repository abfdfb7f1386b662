import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BODY_KEYS } from '../../../src/adapters/audit/read-body.ts';
import { emptyMemory } from '../../../src/core/domain/account/account-memory.ts';
import { logOf, recordsOf } from './support/puts.ts';

function tableOf(page: string, heading: string): ReadonlyMap<string, string> {
  const text = readFileSync(new URL(`../../../docs/${page}`, import.meta.url), 'utf8');
  const [, table = ''] = text.split(`${heading}\n`);
  const rows = [...(table.split('\n\n')[0] ?? '').matchAll(/^\| `(\w+)` \|(.*)\|$/gm)];
  return new Map(rows.map(([, key = '', rest = '']) => [key, rest]));
}

test('docs/audit.md has every kind of record, and each of its keys', () => {
  const kinds = tableOf('audit.md', '| `kind` | means | has |');
  expect([...kinds.keys()]).toEqual(Object.keys(BODY_KEYS));
  for (const [kind, keys] of Object.entries(BODY_KEYS)) {
    for (const key of keys) expect(kinds.get(kind)).toContain(`\`${key}\``);
  }
});

test('docs/audit.md has every key that all records have', async () => {
  const [intent] = recordsOf(await logOf(1));
  const own: readonly string[] = BODY_KEYS.intent;
  const common = Object.keys(intent ?? {}).filter((key) => !own.includes(key));
  expect([...tableOf('audit.md', '| key | is |').keys()].sort()).toEqual(common.sort());
});

test('docs/state.md has everything that is remembered', () => {
  const { account: _, ...remembered } = emptyMemory(1);
  const documented = tableOf('state.md', '| key | is | without it |');
  expect([...documented.keys()]).toEqual(Object.keys(remembered));
});
