import type { Plan } from '../domain/plan.ts';
import { MODES, type Mode } from '../domain/policy.ts';
import { visibleText } from '../domain/text.ts';
import type { ResolvedPolicy } from '../domain/wish.ts';
import { planToJson } from '../report/plan-json.ts';
import { renderPlanMarkdown } from '../report/render-plan-markdown.ts';
import { renderPlanText } from '../report/render-plan-text.ts';
import { CONNECTION_KEYS } from '../settings/settings-table.ts';
import type { Call, CommandSpec } from './command-spec.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { formatFlag, jsonText, textFlag } from './flags.ts';
import { nextLine } from './next-line.ts';
import { observeFor, SNAPSHOT_FLAG } from './observe-for.ts';
import { openPolicy } from './open-policy.ts';
import { POLICY_ARGUMENT } from './policy-argument.ts';
import { writeOutputFile } from './write-output-file.ts';

export const planCommand: CommandSpec = {
  name: 'plan',
  summary: 'show what apply would change, and why',
  description:
    'Compares the policy with the account and shows every change with the lines of the policy that cause it, what a ' +
    'guard holds, and what cannot be managed. Never writes to the account.',
  arguments: [POLICY_ARGUMENT],
  flags: [
    formatFlag('text', 'json', 'markdown'),
    { flags: '--out <FILE>', says: 'also save the plan, as JSON, for apply --plan' },
    SNAPSHOT_FLAG,
    { flags: '--mode <MODE>', says: 'plan as if the policy said this mode', choices: MODES },
    { flags: '--detailed-exitcode', says: 'exit with 2 if changes are pending, with 3 if a guard holds them' },
  ],
  settings: ['policy', ...CONNECTION_KEYS],
  reads: 'the policy; the account over the API, or a snapshot',
  writes: 'nothing, but the file of --out',
  exits: [0, 1, 2, 3, 4],
  examples: [
    { line: 'grantd plan', says: 'what would change, by ./policy.yaml' },
    {
      line: 'grantd plan team.yaml --out plan.json && grantd apply team.yaml --plan plan.json',
      says: 'review first, then apply exactly what was reviewed',
    },
    { line: 'grantd plan --format markdown --detailed-exitcode', says: 'for a pull request: 2 means changes' },
    { line: 'grantd plan --snapshot account.json', says: 'offline, against what the account was' },
  ],
  run,
};

async function run(call: Call): Promise<ExitCode> {
  const resolved = withMode(await openPolicy(call), textFlag(call, 'mode'));
  const { plan } = await observeFor(call, resolved);
  const out = textFlag(call, 'out');
  if (out !== undefined) await writeOutputFile(call.io.cwd, out, jsonText(planToJson(plan)));
  call.io.stdout.write(rendered(call, plan));
  call.io.stderr.write(hint(call, plan, out));
  return call.flags.has('detailed-exitcode') ? detailedExit(plan) : EXIT.done;
}

/** What to do next, where there is something: a plan for another mode, or one that is held, is not applied. */
function hint(call: Call, { verdict }: Plan, out: string | undefined): string {
  const saved = out === undefined ? '' : `Saved to ${visibleText(out)}.`;
  const words = out === undefined ? [] : ['--plan', out];
  const canApply = verdict === 'allowed' && !call.flags.has('mode');
  const next =
    canApply && (saved !== '' || call.io.stdout.isTerminal) ? `Next: ${nextLine(call, 'apply', ...words)}` : '';
  const line = [saved, next].filter((part) => part !== '').join(' ');
  return line === '' ? '' : `\n${line}\n`;
}

/** What another mode would do. Only the word changes: what the policy says of it was judged for its own mode. */
function withMode(resolved: ResolvedPolicy, word: string | undefined): ResolvedPolicy {
  const mode: Mode | undefined = MODES.find((candidate) => candidate === word);
  return mode === undefined ? resolved : { ...resolved, policy: { ...resolved.policy, mode } };
}

function rendered(call: Call, plan: Plan): string {
  switch (textFlag(call, 'format')) {
    case 'json':
      return jsonText(planToJson(plan));
    case 'markdown':
      return renderPlanMarkdown(plan);
    default:
      return renderPlanText(plan, call.paint.stdout);
  }
}

function detailedExit(plan: Plan): ExitCode {
  if (plan.held.length > 0) return EXIT.held;
  return plan.changes.length > 0 ? EXIT.pending : EXIT.done;
}
