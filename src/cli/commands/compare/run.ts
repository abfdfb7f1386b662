import { comparePolicies } from '../../../core/compare/compare-policies.ts';
import {
  type Comparison,
  isSameEverywhere,
  type PolicyComparisonInput,
} from '../../../core/domain/answer/comparison.ts';
import type { Instant } from '../../../core/domain/text/instant.ts';
import { comparisonToJson } from '../../../report/comparison/json.ts';
import { renderComparisonMarkdown } from '../../../report/comparison/markdown.ts';
import { comparisonText } from '../../../report/comparison/text.ts';
import { jsonPieces } from '../../../report/layout/json.ts';
import { simulateSwitch } from '../../../run/reconcile/simulate-switch.ts';
import { UsageError } from '../../line/errors.ts';
import { EXIT, type ExitCode } from '../../line/exit-code.ts';
import { parseMoment } from '../../line/parse-question.ts';
import { readSnapshot } from '../../open/snapshot.ts';
import { writePieces } from '../../process/write-pieces.ts';
import { openTwoPolicies, type TwoPolicies } from './open-two-policies.ts';
import type { CompareCall } from './spec.ts';
import { areSnapshots, runSnapshots } from './two-snapshots.ts';

/** Prints what changes between two policies, or what changed between two snapshots. Exits with 4 if a policy is invalid. */
export async function runCompare(call: CompareCall): Promise<ExitCode> {
  if (await areSnapshots(call)) return runSnapshots(call);
  if (call.flags.auditLog !== undefined)
    throw new UsageError('--audit-log is for two snapshots, and these are two policies', 'leave --audit-log out');
  const { at: date } = call.flags;
  const at = date === undefined ? call.io.clock.now() : parseMoment('--at', date);
  const policies = await openTwoPolicies(call, call.arguments.old, call.arguments.new);
  if (policies === null) return EXIT.invalid;
  const comparison = comparePolicies({ ...policies, at, onAccount: await switchOnAccount(call, policies, at) });
  await writePieces(call.io.stdout, rendered(call, comparison));
  return call.flags.detailedExitcode && !isSameEverywhere(comparison) ? EXIT.pending : EXIT.done;
}

async function switchOnAccount(
  call: CompareCall,
  { old, next }: TwoPolicies,
  at: Instant,
): Promise<PolicyComparisonInput | null> {
  const { snapshot } = call.flags;
  if (snapshot === undefined) return null;
  return simulateSwitch(old, next, await readSnapshot(call, snapshot, next.policy.account), at);
}

function rendered(call: CompareCall, comparison: Comparison): Iterable<string> {
  switch (call.flags.format) {
    case 'json':
      return jsonPieces(comparisonToJson(comparison));
    case 'markdown':
      return [renderComparisonMarkdown(comparison)];
    case 'text':
      return comparisonText(comparison, call.paint.stdout);
  }
}
