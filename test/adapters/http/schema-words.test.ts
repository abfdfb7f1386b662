import { expect, test } from 'vitest';
import { CONDITION_REASONS, CONDITION_TYPES } from '../../../src/adapters/http/condition-reasons.ts';
import { RUNS_KEPT } from '../../../src/adapters/http/next-account.ts';
import { CHANGES_KEPT, HELD_KEPT } from '../../../src/adapters/http/pending-plan.ts';
import { PROBLEMS_KEPT } from '../../../src/adapters/http/status-parts.ts';
import { GUARD_RULES } from '../../../src/core/domain/plan/plan.ts';
import { RUN_ENDS, TRIGGERS } from '../../../src/core/domain/run/daemon-event.ts';
import { DEFERRED_WORDS } from '../../../src/report/words/reason-words.ts';
import { publishedSchema } from './support/schema-errors.ts';

type Node = Readonly<Record<string, unknown>>;

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}

/** Every list of words, and every bound, of the schema, once each. */
function everyValue(key: 'enum' | 'maxItems', value: unknown = publishedSchema('status')): readonly string[] {
  if (!isNode(value)) return [];
  const own = value[key] === undefined ? [] : [JSON.stringify(value[key])];
  return [...new Set([...own, ...Object.values(value).flatMap((child) => everyValue(key, child))])];
}

test.each<[what: string, words: readonly (string | null)[]]>([
  ['types of conditions', CONDITION_TYPES],
  ['reasons of conditions', Object.keys(CONDITION_REASONS)],
  ['ends of runs', Object.keys(RUN_ENDS)],
  ['triggers', Object.keys(TRIGGERS)],
  ['rules of guards', GUARD_RULES],
  ['reasons to defer', [...Object.keys(DEFERRED_WORDS), null]],
])('the schema knows exactly the %s', (_, words) => {
  const sorted = (list: readonly unknown[]) => [...list].map(String).sort().join(' ');
  expect(everyValue('enum').map((text) => sorted(JSON.parse(text)))).toContain(sorted(words));
});

test('the schema has the bounds that the status keeps', () => {
  const bounds = [CONDITION_TYPES.length, RUNS_KEPT, PROBLEMS_KEPT, CHANGES_KEPT, HELD_KEPT];
  expect(new Set(everyValue('maxItems'))).toEqual(new Set(bounds.map(String)));
});
