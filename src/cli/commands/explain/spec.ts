import { CONNECTION_KEYS } from '../../../adapters/settings/settings-table.ts';
import { startsLikeResource } from '../../../core/validate/parse-selector.ts';
import type { CommandSpec } from '../../line/command.ts';
import { formatFlag } from '../../line/flags.ts';
import { POLICY_ARGUMENT } from '../../line/policy-argument.ts';
import { SNAPSHOT_FLAG } from '../../line/snapshot-flag.ts';

export const explainCommand: CommandSpec = {
  name: 'explain',
  summary: 'why somebody has what they have',
  description:
    'Tells what a person or a token has and should have, with every line of the policy that is a reason for it. With a ' +
    'token or a snapshot, desired stands beside actual; with neither, or --offline, the policy alone is asked. ' +
    'The second word is a RESOURCE if it is spelled like one (account, project:NAME, ...), else it is the POLICY.',
  arguments: [
    { name: '<WHO>', says: 'an e-mail, or token:NAME' },
    {
      name: '[RESOURCE]',
      says: 'on this only: account, billing, campaigns, project:NAME, inbox:PROJECT/NAME, domain:NAME',
    },
    POLICY_ARGUMENT,
  ],
  flags: [
    SNAPSHOT_FLAG,
    { flags: '--offline', says: 'ask the policy alone, even where a token is given' },
    formatFlag('text', 'json'),
  ],
  settings: ['policy', ...CONNECTION_KEYS],
  reads: 'the policy; the account over the API where a token is given, or a snapshot',
  writes: 'nothing',
  exits: [0, 1, 4],
  examples: [
    { line: 'grantd explain ann@example.com', says: 'everything about Ann' },
    { line: 'grantd explain ann@example.com "inbox:Checkout/Staging" team.yaml', says: 'one resource, another policy' },
    { line: 'grantd explain token:ci --snapshot account.json', says: 'a token, offline' },
  ],
  arrange: ([who, second, third]) =>
    second !== undefined && third === undefined && !startsLikeResource(second)
      ? [who, undefined, second]
      : [who, second, third],
  run: async (call) => (await import('./run.ts')).runExplain(call),
};
