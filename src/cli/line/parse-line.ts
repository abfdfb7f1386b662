import { CommanderError } from 'commander';
import { TOKEN_FILE_VARIABLE, TOKEN_VARIABLE } from '../../adapters/settings/token.ts';
import { nearest } from '../../core/document/suggest.ts';
import type { CliIo } from '../process/io.ts';
import { buildProgram, type ParsedLine } from './build-program.ts';
import type { CallContext, Command } from './command.ts';
import { UsageError } from './errors.ts';

/** Reads a command line. Null if it asked for help or the version, which is then printed. Throws `UsageError`. */
export async function parseLine(
  argv: readonly string[],
  commands: readonly Command[],
  about: { readonly version: string; readonly io: CliIo; readonly paint: CallContext['paint'] },
): Promise<ParsedLine | null> {
  refuseToken(argv);
  refuseUnknownHelp(argv, commands);
  let parsed: ParsedLine | null = null;
  const { version, io, paint } = about;
  const program = buildProgram(commands, { version, io, paint }, (line) => {
    parsed = line;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // After help or the version, commander throws too, with exit code 0.
    if (error.exitCode !== 0) throw toUsageError(error, argv, commands);
  }
  return parsed;
}

/** Every process of the machine can see a secret on a command line, and the shell keeps it in its history. */
function refuseToken(argv: readonly string[]): void {
  if (!argv.some((word) => /^--(?:api-)?token(?:=|$)/.test(word))) return;
  throw new UsageError(
    'the API token is never read from a flag: other users and the shell history would see it',
    `set ${TOKEN_VARIABLE}, or ${TOKEN_FILE_VARIABLE} to a file that contains it; remove the token that you typed from the history`,
  );
}

/** `grantd help NAME` with a name that is no command. Commander would print its help without saying what is wrong. */
function refuseUnknownHelp(argv: readonly string[], commands: readonly Command[]): void {
  const [word, asked] = argv.filter((one) => !one.startsWith('-'));
  const names = commands.map(({ name }) => name);
  if (word !== 'help' || asked === undefined || names.includes(asked)) return;
  const near = nearest(asked, names);
  const help = 'grantd --help lists the commands';
  throw new UsageError(`unknown command '${asked}'`, near === null ? help : `did you mean ${near}? ${help}`);
}

function toUsageError(error: CommanderError, argv: readonly string[], commands: readonly Command[]): UsageError {
  const command = commands.find(({ name }) => argv.includes(name));
  const help = command ? `grantd ${command.name} --help shows what it takes` : 'grantd --help lists the commands';
  if (error.code === 'commander.help') return new UsageError('no command is given', help);
  const [first = '', suggestion = ''] = error.message.split('\n');
  const near = /^\(Did you mean (?:one of )?(.*)\?\)$/.exec(suggestion)?.[1];
  return new UsageError(usageText(first), near === undefined ? help : `did you mean ${near}? ${help}`);
}

/** The first line of an error of Commander, in the form of grantd. */
function usageText(first: string): string {
  return (
    first
      .replace(/^error: /, '')
      .replace(/^missing required argument '(.*)'$/, '$1 is missing')
      .replace(/^option '(--\S+) <(.*)>' argument missing$/, '$1: $2 is missing')
      .replace(
        /^too many arguments for '(.*)'\. Expected (\d+ arguments?) but got (\d+)\.$/,
        'too many arguments: $1 takes $2 at most, not $3',
      )
      // The value of an unknown flag may be a secret.
      .replace(/'(--?[^'=]*)=[^']*'/, "'$1'")
  );
}
