import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { checkBy, type SchemaCheck } from '../../core/document/check-schema.ts';
import { readSchema } from './shipped-file.ts';

/** The schemas that files are judged by when grantd reads them. */
export const VALIDATORS = ['policy', 'settings'] as const;

export type ValidatorName = (typeof VALIDATORS)[number];

const checks = new Map<ValidatorName, Promise<SchemaCheck>>();

/** The check of files of that kind, made once: a daemon judges many texts. */
export function schemaCheck(name: ValidatorName): Promise<SchemaCheck> {
  const known = checks.get(name);
  if (known) return known;
  const check = makeCheck(name);
  checks.set(name, check);
  // What failed once, for want of a descriptor say, is tried anew for the next text.
  check.catch(() => checks.delete(name));
  return check;
}

/** Where the build puts the validator of a schema: beside the compiled sources, and never beside the sources. */
export function validatorPath(name: ValidatorName): URL {
  return new URL(`../../validators/${name}.cjs`, import.meta.url);
}

/** What runs from the sources, as tests do, has no build to take it from, and compiles the schema itself. */
async function makeCheck(name: ValidatorName): Promise<SchemaCheck> {
  const path = fileURLToPath(validatorPath(name));
  if (existsSync(path)) return checkBy(createRequire(import.meta.url)(path));
  const [{ compileSchema }, schema] = await Promise.all([
    import('../../core/document/compile-schema.ts'),
    readSchema(name),
  ]);
  return compileSchema(JSON.parse(schema));
}
