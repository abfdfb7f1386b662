import { CONNECTION_KEYS } from '../../../adapters/settings/settings-table.ts';
import type { CommandSpec } from '../../line/command.ts';
import { formatFlag } from '../../line/flags.ts';
import { POLICY_ARGUMENT } from '../../line/policy-argument.ts';

export const reviewCommand: CommandSpec = {
  name: 'review',
  summary: 'the access review: who holds what, by which grant, why, until when',
  description:
    'Lists everybody in the account, people and API tokens, with what they hold, what the policy grants them, the lines ' +
    'and reasons behind it, its dates, and what stands out: held and not granted, granted and not held, unlisted principals, idle ' +
    'members. Made to be filed: it says which account, policy and moment it is of. A snapshot is reviewed as of the ' +
    'moment it was taken, so the same two files always give the same bytes.',
  arguments: [POLICY_ARGUMENT],
  flags: [
    formatFlag('csv', 'markdown', 'json'),
    { flags: '--out <FILE>', says: 'write it to this file (mode 0600) instead of printing it' },
    { flags: '--snapshot <FILE>', says: 'review a saved snapshot instead of the account: no network' },
  ],
  settings: ['policy', ...CONNECTION_KEYS],
  reads: 'the policy; the account and its API tokens over the API, or a snapshot',
  writes: 'nothing, but the file of --out',
  exits: [0, 1, 4],
  examples: [
    { line: 'grantd review --out review.csv', says: 'for a spreadsheet' },
    { line: 'grantd review --format markdown --out review.md', says: 'to be read and signed' },
    { line: 'grantd review --snapshot account.json --format json', says: 'offline, for a program' },
  ],
  run: async (call) => (await import('./run.ts')).runReview(call),
};
