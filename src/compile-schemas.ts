/**
 * A step of the build, after the sources are compiled. It writes a validator to `dist/validators` for each schema that
 * grantd checks files against. ajv needs some 150 ms and 10 MB to compile them, which every start of grantd saves.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { referredBy, VALIDATORS, type ValidatorName, validatorPath } from './cli/process/schema-check.ts';
import { schemaPath } from './cli/process/shipped-file.ts';
import { validatorText } from './core/document/compile-schema.ts';

await mkdir(new URL('.', validatorPath('policy')), { recursive: true });
for (const name of VALIDATORS) {
  const referred = await Promise.all(referredBy(name).map(readParsed));
  await writeFile(validatorPath(name), validatorText(await readParsed(name), referred));
}

async function readParsed(name: ValidatorName): Promise<object> {
  return JSON.parse(await readFile(schemaPath(name), 'utf8'));
}
