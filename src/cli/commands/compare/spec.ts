import type { CommandSpec } from '../../line/command.ts';
import { formatFlag } from '../../line/flags.ts';

export const compareCommand: CommandSpec = {
  name: 'compare',
  summary: 'what changes for whom between two policies: no token, no network',
  description:
    'Tells who gains and loses what when one policy follows another, the largest risks first; what changes in how far the ' +
    'policy goes; and what begins or ends at another time. By the two texts it tells what they prove and what only an ' +
    'account can tell; with --snapshot it is exact, resource by resource.',
  arguments: [
    { name: '<OLD>', says: 'the policy as it is; - reads standard input' },
    { name: '<NEW>', says: 'the policy as it is to be; - reads standard input' },
  ],
  flags: [
    { flags: '--snapshot <FILE>', says: 'compare on a saved account' },
    { flags: '--at <DATE>', says: 'compare at this moment instead of now: 2026-12-31, or with a time and offset' },
    formatFlag('text', 'json', 'markdown'),
    { flags: '--detailed-exitcode', says: 'exit with 2 if anything differs' },
  ],
  settings: [],
  reads: 'both policies, and the snapshot',
  writes: 'nothing',
  exits: [0, 1, 2, 4],
  examples: [
    { line: 'git show main:policy.yaml | grantd compare - policy.yaml', says: 'what this branch changes' },
    { line: 'grantd compare old.yaml new.yaml --snapshot account.json', says: 'exactly, on an account' },
    { line: 'grantd compare old.yaml new.yaml --format markdown', says: 'as a comment on a pull request' },
    { line: 'grantd compare old.yaml new.yaml --at 2027-01-01', says: 'once some grants have ended' },
  ],
  run: async (call) => (await import('./run.ts')).runCompare(call),
};
