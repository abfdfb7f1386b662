import { TOKEN_FILE_VARIABLE, TOKEN_VARIABLE } from '../../adapters/settings/token.ts';
import { commandLines } from '../../report/layout/fit.ts';
import type { Paint } from '../../report/layout/paint.ts';
import type { CommandSpec, Example } from './command.ts';
import { EXIT_MEANINGS } from './exit-code.ts';

const EXIT_CODES = Object.entries(EXIT_MEANINGS).map(([code, meaning]) => `  ${code}  ${meaning}`);

/** The first steps of a newcomer: see it, write a policy, look, apply. */
const FIRST_STEPS: readonly Example[] = [
  { line: 'grantd demo', says: 'see it at work, on a simulated account' },
  { line: 'grantd validate team.yaml', says: 'check a policy that you wrote' },
  { line: 'grantd plan team.yaml', says: 'see what it would change, and why' },
  { line: 'grantd apply team.yaml', says: 'carry it out' },
];

/** What follows the list of commands. */
export function programHelpAfter(paint: Paint): string {
  return [
    '',
    'Examples:',
    ...FIRST_STEPS.flatMap((example) => exampleLines(example, paint)),
    '',
    'Exit codes (of several, the first of 4 1 3 2 0 that applies):',
    ...EXIT_CODES,
    '',
    `The API token is read from ${TOKEN_VARIABLE}, or from the file that ${TOKEN_FILE_VARIABLE} names; never from a flag. grantd COMMAND --help has examples of each command.`,
  ].join('\n');
}

/** What follows the flags of one command. */
export function helpAfter(spec: CommandSpec, paint: Paint): string {
  return [
    '',
    `Reads:   ${spec.reads}`,
    `Writes:  ${spec.writes}`,
    '',
    'Exit codes:',
    ...spec.exits.map((code) => `  ${code}  ${EXIT_MEANINGS[code]}`),
    '',
    'Examples:',
    ...spec.examples.flatMap((example) => exampleLines(example, paint)),
  ].join('\n');
}

function exampleLines({ line, says }: Example, paint: Paint): readonly string[] {
  return [`  # ${says}`, ...commandLines('  ', line, paint)];
}
