import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { checkBy, type SchemaCheck } from '../../core/document/check-schema.ts';
import { readSchema } from './shipped-file.ts';

/** The schemas that grantd checks files against when it reads them. */
export const VALIDATORS = ['policy', 'settings', 'shared', 'team', 'approvals'] as const;

/** The name of one of `VALIDATORS`. */
export type ValidatorName = (typeof VALIDATORS)[number];

/** The schemas that a schema refers to: the files of a policy share the definitions of its root file. */
export function referredBy(name: ValidatorName): readonly ValidatorName[] {
  return name === 'policy' || name === 'settings' ? [] : ['policy'];
}

const checks = new Map<ValidatorName, Promise<SchemaCheck>>();

/** The check of files of that kind, made once: a daemon checks many texts. */
export function schemaCheck(name: ValidatorName): Promise<SchemaCheck> {
  const known = checks.get(name);
  if (known) return known;
  const check = makeCheck(name);
  checks.set(name, check);
  // A failure may pass, such as a lack of file descriptors: the next text tries again.
  check.catch(() => checks.delete(name));
  return check;
}

/** Where the build puts the validator of a schema: with the compiled sources, never with the sources. */
export function validatorPath(name: ValidatorName): URL {
  return new URL(`../../validators/${name}.cjs`, import.meta.url);
}

/** Without a build, as in tests, it compiles the schema itself. */
async function makeCheck(name: ValidatorName): Promise<SchemaCheck> {
  const path = fileURLToPath(validatorPath(name));
  if (existsSync(path)) return checkBy(createRequire(import.meta.url)(path));
  const [{ compileSchema }, schema, ...referred] = await Promise.all([
    import('../../core/document/compile-schema.ts'),
    ...[name, ...referredBy(name)].map(parsedSchema),
  ]);
  return compileSchema(schema as object, referred);
}

async function parsedSchema(name: ValidatorName): Promise<object> {
  return JSON.parse(await readSchema(name));
}
