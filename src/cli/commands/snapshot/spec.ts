import { CONNECTION_KEYS } from '../../../adapters/settings/settings-table.ts';
import type { CommandSpec } from '../../line/command.ts';
import { POLICY_ARGUMENT } from '../../line/policy-argument.ts';

export const snapshotCommand: CommandSpec = {
  name: 'snapshot',
  summary: 'save the account as it is now to a file',
  description:
    'Reads the account that the policy or --account names and prints it as JSON: who holds what on which resource. It holds no secret, ' +
    'and lets plan, validate, explain and who answer later, or elsewhere, without a token.',
  arguments: [POLICY_ARGUMENT],
  flags: [
    { flags: '--out <FILE>', says: 'write it to this file (mode 0600) instead of printing it' },
    { flags: '--account <ID>', says: 'the id of the account, where there is no policy yet' },
  ],
  settings: ['policy', ...CONNECTION_KEYS],
  reads: 'the policy, for its account, if --account does not say it; the account over the API',
  writes: 'nothing, but the file of --out',
  exits: [0, 1, 4],
  examples: [
    { line: 'grantd snapshot --out account.json', says: 'the account of ./policy.yaml' },
    { line: 'grantd snapshot --out a.json && grantd plan --snapshot a.json', says: 'then plan against it, offline' },
    { line: 'grantd snapshot --account 3229 --out account.json', says: 'without a policy' },
  ],
  run: async (call) => (await import('./run.ts')).runSnapshot(call),
};
