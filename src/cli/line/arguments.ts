/** An argument of one command. A call has it under its key. */
export interface ArgumentSpec<Value = unknown> {
  /** `[POLICY]` if it may be left out, `<WHO>` if not. */
  readonly word: string;
  readonly says: string;
  readonly choices?: readonly string[];
  /** True for the argument that means the same as `--policy`. */
  readonly isPolicy?: true;
  readonly read: (given: string | undefined) => Value;
}

/** The arguments of a command by their keys, in the order of the line. */
export type ArgumentSpecs = Readonly<Record<string, ArgumentSpec>>;

/** An argument that may be any text. */
export function requiredArgument(name: string, says: string): ArgumentSpec<string> {
  return { word: `<${name}>`, says, read: (given) => given ?? missing(name) };
}

/** One or more words. A line has them apart, and no word has a line break. */
export function listArgument(name: string, says: string): ArgumentSpec<readonly string[]> {
  return { word: `<${name}...>`, says, read: (given) => (given ?? missing(name)).split('\n') };
}

/** An argument that may be left out; then it is undefined. */
export function optionalArgument(name: string, says: string): ArgumentSpec<string | undefined> {
  return { word: `[${name}]`, says, read: (given) => given };
}

/** An argument that takes one of a few words. */
export function choiceArgument<const Choice extends string>(
  name: string,
  says: string,
  choices: readonly Choice[],
): ArgumentSpec<Choice> {
  return {
    word: `<${name}>`,
    says,
    choices,
    read: (given) => choices.find((choice) => choice === given) ?? missing(name),
  };
}

/** The policy as an argument: the same setting as `--policy`. */
export function policyArgument(says: string): ArgumentSpec<string | undefined> {
  return { ...optionalArgument('POLICY', says), isPolicy: true };
}

/** The policy as most commands take it. */
export const POLICY_ARGUMENT = policyArgument(
  'the policy file (then GRANTD_POLICY, then ./policy.yaml); - reads standard input',
);

/** The parser refuses such a line before any command sees it. */
function missing(name: string): never {
  throw new TypeError(`the argument ${name} was not parsed`);
}
