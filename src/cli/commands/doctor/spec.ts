import { CONNECTION_KEYS, DAEMON_KEYS } from '../../../adapters/settings/settings-table.ts';
import { POLICY_ARGUMENT } from '../../line/arguments.ts';
import { type CallOf, defineCommand } from '../../line/command.ts';
import { choiceFlag, formatFlag } from '../../line/flags.ts';

/** One call of `grantd doctor`. */
export type DoctorCall = CallOf<typeof doctorCommand>;

/** `grantd doctor`: its arguments, flags, settings and help. */
export const doctorCommand = defineCommand({
  name: 'doctor',
  summary: 'check everything that the daemon relies on',
  description:
    'Checks settings, policy, token, account, clock, schedule and files. For each it says whether it is good, what it ' +
    'found, and what to do. Runs every check, whatever the others find. Changes nothing in the account. A check that ' +
    'cannot find out says unknown. A failed check exits with 1, an invalid policy with 4.',
  arguments: { policy: POLICY_ARGUMENT },
  flags: {
    clear: choiceFlag('WHAT', 'no check: forget that a PUT took rows', ['put-replaces']),
    format: formatFlag('text', 'json'),
  },
  settings: ['policy', ...CONNECTION_KEYS, 'concurrency', 'rowsPerPut', ...DAEMON_KEYS],
  isForEveryAccount: true,
  reads: 'settings, policies, token files and limits of this machine; the accounts over the API',
  writes: 'an empty file in stateDir and beside the audit log, removed at once; --clear: the state',
  exits: [0, 1, 4],
  examples: [
    { line: 'grantd doctor', says: 'before you start the daemon, with its settings' },
    { line: 'grantd doctor --clear put-replaces', says: 'let grantd write again after `put-replaces`' },
    { line: 'grantd doctor --settings grantd.yaml --format json', says: 'every account of the file, for a program' },
  ],
});
