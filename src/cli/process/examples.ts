import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GrantdError } from '../../core/domain/text/error.ts';
import { type AccountSeed, SEED_BYTES_MAX } from '../../simulator/seed.ts';
import type { CallContext } from '../line/command.ts';
import { UsageError } from '../line/errors.ts';
import type { CliIo } from './io.ts';
import { type InputKind, readInput } from './read-input.ts';
import { shippedPath } from './shipped-file.ts';

/** Fixing the first errors often fixes the rest. */
const ERRORS_SHOWN = 5;

const SEED: InputKind = {
  noun: 'seed',
  code: 'policy-unreadable',
  bytesMax: SEED_BYTES_MAX,
  mayHoldToken: true,
};

/** The path of a shipped example, relative to the working directory if it lies below it. */
export function examplePath({ cwd }: Pick<CliIo, 'cwd'>, name: 'account' | 'policy'): string {
  const path = fileURLToPath(shippedPath(`config/${name}.example.yaml`));
  const fromHere = relative(cwd, path);
  return fromHere.startsWith('..') ? path : fromHere;
}

/** The accounts that a seed describes. Throws `UsageError` if the seed is invalid. */
export async function readSeeds(
  call: Pick<CallContext, 'io' | 'secrets'>,
  path: string,
): Promise<readonly AccountSeed[]> {
  const { text } = await readInput(call, path, SEED).catch((error) => {
    throw error instanceof GrantdError ? new UsageError(error.message, error.remedy) : error;
  });
  const { loadAccountSeeds } = await import('../../simulator/account-seed.ts');
  const loaded = loadAccountSeeds(text);
  if ('seeds' in loaded) return loaded.seeds;
  const shown = loaded.errors.slice(0, ERRORS_SHOWN).join(' | ');
  throw new UsageError(`the seed ${path} is invalid: ${shown}`, 'grantd schema account prints what a seed may contain');
}
