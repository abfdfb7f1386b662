import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';

/** The schemas of this folder's outputs. */
export const REPORT_SCHEMAS = ['plan', 'run', 'explain', 'who', 'compare', 'changes', 'review', 'snapshot'] as const;
export type ReportSchema = (typeof REPORT_SCHEMAS)[number];

export function readSchema(name: ReportSchema): Readonly<Record<string, unknown>> {
  return JSON.parse(readFileSync(new URL(`../../schemas/${name}.v1.schema.json`, import.meta.url), 'utf8'));
}

const validators = new Map<ReportSchema, ValidateFunction>();

function compiled(name: ReportSchema): ValidateFunction {
  const known = validators.get(name);
  if (known) return known;
  const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(readSchema(name));
  validators.set(name, validate);
  return validate;
}

/** What the published schema says against a value, once it went through JSON; empty where nothing. */
export function schemaErrors(name: ReportSchema, value: unknown): readonly string[] {
  const validate = compiled(name);
  if (validate(JSON.parse(JSON.stringify(value)))) return [];
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}
