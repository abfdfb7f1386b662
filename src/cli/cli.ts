import { unknownVariables } from '../adapters/settings/environment.ts';
import { resolveSettings } from '../adapters/settings/resolve-settings.ts';
import type { Settings } from '../adapters/settings/settings-table.ts';
import { findToken, TOKEN_VARIABLE } from '../adapters/settings/token.ts';
import { warningText } from '../report/problems/text.ts';
import { COMMANDS } from './commands.ts';
import type { ParsedLine } from './line/build-program.ts';
import type { Call } from './line/command.ts';
import { UsageError } from './line/errors.ts';
import { EXIT, type ExitCode } from './line/exit-code.ts';
import { loadSettings } from './line/load-settings.ts';
import { forOneAccount } from './line/one-account.ts';
import { parseLine } from './line/parse-line.ts';
import { printFailure } from './line/print-failure.ts';
import type { CliIo } from './process/io.ts';
import { paintFor } from './process/paint-for.ts';
import { Secrets } from './process/secrets.ts';
import { readVersion } from './process/shipped-file.ts';

/** One whole call of grantd, from the words of its command line to its exit code. Never throws, and never ends the process. */
export async function cli(argv: readonly string[], world: CliIo): Promise<ExitCode> {
  const token = findToken(world.env, world.cwd);
  const secrets = new Secrets();
  // The token is kept out of every output from the very first line on, whatever command it is.
  secrets.add(token.ok ? token.token() : (world.env[TOKEN_VARIABLE] ?? '').trim());
  const io: CliIo = { ...world, stdout: secrets.guard(world.stdout), stderr: secrets.guard(world.stderr) };
  const paint = paints(io, !argv.includes('--no-color'));
  try {
    const line = await parseLine(argv, COMMANDS, { version: await readVersion(), io });
    return line === null ? EXIT.done : await line.spec.run(await toCall(line, { io, token, secrets, paint }));
  } catch (error) {
    return printFailure(error, io.stderr, paint.stderr);
  }
}

function paints(io: CliIo, wantsColour: boolean): Call['paint'] {
  return { stdout: paintFor(io.stdout, io.env, wantsColour), stderr: paintFor(io.stderr, io.env, wantsColour) };
}

async function toCall(line: ParsedLine, world: Pick<Call, 'io' | 'token' | 'secrets' | 'paint'>): Promise<Call> {
  const { spec } = line;
  const { io, paint } = world;
  const args = spec.arrange?.(line.arguments) ?? line.arguments;
  const flags = withPolicy(line, args);
  if (spec.settings.length === 0) {
    return { ...world, arguments: args, flags, settings: defaults(), origins: new Map() };
  }
  for (const { where, message, remedy } of unknownVariables(io.env)) {
    io.stderr.write(warningText(`${where}: ${message}`, remedy, paint.stderr));
  }
  const call = { ...world, arguments: args, flags, ...(await loadSettings(world, flags)) };
  return spec.isForEveryAccount ? call : forOneAccount(call);
}

/** The positional policy is the same setting as `--policy`. */
function withPolicy({ spec, flags }: ParsedLine, args: Call['arguments']): Call['flags'] {
  const policy = args[spec.arguments.findIndex(({ name }) => name === '[POLICY]')];
  if (policy === undefined) return flags;
  if (flags.has('policy')) {
    throw new UsageError(`two policies are named: ${policy} and --policy`, 'name one of them');
  }
  return new Map([...flags, ['policy', policy]]);
}

function defaults(): Settings {
  const resolved = resolveSettings({ flags: new Map(), env: {}, file: null });
  if (resolved.ok) return resolved.settings;
  throw new TypeError('a default setting is invalid');
}
