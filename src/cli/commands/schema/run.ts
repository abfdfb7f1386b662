import { EXIT, type ExitCode } from '../../line/exit-code.ts';
import { readSchema } from '../../process/shipped-file.ts';
import type { SchemaCall } from './spec.ts';

/** Prints a JSON schema that is shipped with grantd. */
export async function runSchema({ io, arguments: { name } }: SchemaCall): Promise<ExitCode> {
  io.stdout.write(await readSchema(name));
  return EXIT.done;
}
