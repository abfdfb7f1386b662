import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';

/** The schemas of this folder's outputs. */
export const REPORT_SCHEMAS = ['plan', 'run', 'explain', 'who', 'snapshot', 'review'] as const;
export type ReportSchema = (typeof REPORT_SCHEMAS)[number];

export function readSchema(name: ReportSchema): Readonly<Record<string, unknown>> {
  return JSON.parse(readFileSync(new URL(`../../schemas/${name}.v1.schema.json`, import.meta.url), 'utf8'));
}

/** What the published schema says against a value, once it went through JSON; empty where nothing. */
export function schemaErrors(name: ReportSchema, value: unknown): readonly string[] {
  const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(readSchema(name));
  if (validate(JSON.parse(JSON.stringify(value)))) return [];
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}
