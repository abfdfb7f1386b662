import { CONNECTION_KEYS } from '../../../adapters/settings/settings-table.ts';
import { policyArgument } from '../../line/arguments.ts';
import { type CallOf, defineCommand } from '../../line/command.ts';
import { SNAPSHOT_FLAG, switchFlag, valueFlag } from '../../line/flags.ts';

/** One call of `grantd import`. */
export type ImportCall = CallOf<typeof importCommand>;

/** `grantd import`: its arguments, flags, settings and help. */
export const importCommand = defineCommand({
  name: 'import',
  summary: 'write a policy that grants what people have in the account now',
  description:
    'Reads the account and writes a policy in mode observe that changes nothing: it has everyone in grants, those with ' +
    'the same access in groups, owners and account admins protected, and comments for what no policy can say. With ' +
    '--update it takes into an existing policy what the account has otherwise, and keeps its comments and its order.',
  arguments: { policy: policyArgument('with --update: the policy file (then GRANTD_POLICY, then ./policy.yaml)') },
  flags: {
    update: switchFlag('change the policy so that it says what the account has'),
    out: valueFlag('FILE', 'write to this file, which must not exist yet; - prints (default without --update)'),
    snapshot: SNAPSHOT_FLAG,
    account: valueFlag('ID', 'the id of the account (default: the one that the token administers)'),
  },
  settings: ['policy', ...CONNECTION_KEYS],
  isForEveryAccount: true,
  reads: 'the account over the API, or a snapshot; with --update the policy',
  writes: 'the file of --out; with --update the policy file; never to the account',
  exits: [0, 1, 4],
  examples: [
    { line: 'grantd import --out policy.yaml', says: 'the account of the token as a policy' },
    { line: 'grantd import --snapshot account.json', says: 'the same from a saved account, printed' },
    { line: 'grantd import --update policy.yaml', says: 'take over what someone changed in Mailtrap' },
    { line: 'grantd import --update policy.yaml --out -', says: 'only show the result' },
  ],
});
