import { CONNECTION_KEYS, DAEMON_KEYS } from '../../../adapters/settings/settings-table.ts';
import { POLICY_ARGUMENT } from '../../line/arguments.ts';
import { defineCommand } from '../../line/command.ts';

/** `grantd run`: its arguments, flags, settings and help. */
export const runCommand = defineCommand({
  name: 'run',
  summary: 'the daemon: keep accounts equal to their policies',
  description:
    'Makes the account equal to the policy and keeps it equal: when the policy changes, on a schedule, and on the dates ' +
    'in the policy. Reports what it does as JSON lines on stdout, and at an HTTP port as health, metrics and status. ' +
    'SIGTERM ends it in order; SIGHUP asks for a run.',
  arguments: { policy: POLICY_ARGUMENT },
  flags: {},
  settings: ['policy', ...CONNECTION_KEYS, 'concurrency', 'rowsPerPut', ...DAEMON_KEYS],
  isForEveryAccount: true,
  reads: 'the policy, again and again; the account over the API',
  writes: 'the rows of the account that differ; state and audit log if they are set',
  exits: [0, 1, 4],
  examples: [
    { line: 'grantd run policy.yaml', says: 'one account; the token is in the environment' },
    {
      line: 'grantd run policy.yaml --state-dir /var/lib/grantd',
      says: 'remembers across restarts, and keeps an audit log',
    },
    { line: 'grantd run --settings grantd.yaml', says: 'several accounts: the file lists them' },
    { line: 'grantd run policy.yaml --log-format text', says: 'for people at a terminal' },
  ],
});
