import { readFile } from 'node:fs/promises';

/** The JSON schemas by the names that `grantd schema` takes. */
export const SCHEMA_NAMES = [
  'policy',
  'shared',
  'team',
  'approvals',
  'settings',
  'plan',
  'run',
  'explain',
  'who',
  'compare',
  'changes',
  'review',
  'snapshot',
  'problems',
  'doctor',
  'account',
  'status',
  'event',
  'log',
  'audit',
  'state',
] as const;

/** The name of one of `SCHEMA_NAMES`. */
export type SchemaName = (typeof SCHEMA_NAMES)[number];

/** The text of a schema that is shipped with the program. */
export function readSchema(name: SchemaName): Promise<string> {
  return readFile(schemaPath(name), 'utf8');
}

/** Where a shipped schema is. */
export function schemaPath(name: SchemaName): URL {
  return shippedPath(`schemas/${name}.v1.schema.json`);
}

/** A file of the package. Its root is as far from `src/cli/process` as from `dist/cli/process`. */
export function shippedPath(path: string): URL {
  return new URL(`../../../${path}`, import.meta.url);
}

/** The version of grantd, from package.json. */
export async function readVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(shippedPath('package.json'), 'utf8'));
  return String(version);
}

/** The oldest supported version of Node, from package.json. */
export async function readNeededNode(): Promise<string> {
  const { engines } = JSON.parse(await readFile(shippedPath('package.json'), 'utf8'));
  return String(engines.node).replace(/^>=/, '');
}
