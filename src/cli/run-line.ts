import { unknownVariables } from '../adapters/settings/environment.ts';
import { resolveSettings } from '../adapters/settings/resolve-settings.ts';
import type { Settings } from '../adapters/settings/settings-table.ts';
import { warningText } from '../report/problems/text.ts';
import { COMMAND_LOADERS } from './command-loaders.ts';
import type { ParsedLine } from './line/build-program.ts';
import type { CallContext, Command, GivenArguments } from './line/command.ts';
import { UsageError } from './line/errors.ts';
import { EXIT, type ExitCode } from './line/exit-code.ts';
import { loadSettings } from './line/load-settings.ts';
import { forOneAccount } from './line/one-account.ts';
import { parseLine } from './line/parse-line.ts';

/** What every call has before its settings are read. */
export type BaseContext = Pick<CallContext, 'io' | 'token' | 'secrets' | 'paint'>;

/** Reads a command line and runs the command that it names. Throws what goes wrong. */
export async function runLine(argv: readonly string[], version: string, base: BaseContext): Promise<ExitCode> {
  const { io, paint } = base;
  const line = await parseLine(argv, await commandsFor(argv), { version, io, paint });
  if (line === null) return EXIT.done;
  const { command, flags } = line;
  const words = command.arrange?.(line.arguments) ?? line.arguments;
  const context = await toContext(line, words, base);
  return await command.start(context, { arguments: words, flags });
}

/** The command that the first word names. Help, and a word that is no command, need all of them. */
async function commandsFor([word = '']: readonly string[]): Promise<readonly Command[]> {
  const load = COMMAND_LOADERS.get(word);
  return load ? [await load()] : (await import('./commands.ts')).COMMANDS;
}

async function toContext(line: ParsedLine, words: GivenArguments, base: BaseContext): Promise<CallContext> {
  const { command } = line;
  const { io, paint } = base;
  const settings = withPolicy(line, words);
  const namedPolicy = settings.values.get('policy') ?? null;
  if (command.settings.length === 0) return { ...base, namedPolicy, settings: defaults(), origins: new Map() };
  for (const { where, message, remedy } of unknownVariables(io.env)) {
    io.stderr.write(warningText(`${where}: ${message}`, remedy, paint.stderr));
  }
  const context = { ...base, namedPolicy, ...(await loadSettings(base, settings)) };
  return command.isForEveryAccount ? context : forOneAccount(context);
}

/** The policy as an argument is the same setting as `--policy`. */
function withPolicy({ command, settings }: ParsedLine, words: GivenArguments): ParsedLine['settings'] {
  const policy = words[Object.values(command.arguments).findIndex(({ isPolicy }) => isPolicy === true)];
  if (policy === undefined) return settings;
  if (settings.values.has('policy')) {
    throw new UsageError(`two policies are named: ${policy} and --policy`, 'name one of them');
  }
  return { ...settings, values: new Map([...settings.values, ['policy', policy]]) };
}

function defaults(): Settings {
  const resolved = resolveSettings({ flags: new Map(), env: {}, file: null });
  if (resolved.ok) return resolved.settings;
  throw new TypeError('a default setting is invalid');
}
