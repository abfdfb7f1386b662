import { selectNodes } from '../explain/select-nodes.ts';
import { whoHas } from '../explain/who-has.ts';
import { renderWho } from '../report/render-who.ts';
import { whoToJson } from '../report/who-json.ts';
import { CONNECTION_KEYS } from '../settings/settings-table.ts';
import type { Call, CommandSpec } from './command-spec.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { formatFlag, jsonText, textFlag } from './flags.ts';
import { observeFor, SNAPSHOT_FLAG } from './observe-for.ts';
import { openPolicy } from './open-policy.ts';
import { parseResource } from './parse-question.ts';
import { POLICY_ARGUMENT } from './policy-argument.ts';
import { UsageError } from './usage-error.ts';

export const whoCommand: CommandSpec = {
  name: 'who',
  summary: 'who has access to a resource',
  description:
    'Lists everybody who can reach a resource, by their own row or one above it, beside what the policy wishes for them ' +
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
  run,
};

async function run(call: Call): Promise<ExitCode> {
  const resource = parseResource(call.arguments[0] ?? '');
  const { desired, actual, plan } = await observeFor(call, await openPolicy(call), { everyToken: true });
  const nodes = selectNodes(resource, actual.tree);
  if (nodes.length === 0) {
    throw new UsageError(
      `the account shows no ${resource.text}`,
      'check the spelling (names are case-sensitive), or say it by id; the token may not see it',
    );
  }
  const answers = whoHas({ desired, actual, plan, nodes });
  const isJson = textFlag(call, 'format') === 'json';
  call.io.stdout.write(isJson ? jsonText(whoToJson(actual.account, answers)) : renderWho(answers, call.paint.stdout));
  return EXIT.done;
}
