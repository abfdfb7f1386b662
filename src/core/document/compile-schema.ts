import { Ajv, type Options } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import addFormats from 'ajv-formats';
import { checkBy, type SchemaCheck, type Validator } from './check-schema.ts';

/**
 * Makes a check from a draft-07 schema, and from the schemas that it refers to. The schemas are arguments because pure code
 * reads no files. An invalid schema throws here, not during a check.
 */
export function compileSchema(schema: object, referred: readonly object[] = []): SchemaCheck {
  return checkBy(newCompiler(referred).compile(schema) as Validator);
}

/** The validator of a schema as the text of a CommonJS module. Loading it needs no compiler. */
export function validatorText(schema: object, referred: readonly object[]): string {
  const compiler = newCompiler(referred, { code: { source: true } });
  return standalone.default(compiler, compiler.compile(schema));
}

/** The compiler collects all errors, each with its data. That is safe because the text is small and reviewed. */
function newCompiler(referred: readonly object[], options: Options = {}): Ajv {
  const strict: Options = { strict: true, strictRequired: false, allowUnionTypes: true };
  const compiler = new Ajv({ ...strict, allErrors: true, verbose: true, ...options });
  addFormats.default(compiler);
  for (const schema of referred) compiler.addSchema(schema);
  return compiler;
}
