import type { AgreedPlan } from '../../../core/domain/run/run-result.ts';
import { GrantdError } from '../../../core/domain/text/error.ts';
import { agreedFromJson } from '../../../report/plan/read-json.ts';
import type { Call } from '../../line/command.ts';
import { textFlag } from '../../line/flags.ts';
import { readInput } from '../../process/read-input.ts';

const PLAN_BYTES_MAX = 256 * 2 ** 20;

/** How many problems of a plan file are told; with the first ones mended the rest is often gone. */
const PROBLEMS_SHOWN = 5;

/** What the plan of `--plan` comes down to, or null where none is named. Throws `plan-unreadable`. */
export async function readAgreed(call: Call): Promise<AgreedPlan | null> {
  const path = textFlag(call, 'plan');
  if (path === undefined) return null;
  const { text } = await readInput(call, path, { noun: 'plan', code: 'plan-unreadable', bytesMax: PLAN_BYTES_MAX });
  const agreed = agreedFromJson(parse(text, path));
  if (!('problems' in agreed)) return agreed;
  throw unreadable(path, agreed.problems.slice(0, PROBLEMS_SHOWN).join('; '));
}

/** What the parser says is not repeated: it shows parts of the text. */
function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unreadable(path, 'it is not JSON');
  }
}

function unreadable(path: string, why: string): GrantdError {
  return new GrantdError(
    'plan-unreadable',
    `the plan ${path} cannot be read: ${why}`,
    'save one with grantd plan --out plan.json, and do not edit it',
  );
}
