import { choiceArgument } from '../../line/arguments.ts';
import { type CallOf, defineCommand } from '../../line/command.ts';
import { SCHEMA_NAMES } from '../../process/shipped-file.ts';

/** One call of `grantd schema`. */
export type SchemaCall = CallOf<typeof schemaCommand>;

/** `grantd schema`: its arguments, flags, settings and help. */
export const schemaCommand = defineCommand({
  name: 'schema',
  summary: 'print a JSON schema',
  description:
    'Prints the JSON schema of what grantd reads or prints: for editors that complete and check YAML, and for programs ' +
    'that read the output of --format json.',
  arguments: { name: choiceArgument('NAME', 'which one', SCHEMA_NAMES) },
  flags: {},
  settings: [],
  reads: 'a file that is shipped with grantd',
  writes: 'nothing',
  exits: [0, 4],
  examples: [
    { line: 'grantd schema policy > policy.schema.json', says: 'for an editor' },
    { line: 'grantd schema plan', says: 'the shape of plan --format json' },
  ],
});
