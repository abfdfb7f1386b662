import type { Explanation } from '../domain/explanation.ts';
import type { PrincipalName } from '../domain/principal.ts';
import type { ResourceRef } from '../domain/resource-ref.ts';
import type { ResolvedPolicy } from '../domain/wish.ts';
import { explainOffline, explainPrincipal } from '../explain/explain-principal.ts';
import { explanationToJson } from '../report/explanation-json.ts';
import { renderExplanation } from '../report/render-explanation.ts';
import { TOKEN_FILE_VARIABLE, TOKEN_VARIABLE } from '../settings/token.ts';
import type { Call } from './command-spec.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { jsonText, textFlag } from './flags.ts';
import { observeFor } from './observe-for.ts';
import { openPolicy } from './open-policy.ts';
import { parseResource, parseWho } from './parse-question.ts';

export async function runExplain(call: Call): Promise<ExitCode> {
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
