import { Argument, Command, Option } from 'commander';
import { SETTINGS_FILE_VARIABLE } from '../../adapters/settings/environment.ts';
import { defaultText, flagOf, SETTINGS, type SettingKey, variableOf } from '../../adapters/settings/settings-table.ts';
import { nearest } from '../../core/document/suggest.ts';
import { fitText } from '../../report/layout/fit.ts';
import type { Paint } from '../../report/layout/paint.ts';
import type { CliIo } from '../process/io.ts';
import type { CallContext, GivenWords, Command as GrantdCommand } from './command.ts';
import { UsageError } from './errors.ts';
import { type FlagSpec, type GivenFlag, longFlag } from './flags.ts';
import { helpAfter, programHelpAfter } from './help-text.ts';
import { FOUND_SETTINGS_FILE, type GivenSettings } from './load-settings.ts';

/** What a command line gives, before any of it is judged. */
export interface ParsedLine extends GivenWords {
  readonly command: GrantdCommand;
  readonly settings: GivenSettings;
}

/** The widest help, so that it fits on a screen with something else; and the narrowest that Commander wraps well. */
const HELP_COLUMNS_MAX = 100;
const HELP_COLUMNS_MIN = 80;

/** Commander leaves narrow help in one line each, for `fitText` to wrap. */
function helpWidth({ columns = HELP_COLUMNS_MAX }: Paint): number {
  return columns < HELP_COLUMNS_MIN ? 10_000 : columns;
}

function helpPaint(paint: Paint): Paint {
  return { ...paint, columns: Math.min(paint.columns ?? HELP_COLUMNS_MAX, HELP_COLUMNS_MAX) };
}

const SETTINGS_GROUP = 'Settings (flag, then variable, then settings file, then default):';

/** Makes the parser of all commands. It prints help and version, and throws `CommanderError` for anything wrong. */
export function buildProgram(
  commands: readonly GrantdCommand[],
  {
    version,
    io,
    paint,
  }: { readonly version: string; readonly io: Pick<CliIo, 'stdout' | 'stderr'>; readonly paint: CallContext['paint'] },
  onParsed: (line: ParsedLine) => void,
): Command {
  const stdout = helpPaint(paint.stdout);
  const stderr = helpPaint(paint.stderr);
  const program = new Command('grantd')
    .description('GitOps for Mailtrap permissions: makes an account equal to a YAML policy, and explains every change.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .option('--no-color', 'print without colours')
    .helpCommand('help [command]', 'print the help of a command')
    .addHelpText('after', programHelpAfter(stdout))
    .configureHelp({
      subcommandTerm: (command) => [command.name(), ...command.registeredArguments.map(wordOf)].join(' '),
    })
    .configureOutput({
      writeOut: (text) => io.stdout.write(fitText(text, stdout, 0)),
      getOutHelpWidth: () => helpWidth(stdout),
      getErrHelpWidth: () => helpWidth(stderr),
      writeErr: (text) => io.stderr.write(fitText(text, stderr, 0)),
      // The caller prints what is wrong, in the form of all other errors.
      outputError: () => {},
    })
    .exitOverride();
  for (const command of commands) addCommand(program, command, stdout, onParsed);
  return program;
}

function addCommand(
  program: Command,
  command: GrantdCommand,
  paint: Paint,
  onParsed: (line: ParsedLine) => void,
): void {
  const parser = program
    .command(command.name)
    .summary(command.summary)
    .description(command.description)
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', helpAfter(command, paint));
  for (const { word, says, choices } of Object.values(command.arguments)) {
    const argument = new Argument(word, says);
    if (choices) argument.choices(choices).argParser(choiceParser(command.name, argument.name(), choices));
    parser.addArgument(argument);
  }
  const flags = new Map(Object.entries(command.flags).map(([key, flag]) => [key, toOption(command.name, key, flag)]));
  const settings = new Map(command.settings.map((key) => [key, settingOption(key)]));
  const file = settingsFileOption();
  for (const option of flags.values()) parser.addOption(option);
  for (const option of settings.size === 0 ? [] : [...settings.values(), file]) {
    parser.addOption(option.helpGroup(SETTINGS_GROUP));
  }
  parser.addOption(new Option('--no-color', 'print without colours'));
  parser.action(() =>
    onParsed({
      command,
      arguments: parser.processedArgs.map((given) => (Array.isArray(given) ? given.join('\n') : given)),
      flags: givenOf(parser, flags),
      settings: { values: textsOf(parser, settings), file: textOf(givenBy(parser, file)) },
    }),
  );
}

function toOption(command: string, key: string, { placeholder, says, choices, isRepeatable }: FlagSpec): Option {
  const option = new Option(placeholder === null ? longFlag(key) : `${longFlag(key)} <${placeholder}>`, says);
  if (isRepeatable) option.argParser((value: string, given: readonly string[] = []) => [...given, value]);
  if (choices) option.choices(choices).argParser(choiceParser(command, longFlag(key), choices));
  return option;
}

/** Replaces Commander's own check of choices, which keeps the choices for the help only. Throws `UsageError`. */
function choiceParser(command: string, name: string, choices: readonly string[]): (value: string) => string {
  return (value) => {
    if (choices.includes(value)) return value;
    const words = [choices.slice(0, -1).join(', '), ...choices.slice(-1)].join(' or ');
    const near = nearest(value, choices);
    const help = `grantd ${command} --help shows what it takes`;
    throw new UsageError(`${name}: '${value}' is not ${words}`, near === null ? help : `did you mean ${near}? ${help}`);
  };
}

/** The flag of a setting names its variable and its default. */
function settingOption(key: SettingKey): Option {
  const { kind, says } = SETTINGS[key];
  return new Option(`${flagOf(key)} <${kind.placeholder}>`, `${says} (${variableOf(key)}; ${defaultText(key)})`);
}

function settingsFileOption(): Option {
  return new Option(
    '--settings <FILE>',
    `the settings file (${SETTINGS_FILE_VARIABLE}; ${FOUND_SETTINGS_FILE}, if it exists)`,
  );
}

function wordOf(argument: Argument): string {
  return argument.required ? `<${argument.name()}>` : `[${argument.name()}]`;
}

/** What the line gave for an option; undefined if it gave nothing. */
function givenBy(parser: Command, option: Option): GivenFlag | undefined {
  if (parser.getOptionValueSource(option.attributeName()) !== 'cli') return undefined;
  const value: unknown = parser.getOptionValue(option.attributeName());
  return typeof value === 'string' || Array.isArray(value) ? value : true;
}

function givenOf<Key>(parser: Command, options: ReadonlyMap<Key, Option>): ReadonlyMap<Key, GivenFlag> {
  return new Map(
    [...options].flatMap(([key, option]) => {
      const given = givenBy(parser, option);
      return given === undefined ? [] : [[key, given] as const];
    }),
  );
}

function textsOf<Key>(parser: Command, options: ReadonlyMap<Key, Option>): ReadonlyMap<Key, string> {
  return new Map(
    [...givenOf(parser, options)].flatMap(([key, given]) => (typeof given === 'string' ? [[key, given] as const] : [])),
  );
}

function textOf(given: GivenFlag | undefined): string | undefined {
  return typeof given === 'string' ? given : undefined;
}
