import { comparePolicies } from '../compare/compare-policies.ts';
import { type Comparison, isSameEverywhere } from '../domain/comparison.ts';
import type { Instant } from '../domain/instant.ts';
import type { Succession } from '../domain/succession.ts';
import { succeedPolicy } from '../reconcile/succeed-policy.ts';
import { comparisonToJson } from '../report/comparison-json.ts';
import { renderComparisonMarkdown } from '../report/render-comparison-markdown.ts';
import { renderComparisonText } from '../report/render-comparison-text.ts';
import type { Call } from './command-spec.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { jsonText, textFlag } from './flags.ts';
import { openTwoPolicies, type TwoPolicies } from './open-two-policies.ts';
import { parseMoment } from './parse-moment.ts';
import { readSnapshot } from './read-snapshot.ts';

export async function runCompare(call: Call): Promise<ExitCode> {
  const [oldPath = '', nextPath = ''] = call.arguments;
  const date = textFlag(call, 'at');
  const at = date === undefined ? call.io.clock.now() : parseMoment('--at', date);
  const policies = await openTwoPolicies(call, oldPath, nextPath);
  if (policies === null) return EXIT.invalid;
  const comparison = comparePolicies({ ...policies, at, succession: await succession(call, policies, at) });
  call.io.stdout.write(rendered(call, comparison));
  return call.flags.has('detailed-exitcode') && !isSameEverywhere(comparison) ? EXIT.pending : EXIT.done;
}

async function succession(call: Call, { old, next }: TwoPolicies, at: Instant): Promise<Succession | null> {
  const snapshot = textFlag(call, 'snapshot');
  if (snapshot === undefined) return null;
  return succeedPolicy(old, next, await readSnapshot(call, snapshot, next.policy.account), at);
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
