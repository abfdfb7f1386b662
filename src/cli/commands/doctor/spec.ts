import { CONNECTION_KEYS, DAEMON_KEYS } from '../../../adapters/settings/settings-table.ts';
import type { CommandSpec } from '../../line/command.ts';
import { formatFlag } from '../../line/flags.ts';
import { POLICY_ARGUMENT } from '../../line/policy-argument.ts';

export const doctorCommand: CommandSpec = {
  name: 'doctor',
  summary: 'check everything that the daemon relies on',
  description:
    'Looks at settings, policy, token, account, clock, schedule and files, and says of each whether it is good, what was ' +
    'found, and what to do. Runs every check, whatever the others find. Changes nothing in the account. What cannot be ' +
    'found out is called unknown. A failed check exits with 1, an invalid policy with 4.',
  arguments: [POLICY_ARGUMENT],
  flags: [formatFlag('text', 'json')],
  settings: ['policy', ...CONNECTION_KEYS, 'concurrency', 'rowsPerPut', ...DAEMON_KEYS],
  isForEveryAccount: true,
  reads: 'settings, policies, token files and limits of this machine; the accounts over the API',
  writes: 'nothing, but an empty file in stateDir and beside the audit log, which is removed at once',
  exits: [0, 1, 4],
  examples: [
    { line: 'grantd doctor', says: 'before the daemon is started, with its settings' },
    { line: 'grantd doctor --settings grantd.yaml --format json', says: 'every account of the file, for a program' },
  ],
  run: async (call) => {
    const { runDoctor } = await import('./run.ts');
    return runDoctor(call);
  },
};
