import { NOTIFY_KEYS } from '../../../adapters/settings/notify-settings.ts';
import { REPLICA_KEYS } from '../../../adapters/settings/replica-settings.ts';
import { CONNECTION_KEYS } from '../../../adapters/settings/settings-table.ts';
import { POLICY_ARGUMENT } from '../../line/arguments.ts';
import { type CallOf, defineCommand } from '../../line/command.ts';
import { formatFlag, listFlag, switchFlag, VERBOSE_FLAG, valueFlag } from '../../line/flags.ts';

/** One call of `grantd apply`. */
export type ApplyCall = CallOf<typeof applyCommand>;

/** `grantd apply`: its arguments, flags, settings and help. */
export const applyCommand = defineCommand({
  name: 'apply',
  summary: 'make the account equal to the policy, once',
  description:
    'Plans, asks, writes what the guards allow, and reads the account back: it reports a change as applied only after it ' +
    'has read it back. On a terminal it shows the plan and asks. Without a terminal it needs --yes. With --lease on it ' +
    'takes the Lease of the account while it writes; else it warns that another program may write too. Ctrl-C begins ' +
    'no further write and lets running writes finish; a second one cuts them off. If a write was not done, it exits ' +
    'with 1; if something is left held, deferred or paused, with 3.',
  arguments: { policy: POLICY_ARGUMENT },
  flags: {
    plan: valueFlag('FILE', 'proceed only if the plan is still exactly this one, saved by plan --out'),
    approve: listFlag('DIGEST', 'let a held part run, by the digest that the plan shows for it; may be repeated'),
    yes: switchFlag('do not ask'),
    unattended: switchFlag(
      'as a scheduled job: do not ask, notify, and exit with 0 where a notification says what waits',
    ),
    verbose: VERBOSE_FLAG,
    format: formatFlag('text', 'json'),
  },
  settings: [
    'policy',
    ...CONNECTION_KEYS,
    'concurrency',
    'rowsPerPut',
    'stateDir',
    'stateConfigMap',
    'auditLog',
    ...NOTIFY_KEYS,
    ...REPLICA_KEYS,
  ],
  reads: 'the policy; the account over the API, before and after',
  writes: 'the rows of the account that differ; the audit log and the state, if they are set',
  exits: [0, 1, 3, 4],
  examples: [
    { line: 'grantd apply', says: 'show the plan of ./policy.yaml, ask, write' },
    { line: 'grantd apply team.yaml --plan plan.json --yes', says: 'in CI: exactly what was reviewed, or nothing' },
    { line: 'grantd apply --approve sha256:d1ge57…', says: 'with one part that a guard would hold' },
    { line: 'grantd apply --yes --format json > run.json', says: 'the outcome of every change, for a program' },
  ],
});
