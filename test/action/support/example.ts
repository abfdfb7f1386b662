import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { blocksOf } from '../../docs/shell-blocks.ts';
import { ROOT } from '../../support/build.ts';

/** The example of docs/pull-requests.md that is to be saved under this name. */
export function exampleFile(name: string): string {
  const found = blocksOf('docs/pull-requests.md', 'yaml').find((block) => block.startsWith(`# ${name}\n`));
  if (found === undefined) throw new Error(`docs/pull-requests.md has no ${name}`);
  return found;
}

export const EXAMPLE_POLICY = readFileSync(join(ROOT, 'config/policy.example.yaml'), 'utf8');
