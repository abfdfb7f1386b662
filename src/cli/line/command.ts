import type { Origins } from '../../adapters/settings/resolve-settings.ts';
import type { SettingKey, Settings } from '../../adapters/settings/settings-table.ts';
import type { FoundToken } from '../../adapters/settings/token.ts';
import type { Paint } from '../../report/layout/paint.ts';
import type { CliIo } from '../process/io.ts';
import type { Secrets } from '../process/secrets.ts';
import type { ExitCode } from './exit-code.ts';

export interface ArgumentSpec {
  /** `[POLICY]` where it may be left out, `<WHO>` where not. */
  readonly name: string;
  readonly says: string;
  readonly choices?: readonly string[];
}

export interface FlagSpec {
  /** As in `--out <FILE>`. */
  readonly flags: string;
  readonly says: string;
  readonly choices?: readonly string[];
  /** May be given several times. */
  readonly isRepeatable?: true;
}

export interface Example {
  readonly line: string;
  readonly says: string;
}

/** Everything that is said of a command: its parsing, its help and docs/cli.md come from here. */
export interface CommandSpec {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  readonly description: string;
  readonly arguments: readonly ArgumentSpec[];
  readonly flags: readonly FlagSpec[];
  /** The settings that it honours, each with a flag of its own. */
  readonly settings: readonly SettingKey[];
  /** True where it takes all accounts of a settings file; any other command takes the one that the policy names. */
  readonly isForEveryAccount?: true;
  readonly reads: string;
  readonly writes: string;
  readonly exits: readonly ExitCode[];
  readonly examples: readonly Example[];
  /** Puts arguments that were left out in the middle into their places. */
  readonly arrange?: (given: Call['arguments']) => Call['arguments'];
  readonly run: (call: Call) => Promise<ExitCode>;
}

export type FlagValue = string | true | readonly string[];

/** One call of a command: what was said on its line, how it is run, and where it prints. */
export interface Call {
  readonly io: CliIo;
  /** In the order of `arguments`; undefined where left out. */
  readonly arguments: readonly (string | undefined)[];
  /** By name without dashes, as in `out`; true for one that takes no value, a list for one that may be repeated. */
  readonly flags: ReadonlyMap<string, FlagValue>;
  /** The defaults for a command that honours none. */
  readonly settings: Settings;
  /** Where each setting that is not a default came from. */
  readonly origins: Origins;
  /** Looked for once: a token file may be a pipe, which can be read once only. */
  readonly token: FoundToken;
  readonly secrets: Secrets;
  readonly paint: { readonly stdout: Paint; readonly stderr: Paint };
}
