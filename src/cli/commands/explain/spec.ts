import { CONNECTION_KEYS } from '../../../adapters/settings/settings-table.ts';
import { startsLikeResource } from '../../../core/validate/parse-selector.ts';
import { optionalArgument, POLICY_ARGUMENT, requiredArgument } from '../../line/arguments.ts';
import { type CallOf, defineCommand } from '../../line/command.ts';
import { AT_FLAG, formatFlag, SNAPSHOT_FLAG, switchFlag } from '../../line/flags.ts';

/** One call of `grantd explain`. */
export type ExplainCall = CallOf<typeof explainCommand>;

/** `grantd explain`: its arguments, flags, settings and help. */
export const explainCommand = defineCommand({
  name: 'explain',
  summary: 'why someone has what they have',
  description:
    'Shows what a person or a token has and should have, with every line of the policy that is a reason for it. With a ' +
    'token or a snapshot, it shows desired beside actual; with neither, or with --offline, it answers from the policy ' +
    'alone. The second word is a RESOURCE if it is written like one (account, project:NAME, ...), else it is the POLICY.',
  arguments: {
    who: requiredArgument('WHO', 'an e-mail, or token:NAME'),
    resource: optionalArgument(
      'RESOURCE',
      'on this only: account, billing, campaigns, project:NAME, inbox:PROJECT/NAME, domain:NAME',
    ),
    policy: POLICY_ARGUMENT,
  },
  flags: {
    snapshot: SNAPSHOT_FLAG,
    at: AT_FLAG,
    offline: switchFlag('answer from the policy alone, even if a token is given'),
    format: formatFlag('text', 'json'),
  },
  settings: ['policy', ...CONNECTION_KEYS],
  reads: 'the policy; the account over the API if a token is given, or a snapshot',
  writes: 'nothing',
  exits: [0, 1, 4],
  examples: [
    { line: 'grantd explain ann@example.com', says: 'everything about Ann' },
    { line: 'grantd explain ann@example.com "inbox:Checkout/Staging" team.yaml', says: 'one resource, another policy' },
    { line: 'grantd explain token:ci --snapshot account.json', says: 'a token, offline' },
    { line: 'grantd explain ann@example.com --at 2027-01-01', says: 'what will apply once the year has ended' },
  ],
  arrange: ([who, second, third]) =>
    second !== undefined && third === undefined && !startsLikeResource(second)
      ? [who, undefined, second]
      : [who, second, third],
});
