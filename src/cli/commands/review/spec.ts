import { CONNECTION_KEYS } from '../../../adapters/settings/settings-table.ts';
import { POLICY_ARGUMENT } from '../../line/arguments.ts';
import { type CallOf, defineCommand } from '../../line/command.ts';
import { AT_FLAG, formatFlag, valueFlag } from '../../line/flags.ts';

/** One call of `grantd review`. */
export type ReviewCall = CallOf<typeof reviewCommand>;

/** `grantd review`: its arguments, flags, settings and help. */
export const reviewCommand = defineCommand({
  name: 'review',
  summary: 'the access review: who has what, by which grant, why, until when',
  description:
    'Lists everyone in the account, people and API tokens, with what they have, what the policy grants them, the lines ' +
    'and reasons behind it, its dates, and what stands out: access that is not granted, grants that are not in place, ' +
    'unlisted principals, idle members. Made to be filed: it names its account, policy and moment. It reviews a snapshot ' +
    'as of the moment it was taken, so the same two files always give the same bytes.',
  arguments: { policy: POLICY_ARGUMENT },
  flags: {
    format: formatFlag('csv', 'markdown', 'json'),
    out: valueFlag('FILE', 'write it to this file (mode 0600) instead of printing it'),
    snapshot: valueFlag('FILE', 'review a saved snapshot instead of the account: no network'),
    at: AT_FLAG,
    ending: valueFlag(
      'DAYS',
      'list only access that a grant gives and that ends within this time, such as 30d; soonest first',
    ),
  },
  settings: ['policy', ...CONNECTION_KEYS],
  reads: 'the policy; the account and its API tokens over the API, or a snapshot',
  writes: 'nothing, but the file of --out',
  exits: [0, 1, 4],
  examples: [
    { line: 'grantd review --out review.csv', says: 'for a spreadsheet' },
    { line: 'grantd review --format markdown --out review.md', says: 'to read and sign' },
    { line: 'grantd review --snapshot account.json --format json', says: 'offline, for a program' },
    { line: 'grantd review --ending 30d --format markdown', says: 'what ends in the next 30 days' },
  ],
});
