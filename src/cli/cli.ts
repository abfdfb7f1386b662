import { unknownVariables } from '../adapters/settings/environment.ts';
import { resolveSettings } from '../adapters/settings/resolve-settings.ts';
import type { Settings } from '../adapters/settings/settings-table.ts';
import { findToken, TOKEN_VARIABLE } from '../adapters/settings/token.ts';
import { GrantdError } from '../core/domain/text/error.ts';
import { warningText } from '../report/problems/text.ts';
import { COMMANDS } from './commands.ts';
import type { ParsedLine } from './line/build-program.ts';
import type { CallContext, GivenArguments } from './line/command.ts';
import { UsageError } from './line/errors.ts';
import { EXIT, type ExitCode, worstOf } from './line/exit-code.ts';
import { loadSettings } from './line/load-settings.ts';
import { forOneAccount } from './line/one-account.ts';
import { parseLine } from './line/parse-line.ts';
import { printFailure } from './line/print-failure.ts';
import type { CliIo } from './process/io.ts';
import { settingsWarner } from './process/secret-file.ts';
import { Secrets } from './process/secrets.ts';
import { readVersion } from './process/shipped-file.ts';
import { paintOn } from './process/terminal.ts';

/** One whole call of grantd, from the words of its command line to its exit code. Never throws, and never ends the process. */
export async function cli(argv: readonly string[], processIo: CliIo): Promise<ExitCode> {
  const secrets = new Secrets();
  const io: CliIo = { ...processIo, stdout: secrets.guard(processIo.stdout), stderr: secrets.guard(processIo.stderr) };
  const paint = paints(io, !argv.includes('--no-color'));
  const token = findToken(io.env, io.cwd, settingsWarner(io, paint.stderr));
  // No command may print the token, so it is removed from every output from the first line on.
  secrets.add(token.ok ? token.token() : (io.env[TOKEN_VARIABLE] ?? '').trim());
  const code = await runLine(argv, { io, token, secrets, paint });
  const { reason } = io.stdout.closed;
  if (!(reason instanceof GrantdError)) return code;
  io.stderr.write(`${paint.stderr.fail(`error[${reason.code}]:`)} ${reason.message}\n`);
  return worstOf(code, EXIT.failed);
}

type BaseContext = Pick<CallContext, 'io' | 'token' | 'secrets' | 'paint'>;

async function runLine(argv: readonly string[], base: BaseContext): Promise<ExitCode> {
  const { io, paint } = base;
  try {
    const line = await parseLine(argv, COMMANDS, { version: await readVersion(), io, paint });
    if (line === null) return EXIT.done;
    const { command, flags } = line;
    const words = command.arrange?.(line.arguments) ?? line.arguments;
    const context = await toContext(line, words, base);
    return await command.start(context, { arguments: words, flags });
  } catch (error) {
    return printFailure(error, io.stderr, paint.stderr);
  }
}

function paints(io: CliIo, mayColour: boolean): CallContext['paint'] {
  return { stdout: paintOn(io.stdout, io.env, mayColour), stderr: paintOn(io.stderr, io.env, mayColour) };
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
