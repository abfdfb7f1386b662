import { CommanderError } from 'commander';
import { TOKEN_FILE_VARIABLE, TOKEN_VARIABLE } from '../../adapters/settings/token.ts';
import type { CliIo } from '../process/io.ts';
import { buildProgram, type ParsedLine } from './build-program.ts';
import type { CommandSpec } from './command.ts';
import { UsageError } from './errors.ts';

/** Reads a command line. Null where help or the version was asked for and is printed; throws `UsageError`. */
export async function parseLine(
  argv: readonly string[],
  specs: readonly CommandSpec[],
  about: { readonly version: string; readonly io: CliIo },
): Promise<ParsedLine | null> {
  refuseToken(argv);
  let parsed: ParsedLine | null = null;
  const { version, io } = about;
  const program = buildProgram(specs, { version, stdout: io.stdout, stderr: io.stderr }, (line) => {
    parsed = line;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help and the version end the parser too, without an error, once they are printed.
    if (error.exitCode !== 0) throw toUsageError(error, argv, specs);
  }
  return parsed;
}

/** A secret on a command line is seen by every process of the machine and kept by the shell's history. */
function refuseToken(argv: readonly string[]): void {
  if (!argv.some((word) => /^--(?:api-)?token(?:=|$)/.test(word))) return;
  throw new UsageError(
    'the API token is never read from a flag: other users and the shell history would see it',
    `set ${TOKEN_VARIABLE}, or ${TOKEN_FILE_VARIABLE} to a file that holds it; take the token that was typed out of the history`,
  );
}

function toUsageError(error: CommanderError, argv: readonly string[], specs: readonly CommandSpec[]): UsageError {
  const spec = specs.find((candidate) => argv.includes(candidate.name));
  const help = spec ? `grantd ${spec.name} --help shows what it takes` : 'grantd --help lists the commands';
  if (error.code === 'commander.help') return new UsageError('no command is given', help);
  const [first = '', suggestion = ''] = error.message.split('\n');
  const near = /^\(Did you mean (?:one of )?(.*)\?\)$/.exec(suggestion)?.[1];
  // A value that stands right behind an unknown flag may be a secret.
  const message = first.replace(/^error: (?:command-argument value )?/, '').replace(/'(--?[^'=]*)=[^']*'/, "'$1'");
  return new UsageError(message, near === undefined ? help : `did you mean ${near}? ${help}`);
}
