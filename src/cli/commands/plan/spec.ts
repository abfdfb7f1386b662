import { CONNECTION_KEYS } from '../../../adapters/settings/settings-table.ts';
import { MODES } from '../../../core/domain/policy/policy.ts';
import type { CommandSpec } from '../../line/command.ts';
import { formatFlag } from '../../line/flags.ts';
import { POLICY_ARGUMENT } from '../../line/policy-argument.ts';
import { SNAPSHOT_FLAG } from '../../line/snapshot-flag.ts';

export const planCommand: CommandSpec = {
  name: 'plan',
  summary: 'show what apply would change, and why',
  description:
    'Compares the policy with the account and shows every change with the lines of the policy that cause it, what a ' +
    'guard holds, and what cannot be managed. Never writes to the account.',
  arguments: [POLICY_ARGUMENT],
  flags: [
    formatFlag('text', 'json', 'markdown'),
    { flags: '--out <FILE>', says: 'also save the plan, as JSON, for apply --plan' },
    SNAPSHOT_FLAG,
    { flags: '--mode <MODE>', says: 'plan as if the policy said this mode', choices: MODES },
    { flags: '--detailed-exitcode', says: 'exit with 2 if changes are pending, with 3 if a guard holds them' },
  ],
  settings: ['policy', ...CONNECTION_KEYS],
  reads: 'the policy; the account over the API, or a snapshot',
  writes: 'nothing, but the file of --out',
  exits: [0, 1, 2, 3, 4],
  examples: [
    { line: 'grantd plan', says: 'what would change, by ./policy.yaml' },
    {
      line: 'grantd plan team.yaml --out plan.json && grantd apply team.yaml --plan plan.json',
      says: 'review first, then apply exactly what was reviewed',
    },
    { line: 'grantd plan --format markdown --detailed-exitcode', says: 'for a pull request: 2 means changes' },
    { line: 'grantd plan --snapshot account.json', says: 'offline, against what the account was' },
  ],
  run: async (call) => (await import('./run.ts')).runPlan(call),
};
