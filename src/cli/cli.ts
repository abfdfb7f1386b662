import { findToken, TOKEN_VARIABLE } from '../adapters/settings/token.ts';
import { GrantdError } from '../core/domain/text/error.ts';
import type { CallContext } from './line/command.ts';
import { EXIT, type ExitCode, worstOf } from './line/exit-code.ts';
import type { CliIo } from './process/io.ts';
import { settingsWarner } from './process/secret-file.ts';
import { Secrets } from './process/secrets.ts';
import { readVersion } from './process/shipped-file.ts';
import { paintOn } from './process/terminal.ts';
import type { BaseContext } from './run-line.ts';

/** One whole call of grantd, from the words of its command line to its exit code. Never throws, and never ends the process. */
export async function cli(argv: readonly string[], processIo: CliIo): Promise<ExitCode> {
  const secrets = new Secrets();
  const io: CliIo = { ...processIo, stdout: secrets.guard(processIo.stdout), stderr: secrets.guard(processIo.stderr) };
  const paint = paints(io, !argv.includes('--no-color'));
  const token = findToken(io.env, io.cwd, settingsWarner(io, paint.stderr));
  // No command may print the token, so it is removed from every output from the first line on.
  secrets.add(token.ok ? token.token() : (io.env[TOKEN_VARIABLE] ?? '').trim());
  const code = await answer(argv, { io, token, secrets, paint });
  const { reason } = io.stdout.closed;
  if (!(reason instanceof GrantdError)) return code;
  io.stderr.write(`${paint.stderr.fail(`error[${reason.code}]:`)} ${reason.message}\n`);
  return worstOf(code, EXIT.failed);
}

/** What a line needs is loaded only once it is needed: a hook asks for the version often, and that needs next to nothing. */
async function answer(argv: readonly string[], base: BaseContext): Promise<ExitCode> {
  const { io, paint } = base;
  try {
    const version = await readVersion();
    if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
      io.stdout.write(`${version}\n`);
      return EXIT.done;
    }
    const { runLine } = await import('./run-line.ts');
    return await runLine(argv, version, base);
  } catch (error) {
    const { printFailure } = await import('./line/print-failure.ts');
    return printFailure(error, io.stderr, paint.stderr);
  }
}

function paints(io: CliIo, mayColour: boolean): CallContext['paint'] {
  return { stdout: paintOn(io.stdout, io.env, mayColour), stderr: paintOn(io.stderr, io.env, mayColour) };
}
