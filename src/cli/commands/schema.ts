import type { Call, CommandSpec } from '../line/command.ts';
import { EXIT, type ExitCode } from '../line/exit-code.ts';
import { readSchema, SCHEMA_NAMES } from '../process/shipped-file.ts';

export const schemaCommand: CommandSpec = {
  name: 'schema',
  summary: 'print a JSON schema',
  description:
    'Prints the JSON schema of what grantd reads or prints: for editors that complete and check YAML, and for programs ' +
    'that read the output of --format json.',
  arguments: [{ name: '<NAME>', says: 'which one', choices: SCHEMA_NAMES }],
  flags: [],
  settings: [],
  reads: 'a file that is shipped with grantd',
  writes: 'nothing',
  exits: [0, 4],
  examples: [
    { line: 'grantd schema policy > policy.schema.json', says: 'for an editor' },
    { line: 'grantd schema plan', says: 'the shape of plan --format json' },
  ],
  run,
};

async function run({ io, arguments: [name] }: Call): Promise<ExitCode> {
  const known = SCHEMA_NAMES.find((candidate) => candidate === name) ?? 'policy';
  io.stdout.write(await readSchema(known));
  return EXIT.done;
}
