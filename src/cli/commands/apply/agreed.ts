import { userInfo } from 'node:os';
import type { AgreedPlan } from '../../../core/domain/run/run-result.ts';
import { GrantdError } from '../../../core/domain/text/error.ts';
import { savedDifferences } from '../../../report/plan/differences.ts';
import { agreedFromJson, labelsFromJson } from '../../../report/plan/read-json.ts';
import type { CallContext } from '../../line/command.ts';
import { UsageError } from '../../line/errors.ts';
import { readInput } from '../../process/read-input.ts';

const DIGEST = /^sha256:[0-9a-f]{64}$/;

const PLAN_BYTES_MAX = 256 * 2 ** 20;

/** How many problems of a plan file a message names. Fixing the first often fixes the rest. */
const PROBLEMS_SHOWN = 5;

/** The agreement that the plan of `--plan` stands for; null without the flag. Throws `plan-unreadable`. */
export async function readAgreed(
  call: Pick<CallContext, 'io' | 'secrets'>,
  path: string | undefined,
): Promise<AgreedPlan | null> {
  if (path === undefined) return null;
  const { text } = await readInput(call, path, { noun: 'plan', code: 'plan-unreadable', bytesMax: PLAN_BYTES_MAX });
  const json = parse(text, path);
  const agreed = agreedFromJson(json);
  if (!('problems' in agreed))
    return { ...agreed, differences: savedDifferences(json), saved: { labels: labelsFromJson(json) } };
  throw unreadable(path, agreed.problems.slice(0, PROBLEMS_SHOWN).join('; '));
}

/** The message of the parser is left out: it shows parts of the text. */
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

/** The digests of `--approve`, each once. Throws `UsageError` for anything else: no one can approve everything at once. */
export function approvedByHand(given: readonly string[]): readonly string[] {
  const digests = [...new Set(given)];
  for (const digest of digests) {
    if (DIGEST.test(digest)) continue;
    throw new UsageError(
      `--approve takes the digest of a held part, and ${JSON.stringify(digest.slice(0, 80))} is not a digest`,
      'copy it from what grantd plan shows under Held: sha256: and 64 digits; each held part has its own',
    );
  }
  return digests;
}

/** Who runs this command, as the system names them. In a container, the user often has no name. */
export function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}
