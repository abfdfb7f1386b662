import { REPLICA_KEYS } from '../../../adapters/settings/replica-settings.ts';
import { CONNECTION_KEYS } from '../../../adapters/settings/settings-table.ts';
import type { CommandSpec } from '../../line/command.ts';
import { formatFlag } from '../../line/flags.ts';
import { POLICY_ARGUMENT } from '../../line/policy-argument.ts';
import { APPROVE_FLAG } from './approved.ts';

export const applyCommand: CommandSpec = {
  name: 'apply',
  summary: 'make the account equal to the policy, once',
  description:
    'Plans, asks, writes what the guards allow, and reads the account back: nothing is called applied that was not seen. ' +
    'On a terminal it shows the plan and asks. Without one it needs --yes. With --lease on it takes the Lease of the ' +
    'account for as long as it writes; else it says that it excludes no second writer. Ctrl-C begins no further write and lets those under way end; a second one ' +
    'cuts them off. What was not done exits with 1.',
  arguments: [POLICY_ARGUMENT],
  flags: [
    { flags: '--plan <FILE>', says: 'proceed only if the plan is still exactly this one, saved by plan --out' },
    APPROVE_FLAG,
    { flags: '--yes', says: 'do not ask' },
    formatFlag('text', 'json'),
  ],
  settings: ['policy', ...CONNECTION_KEYS, 'concurrency', 'rowsPerPut', 'stateDir', 'auditLog', ...REPLICA_KEYS],
  reads: 'the policy; the account over the API, before and after',
  writes: 'the rows of the account that differ; the audit log, where one is set',
  exits: [0, 1, 3, 4],
  examples: [
    { line: 'grantd apply', says: 'show the plan of ./policy.yaml, ask, write' },
    { line: 'grantd apply team.yaml --plan plan.json --yes', says: 'in CI: exactly what was reviewed, or nothing' },
    { line: 'grantd apply --approve sha256:d1ge57…', says: 'with one part that a guard would hold' },
    { line: 'grantd apply --yes --format json > run.json', says: 'what became of every change, for a program' },
  ],
  run: async (call) => (await import('./run.ts')).runApply(call),
};
