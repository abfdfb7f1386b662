import { selectNodes } from '../explain/select-nodes.ts';
import { whoHas } from '../explain/who-has.ts';
import { renderWho } from '../report/render-who.ts';
import { whoToJson } from '../report/who-json.ts';
import type { Call } from './command-spec.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { jsonText, textFlag } from './flags.ts';
import { observeFor } from './observe-for.ts';
import { openPolicy } from './open-policy.ts';
import { parseResource } from './parse-question.ts';
import { UsageError } from './usage-error.ts';

export async function runWho(call: Call): Promise<ExitCode> {
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
