import { CONNECTION_KEYS } from '../../../adapters/settings/settings-table.ts';
import { POLICY_ARGUMENT } from '../../line/arguments.ts';
import { type CallOf, defineCommand } from '../../line/command.ts';
import { valueFlag } from '../../line/flags.ts';

/** One call of `grantd snapshot`. */
export type SnapshotCall = CallOf<typeof snapshotCommand>;

/** `grantd snapshot`: its arguments, flags, settings and help. */
export const snapshotCommand = defineCommand({
  name: 'snapshot',
  summary: 'save the account as it is now to a file',
  description:
    'Reads the account that the policy or --account names and prints it as JSON: who has what on which resource. It ' +
    'contains no secret. With it, plan, validate, explain and who answer later, or elsewhere, without a token.',
  arguments: { policy: POLICY_ARGUMENT },
  flags: {
    out: valueFlag('FILE', 'write it to this file (mode 0600) instead of printing it'),
    account: valueFlag('ID', 'the id of the account, if there is no policy yet'),
  },
  settings: ['policy', ...CONNECTION_KEYS],
  reads: 'the policy, for its account, if --account does not say it; the account over the API',
  writes: 'nothing, but the file of --out',
  exits: [0, 1, 4],
  examples: [
    { line: 'grantd snapshot --out account.json', says: 'the account of ./policy.yaml' },
    { line: 'grantd snapshot --out a.json && grantd plan --snapshot a.json', says: 'then plan against it, offline' },
    { line: 'grantd snapshot --account 3229 --out account.json', says: 'without a policy' },
  ],
});
