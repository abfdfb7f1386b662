import type { CommandSpec } from '../../line/command.ts';
import { formatFlag } from '../../line/flags.ts';
import { POLICY_ARGUMENT } from '../../line/policy-argument.ts';

export const validateCommand: CommandSpec = {
  name: 'validate',
  summary: 'check a policy and run the tests in it: no token, no network',
  description:
    'Checks the text of the policy, its words, its references, what contradicts itself, its invariants, and the tests in ' +
    'it. Every problem is told at once, with its place and a remedy. What the text cannot decide says so and is skipped; a ' +
    'snapshot decides it. An error exits with 4; a failed test, or an invariant broken on the snapshot, with 1.',
  arguments: [POLICY_ARGUMENT],
  flags: [
    { flags: '--junit <FILE>', says: 'also write the result as JUnit XML' },
    { flags: '--snapshot <FILE>', says: 'judge the tests and `never` on a saved account' },
    formatFlag('text', 'json'),
  ],
  settings: ['policy'],
  reads: 'the policy, and the snapshot',
  writes: 'nothing, but the file of --junit',
  exits: [0, 1, 4],
  examples: [
    { line: 'grantd validate', says: './policy.yaml' },
    { line: 'grantd validate team.yaml --junit validate.xml', says: 'in CI, on every pull request' },
    { line: 'grantd validate --snapshot account.json', says: 'with tests that only an account can decide' },
    { line: 'git show HEAD:policy.yaml | grantd validate -', says: 'what is committed' },
  ],
  run: async (call) => (await import('./run.ts')).runValidate(call),
};
