import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CliIo } from './io.ts';
import { shippedPath } from './shipped-file.ts';

/** An example as shipped, named from where grantd was started, if that is shorter. */
export function examplePath({ cwd }: Pick<CliIo, 'cwd'>, name: 'account' | 'policy'): string {
  const path = fileURLToPath(shippedPath(`config/${name}.example.yaml`));
  const fromHere = relative(cwd, path);
  return fromHere.startsWith('..') ? path : fromHere;
}
