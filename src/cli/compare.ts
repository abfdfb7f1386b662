import { comparePolicies } from '../compare/compare-policies.ts';
import { type Comparison, isSameEverywhere } from '../domain/comparison.ts';
import type { Instant } from '../domain/instant.ts';
import type { Succession } from '../domain/succession.ts';
import { succeedPolicy } from '../reconcile/succeed-policy.ts';
import { comparisonToJson } from '../report/comparison-json.ts';
import { renderComparisonMarkdown } from '../report/render-comparison-markdown.ts';
import { renderComparisonText } from '../report/render-comparison-text.ts';
import type { Call, CommandSpec } from './command-spec.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { formatFlag, jsonText, textFlag } from './flags.ts';
import { openTwoPolicies, type TwoPolicies } from './open-two-policies.ts';
import { parseMoment } from './parse-moment.ts';
import { readSnapshot } from './read-snapshot.ts';

export const compareCommand: CommandSpec = {
  name: 'compare',
  summary: 'what changes for whom between two policies: no token, no network',
  description:
    'Tells who gains and loses what when one policy follows another, the largest risks first; what changes in how far the ' +
    'policy goes; and what begins or ends at another time. By the two texts it tells what they prove and what only an ' +
    'account can tell; with --snapshot it is exact, resource by resource.',
  arguments: [
    { name: '<OLD>', says: 'the policy as it is; - reads standard input' },
    { name: '<NEW>', says: 'the policy as it is to be; - reads standard input' },
  ],
  flags: [
    { flags: '--snapshot <FILE>', says: 'compare on a saved account' },
    { flags: '--at <DATE>', says: 'compare at this moment instead of now: 2026-12-31, or with a time and offset' },
    formatFlag('text', 'json', 'markdown'),
    { flags: '--detailed-exitcode', says: 'exit with 2 if anything differs' },
  ],
  settings: [],
  reads: 'both policies, and the snapshot',
  writes: 'nothing',
  exits: [0, 1, 2, 4],
  examples: [
    { line: 'git show main:policy.yaml | grantd compare - policy.yaml', says: 'what this branch changes' },
    { line: 'grantd compare old.yaml new.yaml --snapshot account.json', says: 'exactly, on an account' },
    { line: 'grantd compare old.yaml new.yaml --format markdown', says: 'as a comment on a pull request' },
    { line: 'grantd compare old.yaml new.yaml --at 2027-01-01', says: 'once some grants have ended' },
  ],
  run,
};

async function run(call: Call): Promise<ExitCode> {
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
