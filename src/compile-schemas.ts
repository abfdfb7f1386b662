/**
 * A step of the build, after the sources are compiled: writes the validators of the schemas that grantd itself judges files
 * by to `dist/validators`. Compiling them takes ajv some 150 ms and 10 MB, which no start of grantd has to pay again.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { VALIDATORS, validatorPath } from './cli/process/schema-check.ts';
import { schemaPath } from './cli/process/shipped-file.ts';
import { validatorText } from './core/document/compile-schema.ts';

await mkdir(new URL('.', validatorPath('policy')), { recursive: true });
for (const name of VALIDATORS) {
  const schema: object = JSON.parse(await readFile(schemaPath(name), 'utf8'));
  await writeFile(validatorPath(name), validatorText(schema));
}
