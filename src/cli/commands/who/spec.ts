import { CONNECTION_KEYS } from '../../../adapters/settings/settings-table.ts';
import { POLICY_ARGUMENT, requiredArgument } from '../../line/arguments.ts';
import { type CallOf, defineCommand } from '../../line/command.ts';
import { AT_FLAG, formatFlag, SNAPSHOT_FLAG } from '../../line/flags.ts';

/** One call of `grantd who`. */
export type WhoCall = CallOf<typeof whoCommand>;

/** `grantd who`: its arguments, flags, settings and help. */
export const whoCommand = defineCommand({
  name: 'who',
  summary: 'who has access to a resource',
  description:
    'Lists everyone who can reach a resource, by their own row or one above it, beside what the policy grants them and ' +
    'why. Patterns are allowed: one answer for each resource that fits.',
  arguments: {
    resource: requiredArgument(
      'RESOURCE',
      'account, billing, campaigns, project:NAME, inbox:PROJECT/NAME, domain:NAME or TYPE:#ID',
    ),
    policy: POLICY_ARGUMENT,
  },
  flags: { snapshot: SNAPSHOT_FLAG, at: AT_FLAG, format: formatFlag('text', 'json') },
  settings: ['policy', ...CONNECTION_KEYS],
  reads: 'the policy; the account over the API, or a snapshot',
  writes: 'nothing',
  exits: [0, 1, 4],
  examples: [
    { line: 'grantd who account', says: 'the account admins' },
    { line: 'grantd who "project:Mobile *" team.yaml --snapshot account.json', says: 'several resources, offline' },
  ],
});
