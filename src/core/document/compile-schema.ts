import { Ajv, type Options } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import addFormats from 'ajv-formats';
import { checkBy, type SchemaCheck, type Validator } from './check-schema.ts';

/**
 * Makes a check of a draft-07 schema. The schema is an argument because pure code reads no files; one that is no schema
 * throws here, once, and not when a document is checked.
 */
export function compileSchema(schema: object): SchemaCheck {
  return checkBy(newCompiler().compile(schema) as Validator);
}

/** The validator of a schema as the text of a CommonJS module, which needs no compiler when it is loaded. */
export function validatorText(schema: object): string {
  const compiler = newCompiler({ code: { source: true } });
  return standalone.default(compiler, compiler.compile(schema));
}

/** All errors are collected, with the data that each is about: the text is small and reviewed. */
function newCompiler(options: Options = {}): Ajv {
  const strict: Options = { strict: true, strictRequired: false, allowUnionTypes: true };
  const compiler = new Ajv({ ...strict, allErrors: true, verbose: true, ...options });
  addFormats.default(compiler);
  return compiler;
}
