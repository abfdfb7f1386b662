import { POLICY_ARGUMENT } from '../../line/arguments.ts';
import { type CallOf, defineCommand } from '../../line/command.ts';
import { formatFlag, valueFlag } from '../../line/flags.ts';

/** One call of `grantd validate`. */
export type ValidateCall = CallOf<typeof validateCommand>;

/** `grantd validate`: its arguments, flags, settings and help. */
export const validateCommand = defineCommand({
  name: 'validate',
  summary: 'check a policy and run the tests in it: no token, no network',
  description:
    'Checks the text of the policy: its words, references, contradictions, invariants and tests. Reports every problem ' +
    'at once, with its place and a remedy. It skips what the text cannot decide, and says so; a snapshot decides it. An ' +
    'error exits with 4; a failed test, or an invariant broken on the snapshot, with 1.',
  arguments: { policy: POLICY_ARGUMENT },
  flags: {
    junit: valueFlag('FILE', 'also write the result as JUnit XML'),
    snapshot: valueFlag('FILE', 'judge the tests, `never` and e-mails on a saved account'),
    format: formatFlag('text', 'json'),
  },
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
});
