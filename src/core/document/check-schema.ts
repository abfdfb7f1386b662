import type { ErrorObject } from 'ajv';
import type { Problem } from '../domain/text/problem.ts';
import { type DocumentNode, toData } from './document-node.ts';
import { explainShape } from './explain-shape.ts';

/** Finds what a schema has against a document, each at the place of its node. */
export type SchemaCheck = (root: DocumentNode) => readonly Problem[];

/** A compiled schema: whether data fits it, with what it has against the data that it was asked about last. */
export interface Validator {
  (data: unknown): unknown;
  errors?: readonly ErrorObject[] | null;
}

/** Makes a check of documents out of a compiled schema. */
export function checkBy(validator: Validator): SchemaCheck {
  return (root) => (validator(toData(root)) ? [] : explainShape(root, validator.errors as readonly ErrorObject[]));
}
