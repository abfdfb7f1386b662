import { Ajv, type ErrorObject } from 'ajv';
import addFormats from 'ajv-formats';
import type { Problem } from '../domain/problem.ts';
import { type DocumentNode, toData } from './document-node.ts';
import { explainShape } from './explain-shape.ts';

/** Finds what a schema has against a document, each at the place of its node. */
export type SchemaCheck = (root: DocumentNode) => readonly Problem[];

/**
 * Makes a check of a draft-07 schema. The schema is an argument because pure code reads no files; one that is no schema
 * throws here, once, and not when a document is checked. All errors are collected: the text is small and reviewed.
 */
export function compileSchema(schema: object): SchemaCheck {
  const ajv = new Ajv({ strict: true, strictRequired: false, allowUnionTypes: true, allErrors: true, verbose: true });
  addFormats.default(ajv);
  const validate = ajv.compile(schema);
  return (root) => {
    if (validate(toData(root))) return [];
    return explainShape(root, validate.errors as readonly ErrorObject[]);
  };
}
