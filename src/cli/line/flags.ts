/** What a command line gave for a flag: its value, all its values, or true for a flag without a value. */
export type GivenFlag = string | true | readonly string[];

/** A flag of one command. Its long name comes from its key: `detailedExitcode` is `--detailed-exitcode`. */
export interface FlagSpec<Value = unknown> {
  /** As in `<FILE>`; null for a flag that takes no value. */
  readonly placeholder: string | null;
  readonly says: string;
  readonly choices?: readonly string[];
  /** May be given several times. */
  readonly isRepeatable?: true;
  /** What a call has under the key of the flag. */
  readonly read: (given: GivenFlag | undefined) => Value;
}

/** The flags of a command by their keys, in the order of the help. */
export type FlagSpecs = Readonly<Record<string, FlagSpec>>;

/** A flag without a value: true if it was given. */
export function switchFlag(says: string): FlagSpec<boolean> {
  return { placeholder: null, says, read: (given) => given !== undefined };
}

/** A flag with a value that may be any text; undefined without the flag. */
export function valueFlag(placeholder: string, says: string): FlagSpec<string | undefined> {
  return { placeholder, says, read: textOf };
}

/** A flag that may be repeated: all its values, in their order. */
export function listFlag(placeholder: string, says: string): FlagSpec<readonly string[]> {
  return { placeholder, says, isRepeatable: true, read: (given) => (typeof given === 'object' ? given : []) };
}

/** A flag that takes one of a few words; undefined without the flag. */
export function choiceFlag<const Choice extends string>(
  placeholder: string,
  says: string,
  choices: readonly Choice[],
): FlagSpec<Choice | undefined> {
  return { placeholder, says, choices, read: (given) => choices.find((choice) => choice === given) };
}

/** `--format`, with the first format as its default. */
export function formatFlag<const Format extends string>(first: Format, ...others: readonly Format[]): FlagSpec<Format> {
  const formats = [first, ...others];
  return {
    placeholder: 'FORMAT',
    says: `what to print (default: ${first}); JSON is stable and versioned`,
    choices: formats,
    read: (given) => formats.find((format) => format === given) ?? first,
  };
}

/** `--snapshot` of the commands that need no network with it. */
export const SNAPSHOT_FLAG = valueFlag('FILE', 'judge by a saved snapshot instead of the account: no network');

/** `--at` of the commands that answer questions about access. */
export const AT_FLAG = valueFlag(
  'DATE',
  'judge dates at this moment instead of now: 2026-12-31, or with a time and offset',
);

/** `--verbose` of the commands that fold what stays the same from run to run. */
export const VERBOSE_FLAG = switchFlag('list every finding that the text folds into one line');

/** `detailedExitcode` → `--detailed-exitcode`. */
export function longFlag(key: string): string {
  return `--${key.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)}`;
}

function textOf(given: GivenFlag | undefined): string | undefined {
  return typeof given === 'string' ? given : undefined;
}
