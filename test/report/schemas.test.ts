import { describe, expect, test } from 'vitest';
import { DEFERRED_WORDS } from '../../src/core/domain/plan/deferred-words.ts';
import { GUARD_RULES } from '../../src/core/domain/plan/plan.ts';
import { UNRESOLVED_REASONS } from '../../src/core/domain/plan/unresolved.ts';
import { UNMANAGEABLE_WORDS } from '../../src/report/words/reason-words.ts';
import { REPORT_SCHEMAS, readSchema } from './schema-check.ts';

type Node = Readonly<Record<string, unknown>>;

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}

function* nodesOf(value: unknown, path = ''): Generator<readonly [path: string, node: Node]> {
  if (!isNode(value)) return;
  yield [path, value];
  for (const [key, child] of Object.entries(value)) yield* nodesOf(child, `${path}/${key}`);
}

function enumsOf(key: string): readonly string[] {
  return REPORT_SCHEMAS.flatMap((name) =>
    [...nodesOf(readSchema(name))].flatMap(([path, node]) =>
      path.endsWith(`/${key}`) && Array.isArray(node['enum']) ? [node['enum'].map(String).sort().join(' ')] : [],
    ),
  );
}

describe.each(REPORT_SCHEMAS)('the schema of %s', (name) => {
  const schema = readSchema(name);

  test('is draft-07 and says where it lives', () => {
    expect(schema).toMatchObject({
      $schema: 'http://json-schema.org/draft-07/schema#',
      $id: `https://grantd.dev/schemas/${name}.v1.schema.json`,
    });
  });

  test('describes every property, and lets no other in', () => {
    for (const [path, node] of nodesOf(schema)) {
      if (node['type'] === 'object') expect(node['additionalProperties'], path).toBe(false);
      const properties = node['properties'];
      if (!isNode(properties) || path.endsWith('/properties')) continue;
      for (const [key, property] of Object.entries(properties))
        expect(isNode(property) && property['description'], `${path}/${key}`).toEqual(expect.any(String));
    }
  });

  test('means by a definition what the other schemas mean by it', () => {
    const own = schema['definitions'];
    for (const other of REPORT_SCHEMAS) {
      const theirs = readSchema(other)['definitions'];
      if (!isNode(own) || !isNode(theirs)) continue;
      for (const key of Object.keys(own)) if (key in theirs) expect(own[key]).toEqual(theirs[key]);
    }
  });
});

test('the schemas know every reason code and every rule, and no other', () => {
  const deferred = Object.keys(DEFERRED_WORDS).sort().join(' ');
  const unmanageable = Object.keys(UNMANAGEABLE_WORDS).sort().join(' ');
  const unresolved = [...UNRESOLVED_REASONS].sort().join(' ');
  expect(new Set(enumsOf('reason'))).toEqual(new Set([deferred, unmanageable, unresolved]));
  expect(new Set(enumsOf('rule'))).toEqual(new Set([[...GUARD_RULES].sort().join(' ')]));
});
