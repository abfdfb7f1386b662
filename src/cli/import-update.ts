import type { Call } from './command-spec.ts';
import { EXIT, type ExitCode } from './exit-code.ts';

export async function updatePolicy(_call: Call): Promise<ExitCode> {
  return EXIT.failed;
}
