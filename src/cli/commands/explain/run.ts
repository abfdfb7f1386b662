import { TOKEN_FILE_VARIABLE, TOKEN_VARIABLE } from '../../../adapters/settings/token.ts';
import type { PrincipalName } from '../../../core/domain/account/principal.ts';
import type { Explanation } from '../../../core/domain/answer/explanation.ts';
import type { ResolvedPolicy } from '../../../core/domain/policy/entitlement.ts';
import type { ResourceRef } from '../../../core/domain/policy/resource-ref.ts';
import { explainOffline, explainPrincipal } from '../../../core/explain/explain-principal.ts';
import { explanationToJson } from '../../../report/explanation/json.ts';
import { renderExplanation } from '../../../report/explanation/text.ts';
import { fitText } from '../../../report/layout/fit.ts';
import { EXIT, type ExitCode } from '../../line/exit-code.ts';
import { jsonText } from '../../line/json-text.ts';
import { parseResource, parseWho } from '../../line/parse-question.ts';
import { momentOf, noteMoment } from '../../open/at-moment.ts';
import { observeFor } from '../../open/planned.ts';
import { openPolicy } from '../../open/policy.ts';
import type { ExplainCall } from './spec.ts';

/** Prints what someone has and should have, and why. */
export async function runExplain(call: ExplainCall): Promise<ExitCode> {
  const { who, resource } = call.arguments;
  const name = parseWho(who);
  const asked = resource === undefined ? null : parseResource(resource);
  const explanation = await explain(call, await openPolicy(call), { name, resource: asked });
  const isJson = call.flags.format === 'json';
  call.io.stdout.write(
    isJson ? jsonText(explanationToJson(explanation)) : renderExplanation(explanation, call.paint.stdout),
  );
  return EXIT.done;
}

async function explain(
  call: ExplainCall,
  resolved: ResolvedPolicy,
  question: { readonly name: PrincipalName; readonly resource: ResourceRef | null },
): Promise<Explanation> {
  const at = momentOf(call);
  if (isOffline(call)) return explainOffline(resolved, question.name, question.resource, at ?? call.io.clock.now());
  noteMoment(call, at);
  return explainPrincipal({ ...(await observeFor(call, resolved, { everyToken: true }, at)), resolved, ...question });
}

function isOffline(call: ExplainCall): boolean {
  if (call.flags.offline) return true;
  const { env, stderr } = call.io;
  const offline = `There is no token and no snapshot, so this answer comes from the policy alone (set ${TOKEN_VARIABLE} to see the account).\n`;
  if (call.flags.snapshot !== undefined || env[TOKEN_VARIABLE] !== undefined || env[TOKEN_FILE_VARIABLE] !== undefined)
    return false;
  stderr.write(fitText(offline, call.paint.stderr));
  return true;
}
