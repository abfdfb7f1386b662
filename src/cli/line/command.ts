import type { Origins } from '../../adapters/settings/resolve-settings.ts';
import type { SettingKey, Settings } from '../../adapters/settings/settings-table.ts';
import type { FoundToken } from '../../adapters/settings/token.ts';
import type { Paint } from '../../report/layout/paint.ts';
import type { CliIo } from '../process/io.ts';
import type { Secrets } from '../process/secrets.ts';
import type { ArgumentSpecs } from './arguments.ts';
import type { ExitCode } from './exit-code.ts';
import type { FlagSpecs, GivenFlag } from './flags.ts';

/** One line of the help that a user can copy, and what it does. */
export interface Example {
  readonly line: string;
  readonly says: string;
}

/** The arguments of a line in their order; undefined for one that was left out. */
export type GivenArguments = readonly (string | undefined)[];

/** Everything that is known of a command without running it: its parsing, its help and docs/cli.md come from here. */
export interface CommandSpec<A extends ArgumentSpecs = ArgumentSpecs, F extends FlagSpecs = FlagSpecs> {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  readonly description: string;
  /** In the order of the line. */
  readonly arguments: A;
  /** In the order of the help. */
  readonly flags: F;
  /** The settings that it honours, each with a flag of its own. */
  readonly settings: readonly SettingKey[];
  /** True if it takes all accounts of a settings file; any other command takes the one that the policy names. */
  readonly isForEveryAccount?: true;
  readonly reads: string;
  readonly writes: string;
  readonly exits: readonly ExitCode[];
  readonly examples: readonly Example[];
  /** Puts arguments that were left out in the middle into their places. */
  readonly arrange?: (given: GivenArguments) => GivenArguments;
}

/** What every call has, whichever command it is: how it is run, and where it prints. */
export interface CallContext {
  readonly io: CliIo;
  /** The defaults for a command that honours none. */
  readonly settings: Settings;
  /** Where each setting that is not a default came from. */
  readonly origins: Origins;
  /** The policy as the line names it, by an argument or by `--policy`; null if it names none. */
  readonly namedPolicy: string | null;
  /** Looked for once: a token file may be a pipe, which can be read once only. */
  readonly token: FoundToken;
  readonly secrets: Secrets;
  readonly paint: { readonly stdout: Paint; readonly stderr: Paint };
}

type ValuesOf<Specs extends ArgumentSpecs | FlagSpecs> = {
  readonly [Key in keyof Specs]: ReturnType<Specs[Key]['read']>;
};

/** One call of one command, with the arguments and the flags that the command declares. */
export interface CommandCall<A extends ArgumentSpecs, F extends FlagSpecs> extends CallContext {
  readonly arguments: ValuesOf<A>;
  readonly flags: ValuesOf<F>;
}

/** The call of a declared command: `CallOf<typeof whoCommand>`. */
export type CallOf<Spec> = Spec extends CommandSpec<infer A, infer F> ? CommandCall<A, F> : never;

/** What a line gave to a command, before the command's own declaration gives it types. */
export interface GivenWords {
  readonly arguments: GivenArguments;
  /** By the keys of the command's flags. */
  readonly flags: ReadonlyMap<string, GivenFlag>;
}

/** A command that can be run, whatever its arguments and flags are. */
export interface Command extends CommandSpec {
  readonly start: (context: CallContext, given: GivenWords) => Promise<ExitCode>;
}

/** Declares a command. The types of `call.arguments` and `call.flags` follow from it. */
export function defineCommand<const A extends ArgumentSpecs, const F extends FlagSpecs>(
  spec: CommandSpec<A, F>,
): CommandSpec<A, F> {
  return spec;
}

/** A declared command with what runs it, which is loaded only when the command is called. */
export function runnable<A extends ArgumentSpecs, F extends FlagSpecs>(
  spec: CommandSpec<A, F>,
  loadRun: () => Promise<(call: CommandCall<A, F>) => Promise<ExitCode>>,
): Command {
  const start: Command['start'] = async (context, given) => {
    const positions = new Map(Object.keys(spec.arguments).map((key, index) => [key, given.arguments[index]]));
    const run = await loadRun();
    return run({
      ...context,
      arguments: valuesOf(spec.arguments, (key, { read }) => read(positions.get(key))),
      flags: valuesOf(spec.flags, (key, { read }) => read(given.flags.get(key))),
    });
  };
  return { ...spec, start };
}

/** Reads each of the declared values. The cast is sound since every value comes from the `read` of its own key. */
function valuesOf<Specs extends ArgumentSpecs | FlagSpecs>(
  specs: Specs,
  read: (key: string, spec: Specs[string]) => unknown,
): ValuesOf<Specs> {
  const values = Object.entries(specs).map(([key, spec]) => [key, read(key, spec as Specs[string])]);
  return Object.fromEntries(values) as ValuesOf<Specs>;
}
