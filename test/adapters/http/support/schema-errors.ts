import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';

export type PublishedSchema = Readonly<Record<string, unknown>>;

export function publishedSchema(name: 'status' | 'event'): PublishedSchema {
  return JSON.parse(readFileSync(new URL(`../../../../schemas/${name}.v1.schema.json`, import.meta.url), 'utf8'));
}

/** Judges values by a published schema: what it says against one, once it went through JSON; empty where nothing. */
export function schemaJudge(name: 'status' | 'event'): (value: unknown) => readonly string[] {
  const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(publishedSchema(name));
  return (value) => {
    if (validate(JSON.parse(JSON.stringify(value)))) return [];
    return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
  };
}

/** Every place of a schema that lets something in which it does not describe. */
export function loosePlaces(schema: PublishedSchema): readonly string[] {
  return [...nodesOf(schema, '')].flatMap(([path, node]) => {
    const loose = node['type'] === 'object' && node['additionalProperties'] !== false ? [`${path} is open`] : [];
    const properties = node['properties'];
    if (!isNode(properties) || path.endsWith('/properties')) return loose;
    const required: unknown = node['required'];
    const optional = Object.keys(properties).filter((key) => !Array.isArray(required) || !required.includes(key));
    const silent = Object.entries(properties).filter(([, value]) => !isNode(value) || !value['description']);
    return [
      ...loose,
      ...optional.map((key) => `${path}/${key} is optional`),
      ...silent.map(([key]) => `${path}/${key} is not described`),
    ];
  });
}

function* nodesOf(value: unknown, path: string): Generator<readonly [path: string, node: PublishedSchema]> {
  if (!isNode(value)) return;
  yield [path, value];
  for (const [key, child] of Object.entries(value)) yield* nodesOf(child, `${path}/${key}`);
}

function isNode(value: unknown): value is PublishedSchema {
  return typeof value === 'object' && value !== null;
}
