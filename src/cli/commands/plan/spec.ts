import { CONNECTION_KEYS } from '../../../adapters/settings/settings-table.ts';
import { MODES } from '../../../core/domain/policy/policy.ts';
import { POLICY_ARGUMENT } from '../../line/arguments.ts';
import { type CallOf, defineCommand } from '../../line/command.ts';
import { choiceFlag, formatFlag, SNAPSHOT_FLAG, switchFlag, valueFlag } from '../../line/flags.ts';

/** One call of `grantd plan`. */
export type PlanCall = CallOf<typeof planCommand>;

/** `grantd plan`: its arguments, flags, settings and help. */
export const planCommand = defineCommand({
  name: 'plan',
  summary: 'show what apply would change, and why',
  description:
    'Compares the policy with the account and shows every change with the lines of the policy that cause it, what a ' +
    'guard holds, and what grantd cannot manage. Never writes to the account.',
  arguments: { policy: POLICY_ARGUMENT },
  flags: {
    format: formatFlag('text', 'json', 'markdown'),
    out: valueFlag('FILE', 'also save the plan, as JSON, for apply --plan'),
    snapshot: SNAPSHOT_FLAG,
    mode: choiceFlag('MODE', 'plan as if the policy said this mode', MODES),
    detailedExitcode: switchFlag('exit with 2 if changes are pending, with 3 if something is held, deferred or paused'),
  },
  settings: ['policy', ...CONNECTION_KEYS],
  reads: 'the policy; the account over the API, or a snapshot',
  writes: 'nothing, but the file of --out',
  exits: [0, 1, 2, 3, 4],
  examples: [
    { line: 'grantd plan', says: 'what ./policy.yaml would change' },
    {
      line: 'grantd plan team.yaml --out plan.json && grantd apply team.yaml --plan plan.json',
      says: 'review first, then apply exactly what was reviewed',
    },
    { line: 'grantd plan --format markdown --detailed-exitcode', says: 'for a pull request: 2 means changes' },
    { line: 'grantd plan --snapshot account.json', says: 'offline, against a saved account' },
  ],
});
