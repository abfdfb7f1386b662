import { CONNECTION_KEYS } from '../../../adapters/settings/settings-table.ts';
import type { CommandSpec } from '../../line/command.ts';
import { POLICY_ARGUMENT } from '../../line/policy-argument.ts';
import { SNAPSHOT_FLAG } from '../../line/snapshot-flag.ts';
import { ACCOUNT_FLAG } from '../../open/own-account.ts';

export const importCommand: CommandSpec = {
  name: 'import',
  summary: 'write down what the account holds as a policy, or take over what changed',
  description:
    'Reads the account and writes a policy in mode observe that changes nothing: everybody in grants, those who hold the ' +
    'same in groups, owners and account admins protected, and comments for what no policy can say. With --update it takes ' +
    'into a policy that is there what the account holds otherwise, and keeps its comments and its order.',
  arguments: [{ ...POLICY_ARGUMENT, says: 'with --update: the policy file (then GRANTD_POLICY, then ./policy.yaml)' }],
  flags: [
    { flags: '--update', says: 'change the policy so that it says what the account holds' },
    {
      flags: '--out <FILE>',
      says: 'write to this file, which must not be there yet; - prints (default without --update)',
    },
    SNAPSHOT_FLAG,
    ACCOUNT_FLAG,
  ],
  settings: ['policy', ...CONNECTION_KEYS],
  isForEveryAccount: true,
  reads: 'the account over the API, or a snapshot; with --update the policy',
  writes: 'the file of --out; with --update the policy file; never to the account',
  exits: [0, 1, 4],
  examples: [
    { line: 'grantd import --out policy.yaml', says: 'the account of the token as a policy' },
    { line: 'grantd import --snapshot account.json', says: 'the same from a saved account, printed' },
    { line: 'grantd import --update policy.yaml', says: 'take over what somebody changed in Mailtrap' },
    { line: 'grantd import --update policy.yaml --out -', says: 'only look at what that would be' },
  ],
  run: async (call) => (await import('./run.ts')).runImport(call),
};
