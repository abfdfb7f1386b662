import { selectNodes } from '../../../core/explain/select-nodes.ts';
import { whoHas } from '../../../core/explain/who-has.ts';
import { whoToJson } from '../../../report/explanation/who-json.ts';
import { renderWho } from '../../../report/explanation/who-text.ts';
import { UsageError } from '../../line/errors.ts';
import { EXIT, type ExitCode } from '../../line/exit-code.ts';
import { jsonText } from '../../line/json-text.ts';
import { parseResource } from '../../line/parse-question.ts';
import { momentOf, noteMoment } from '../../open/at-moment.ts';
import { observeFor } from '../../open/planned.ts';
import { openPolicy } from '../../open/policy.ts';
import type { WhoCall } from './spec.ts';

/** Prints who has access to a resource. Throws `UsageError` if the account shows no such resource. */
export async function runWho(call: WhoCall): Promise<ExitCode> {
  const resource = parseResource(call.arguments.resource);
  const at = momentOf(call);
  const { desired, actual, plan } = await observeFor(call, await openPolicy(call), { everyToken: true }, at);
  noteMoment(call, at);
  const nodes = selectNodes(resource, actual.tree);
  if (nodes.length === 0) {
    throw new UsageError(
      `the account shows no ${resource.text}`,
      'check the spelling (names are case-sensitive), or use its id; the token may not see it',
    );
  }
  const answers = whoHas({ desired, actual, plan, nodes });
  const isJson = call.flags.format === 'json';
  call.io.stdout.write(isJson ? jsonText(whoToJson(actual.account, answers)) : renderWho(answers, call.paint.stdout));
  return EXIT.done;
}
