import type { Explanation } from '../domain/explanation.ts';
import type { PrincipalName } from '../domain/principal.ts';
import type { ResourceRef } from '../domain/resource-ref.ts';
import type { ResolvedPolicy } from '../domain/wish.ts';
import { explainOffline, explainPrincipal } from '../explain/explain-principal.ts';
import { explanationToJson } from '../report/explanation-json.ts';
import { renderExplanation } from '../report/render-explanation.ts';
import { CONNECTION_KEYS } from '../settings/settings-table.ts';
import { TOKEN_FILE_VARIABLE, TOKEN_VARIABLE } from '../settings/token.ts';
import { startsLikeResource } from '../validate/parse-selector.ts';
import type { Call, CommandSpec } from './command-spec.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { formatFlag, jsonText, textFlag } from './flags.ts';
import { observeFor, SNAPSHOT_FLAG } from './observe-for.ts';
import { openPolicy } from './open-policy.ts';
import { parseResource, parseWho } from './parse-question.ts';
import { POLICY_ARGUMENT } from './policy-argument.ts';

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
  run,
};

async function run(call: Call): Promise<ExitCode> {
  const [who = '', resource] = call.arguments;
  const name = parseWho(who);
  const asked = resource === undefined ? null : parseResource(resource);
  const explanation = await explain(call, await openPolicy(call), { name, resource: asked });
  const isJson = textFlag(call, 'format') === 'json';
  call.io.stdout.write(
    isJson ? jsonText(explanationToJson(explanation)) : renderExplanation(explanation, call.paint.stdout),
  );
  return EXIT.done;
}

async function explain(
  call: Call,
  resolved: ResolvedPolicy,
  question: { readonly name: PrincipalName; readonly resource: ResourceRef | null },
): Promise<Explanation> {
  if (isOffline(call)) return explainOffline(resolved, question.name, question.resource, call.io.clock.now());
  return explainPrincipal({ ...(await observeFor(call, resolved, { everyToken: true })), resolved, ...question });
}

function isOffline(call: Call): boolean {
  if (call.flags.has('offline')) return true;
  const { env, stderr } = call.io;
  if (call.flags.has('snapshot') || env[TOKEN_VARIABLE] !== undefined || env[TOKEN_FILE_VARIABLE] !== undefined)
    return false;
  stderr.write(
    `No token and no snapshot is given: answered from the policy alone (set ${TOKEN_VARIABLE} to see the account).\n`,
  );
  return true;
}
