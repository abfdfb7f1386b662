import { CONNECTION_KEYS } from '../../../adapters/settings/settings-table.ts';
import type { CommandSpec } from '../../line/command.ts';
import { formatFlag } from '../../line/flags.ts';
import { POLICY_ARGUMENT } from '../../line/policy-argument.ts';
import { SNAPSHOT_FLAG } from '../../line/snapshot-flag.ts';

export const whoCommand: CommandSpec = {
  name: 'who',
  summary: 'who has access to a resource',
  description:
    'Lists everybody who can reach a resource, by their own row or one above it, beside what the policy asks for them ' +
    'and why. Patterns are allowed: one answer for each resource that fits.',
  arguments: [
    {
      name: '<RESOURCE>',
      says: 'account, billing, campaigns, project:NAME, inbox:PROJECT/NAME, domain:NAME or TYPE:#ID',
    },
    POLICY_ARGUMENT,
  ],
  flags: [SNAPSHOT_FLAG, formatFlag('text', 'json')],
  settings: ['policy', ...CONNECTION_KEYS],
  reads: 'the policy; the account over the API, or a snapshot',
  writes: 'nothing',
  exits: [0, 1, 4],
  examples: [
    { line: 'grantd who account', says: 'the account admins' },
    { line: 'grantd who "project:Mobile *" team.yaml --snapshot account.json', says: 'several resources, offline' },
  ],
  run: async (call) => (await import('./run.ts')).runWho(call),
};
