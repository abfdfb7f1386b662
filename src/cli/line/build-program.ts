import { Argument, Command, Option } from 'commander';
import { SETTINGS_FILE_VARIABLE } from '../../adapters/settings/environment.ts';
import { defaultText, flagOf, SETTINGS, variableOf } from '../../adapters/settings/settings-table.ts';
import type { Output } from '../process/io.ts';
import type { CommandSpec, FlagValue } from './command.ts';
import { helpAfter, programHelpAfter } from './help-text.ts';
import { FOUND_SETTINGS_FILE } from './load-settings.ts';

/** What is said on a command line, before any of it is judged. */
export interface ParsedLine {
  readonly spec: CommandSpec;
  readonly arguments: readonly (string | undefined)[];
  readonly flags: ReadonlyMap<string, FlagValue>;
}

/** Widest help: what fits beside something else on a screen. */
const HELP_COLUMNS_MAX = 100;

const SETTINGS_GROUP = 'Settings (flag, then variable, then settings file, then default):';

/** Makes the parser of all commands. It prints help and version; anything wrong it throws as `CommanderError`. */
export function buildProgram(
  specs: readonly CommandSpec[],
  about: { readonly version: string; readonly stdout: Output; readonly stderr: Output },
  onParsed: (line: ParsedLine) => void,
): Command {
  const columns = Math.min(about.stdout.columns ?? HELP_COLUMNS_MAX, HELP_COLUMNS_MAX);
  const program = new Command('grantd')
    .description('GitOps for Mailtrap permissions: makes an account equal to a YAML policy, and explains every change.')
    .version(about.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .option('--no-color', 'print without colours')
    .helpCommand('help [command]', 'print the help of a command')
    .addHelpText('after', programHelpAfter())
    .configureHelp({
      subcommandTerm: (command) => [command.name(), ...command.registeredArguments.map(wordOf)].join(' '),
    })
    .configureOutput({
      writeOut: (text) => about.stdout.write(text),
      getOutHelpWidth: () => columns,
      getErrHelpWidth: () => columns,
      writeErr: (text) => about.stderr.write(text),
      // Whoever calls prints what is wrong, in the words of all other errors.
      outputError: () => {},
    })
    .exitOverride();
  for (const spec of specs) addCommand(program, spec, onParsed);
  return program;
}

function addCommand(program: Command, spec: CommandSpec, onParsed: (line: ParsedLine) => void): void {
  const command = program
    .command(spec.name)
    .summary(spec.summary)
    .description(spec.description)
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', helpAfter(spec));
  for (const { name, says, choices } of spec.arguments) {
    const argument = new Argument(name, says);
    command.addArgument(choices ? argument.choices(choices) : argument);
  }
  for (const { flags, says, choices, isRepeatable } of spec.flags) {
    const option = new Option(flags, says);
    if (isRepeatable) option.argParser((value: string, given: readonly string[] = []) => [...given, value]);
    command.addOption(choices ? option.choices(choices) : option);
  }
  for (const option of settingOptions(spec)) command.addOption(option.helpGroup(SETTINGS_GROUP));
  command.addOption(new Option('--no-color', 'print without colours'));
  command.action(() => onParsed({ spec, arguments: [...command.processedArgs], flags: flagsOf(command) }));
}

/** The flags of settings say which variable and which default stand behind them. */
function settingOptions({ settings }: CommandSpec): readonly Option[] {
  if (settings.length === 0) return [];
  const file = new Option(
    '--settings <FILE>',
    `the settings file (${SETTINGS_FILE_VARIABLE}; ${FOUND_SETTINGS_FILE}, if it is there)`,
  );
  return [
    ...settings.map((key) => {
      const { kind, says } = SETTINGS[key];
      return new Option(`${flagOf(key)} <${kind.placeholder}>`, `${says} (${variableOf(key)}; ${defaultText(key)})`);
    }),
    file,
  ];
}

function wordOf(argument: Argument): string {
  return argument.required ? `<${argument.name()}>` : `[${argument.name()}]`;
}

/** Those that were given, by their long names. */
function flagsOf(command: Command): ReadonlyMap<string, FlagValue> {
  const flags = new Map<string, FlagValue>();
  for (const option of command.options) {
    if (command.getOptionValueSource(option.attributeName()) !== 'cli') continue;
    const value: unknown = command.getOptionValue(option.attributeName());
    const isGiven = typeof value === 'string' || Array.isArray(value);
    flags.set((option.long ?? '').slice(2), isGiven ? value : true);
  }
  return flags;
}
