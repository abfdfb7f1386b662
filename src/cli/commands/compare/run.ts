import { comparePolicies } from '../../../core/compare/compare-policies.ts';
import {
  type Comparison,
  isSameEverywhere,
  type PolicyComparisonInput,
} from '../../../core/domain/answer/comparison.ts';
import type { Instant } from '../../../core/domain/text/instant.ts';
import { comparisonToJson } from '../../../report/comparison/json.ts';
import { renderComparisonMarkdown } from '../../../report/comparison/markdown.ts';
import { renderComparisonText } from '../../../report/comparison/text.ts';
import { simulateSwitch } from '../../../run/reconcile/simulate-switch.ts';
import type { Call } from '../../line/command.ts';
import { EXIT, type ExitCode } from '../../line/exit-code.ts';
import { jsonText, textFlag } from '../../line/flags.ts';
import { parseMoment } from '../../line/parse-moment.ts';
import { readSnapshot } from '../../open/snapshot.ts';
import { openTwoPolicies, type TwoPolicies } from './open-two-policies.ts';

export async function runCompare(call: Call): Promise<ExitCode> {
  const [oldPath = '', nextPath = ''] = call.arguments;
  const date = textFlag(call, 'at');
  const at = date === undefined ? call.io.clock.now() : parseMoment('--at', date);
  const policies = await openTwoPolicies(call, oldPath, nextPath);
  if (policies === null) return EXIT.invalid;
  const comparison = comparePolicies({ ...policies, at, onAccount: await switchOnAccount(call, policies, at) });
  call.io.stdout.write(rendered(call, comparison));
  return call.flags.has('detailed-exitcode') && !isSameEverywhere(comparison) ? EXIT.pending : EXIT.done;
}

async function switchOnAccount(
  call: Call,
  { old, next }: TwoPolicies,
  at: Instant,
): Promise<PolicyComparisonInput | null> {
  const snapshot = textFlag(call, 'snapshot');
  if (snapshot === undefined) return null;
  return simulateSwitch(old, next, await readSnapshot(call, snapshot, next.policy.account), at);
}

function rendered(call: Call, comparison: Comparison): string {
  switch (textFlag(call, 'format')) {
    case 'json':
      return jsonText(comparisonToJson(comparison));
    case 'markdown':
      return renderComparisonMarkdown(comparison);
    default:
      return renderComparisonText(comparison, call.paint.stdout);
  }
}
