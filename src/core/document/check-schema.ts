import type { ErrorObject } from 'ajv';
import type { Problem } from '../domain/text/problem.ts';
import { type DocumentNode, toData } from './document-node.ts';
import { explainShape } from './explain-shape.ts';

/** Checks a document against a schema. Each problem has the place of its node. */
export type SchemaCheck = (root: DocumentNode) => readonly Problem[];

/** A compiled schema. It says whether data matches it; `errors` are about the data of the last call. */
export interface Validator {
  (data: unknown): unknown;
  errors?: readonly ErrorObject[] | null;
}

/** Makes a check of documents from a compiled schema. */
export function checkBy(validator: Validator): SchemaCheck {
  return (root) => (validator(toData(root)) ? [] : explainShape(root, validator.errors as readonly ErrorObject[]));
}
