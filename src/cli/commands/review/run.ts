import type { AccessReview, ReviewSource } from '../../../core/domain/answer/access-review.ts';
import { NO_RESTRAINTS } from '../../../core/domain/plan/restraints.ts';
import type { ResolvedPolicy } from '../../../core/domain/policy/entitlement.ts';
import { visibleText } from '../../../core/domain/text/text.ts';
import { explainAccount } from '../../../core/explain/explain-account.ts';
import { reviewAccess } from '../../../core/review/review-access.ts';
import { warningText } from '../../../report/problems/text.ts';
import { renderReviewCsv } from '../../../report/review/csv.ts';
import { reviewToJson } from '../../../report/review/json.ts';
import { renderReviewMarkdown } from '../../../report/review/markdown.ts';
import { counted } from '../../../report/words/phrase.ts';
import { makePlan, type PlannedRun } from '../../../run/reconcile/make-plan.ts';
import type { Call } from '../../line/command.ts';
import { EXIT, type ExitCode } from '../../line/exit-code.ts';
import { jsonText, textFlag } from '../../line/flags.ts';
import { observeLive } from '../../open/planned.ts';
import { openRevision } from '../../open/policy.ts';
import { openSnapshot } from '../../open/snapshot.ts';
import { nameOfInput } from '../../process/read-input.ts';
import { readVersion } from '../../process/shipped-file.ts';
import { writeOutputFile } from '../../process/write-output-file.ts';
import { requireLines } from './review-limit.ts';

export async function runReview(call: Call): Promise<ExitCode> {
  const { resolved, revision } = await openRevision(call);
  const { planned, source } = await observe(call, resolved);
  const review = reviewAccess({
    explained: explainAccount({ ...planned, resolved }),
    actual: planned.actual,
    plan: planned.plan,
    policy: resolved.policy,
    origin: { source, policy: { file: resolved.policy.file, revision }, version: await readVersion() },
  });
  requireLines(textFlag(call, 'format') ?? 'csv', review.counts.entries);
  await print(call, rendered(call, review));
  warnOfNotices(call, review);
  return EXIT.done;
}

/** A snapshot is judged at the moment it was taken: who held what then, by what the policy says of then. */
async function observe(
  call: Call,
  resolved: ResolvedPolicy,
): Promise<{ readonly planned: PlannedRun; readonly source: ReviewSource }> {
  const path = textFlag(call, 'snapshot');
  if (path === undefined) {
    const planned = await observeLive(call, resolved, { everyToken: true });
    return { planned, source: { kind: 'account', apiUrl: call.settings.apiUrl } };
  }
  const { actual, takenAt, sha256 } = await openSnapshot(call, path, resolved.policy.account);
  const source = { kind: 'snapshot', file: nameOfInput(path), sha256 } as const;
  return { planned: makePlan(resolved, actual, takenAt, NO_RESTRAINTS), source };
}

function rendered(call: Call, review: AccessReview): string {
  switch (textFlag(call, 'format')) {
    case 'json':
      return jsonText(reviewToJson(review));
    case 'markdown':
      return renderReviewMarkdown(review);
    default:
      return renderReviewCsv(review);
  }
}

async function print(call: Call, text: string): Promise<void> {
  const out = textFlag(call, 'out');
  if (out === undefined) {
    call.io.stdout.write(text);
    return;
  }
  await writeOutputFile(call.io.cwd, out, text);
  call.io.stderr.write(`Saved to ${visibleText(out)}.\n`);
}

/** CSV has no place for what concerns no line, such as a name of the policy that fits nothing. */
function warnOfNotices(call: Call, { notices }: AccessReview): void {
  const format = textFlag(call, 'format') ?? 'csv';
  if (notices.length === 0 || format !== 'csv') return;
  const what = `the review comes with ${counted(notices.length, 'notice')}, which CSV does not hold`;
  call.io.stderr.write(warningText(what, 'grantd review --format markdown shows them', call.paint.stderr));
}
