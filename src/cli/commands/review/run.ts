import type { AccessReview, ReviewSource } from '../../../core/domain/answer/access-review.ts';
import { NO_RESTRAINTS } from '../../../core/domain/plan/restraints.ts';
import type { ResolvedPolicy } from '../../../core/domain/policy/entitlement.ts';
import { instantText } from '../../../core/domain/text/instant.ts';
import { counted, visibleText } from '../../../core/domain/text/text.ts';
import { explainAccount } from '../../../core/explain/explain-account.ts';
import { endingBy } from '../../../core/review/ending-by.ts';
import { reviewAccess } from '../../../core/review/review-access.ts';
import { fitText } from '../../../report/layout/fit.ts';
import { jsonPieces } from '../../../report/layout/json.ts';
import { warningText } from '../../../report/problems/text.ts';
import { reviewCsv } from '../../../report/review/csv.ts';
import { reviewToJson } from '../../../report/review/json.ts';
import { reviewMarkdown } from '../../../report/review/markdown.ts';
import { makePlan, type PlannedRun } from '../../../run/reconcile/make-plan.ts';
import { UsageError } from '../../line/errors.ts';
import { EXIT, type ExitCode } from '../../line/exit-code.ts';
import { momentOf, parseDays } from '../../open/at-moment.ts';
import { observeLive, plannedAt } from '../../open/planned.ts';
import { openRevision } from '../../open/policy.ts';
import { openSnapshot } from '../../open/snapshot.ts';
import { nameOfInput } from '../../process/read-input.ts';
import { readVersion } from '../../process/shipped-file.ts';
import { writeOutputFile } from '../../process/write-output-file.ts';
import { joinedLines, writePieces } from '../../process/write-pieces.ts';
import type { ReviewCall } from './spec.ts';

/** How many lines a review may have: a reader must be able to open it, and JSON needs over a kilobyte a line. */
const LINES_MOST: Readonly<Record<string, number>> = { csv: 800_000, markdown: 800_000, json: 200_000 };

/** Prints the access review, or saves it with `--out`. */
export async function runReview(call: ReviewCall): Promise<ExitCode> {
  const { resolved, revision } = await openRevision(call);
  const { planned, source } = await observe(call, resolved);
  const whole = reviewAccess({
    explained: explainAccount({ ...planned, resolved }),
    actual: planned.actual,
    plan: planned.plan,
    policy: resolved.policy,
    origin: { source, policy: { file: resolved.policy.file, revision }, version: await readVersion() },
  });
  const { ending } = call.flags;
  const review = ending === undefined ? whole : endingBy(whole, whole.asOf + parseDays('--ending', ending));
  requireLines(call.flags.format, review.counts.entries);
  await print(call, rendered(call, review));
  noteEnding(call, review);
  warnOfNotices(call, review);
  return EXIT.done;
}

/** A snapshot is reviewed at the moment it was taken, unless the call names another: who had what then, and what the policy grants. */
async function observe(
  call: ReviewCall,
  resolved: ResolvedPolicy,
): Promise<{ readonly planned: PlannedRun; readonly source: ReviewSource }> {
  const { snapshot: path } = call.flags;
  const at = momentOf(call);
  if (path === undefined) {
    const planned = await observeLive(call, resolved, { everyToken: true });
    const readAt = at === null ? {} : { readAt: planned.plan.now };
    return {
      planned: plannedAt(planned, resolved, at),
      source: { kind: 'account', apiUrl: call.settings.apiUrl, ...readAt },
    };
  }
  const { actual, takenAt, sha256 } = await openSnapshot(call, path, resolved.policy.account);
  const readAt = at === null ? {} : { readAt: takenAt };
  const source = { kind: 'snapshot', file: nameOfInput(path), sha256, ...readAt } as const;
  return { planned: makePlan(resolved, actual, at ?? takenAt, NO_RESTRAINTS), source };
}

function rendered(call: ReviewCall, review: AccessReview): Iterable<string> {
  switch (call.flags.format) {
    case 'json':
      return jsonPieces(reviewToJson(review));
    case 'markdown':
      return reviewMarkdown(review);
    case 'csv':
      return reviewCsv(review);
  }
}

async function print(call: ReviewCall, pieces: Iterable<string>): Promise<void> {
  const { out } = call.flags;
  if (out === undefined) {
    await writePieces(call.io.stdout, pieces);
    return;
  }
  await writeOutputFile(call.io.cwd, out, joinedLines(pieces));
  call.io.stderr.write(fitText(`Saved to ${visibleText(out)}.\n`, call.paint.stderr));
}

/** A part must not pass for the whole. */
function noteEnding(call: ReviewCall, { endingBy: end, counts }: AccessReview): void {
  if (end === null) return;
  const text = `Only access that ends up to ${instantText(end)} is listed: ${counted(counts.entries, 'line')}.\n`;
  call.io.stderr.write(fitText(text, call.paint.stderr));
}

/** CSV has no place for a notice that belongs to no line, such as a name in the policy that fits nothing. */
function warnOfNotices(call: ReviewCall, { notices }: AccessReview): void {
  if (notices.length === 0 || call.flags.format !== 'csv') return;
  const what = `the review comes with ${counted(notices.length, 'notice')}, which CSV cannot show`;
  call.io.stderr.write(
    warningText(
      what,
      `grantd review --format markdown shows ${notices.length === 1 ? 'it' : 'them'}`,
      call.paint.stderr,
    ),
  );
}

/** Throws `UsageError` if a review has more lines than its format allows. */
export function requireLines(format: string, lines: number): void {
  const most = LINES_MOST[format] ?? 0;
  if (lines <= most) return;
  const remedy =
    format === 'json'
      ? 'use --format csv, or ask for one resource: grantd who RESOURCE --format json'
      : 'ask for one resource: grantd who RESOURCE --format json';
  throw new UsageError(`the review has ${lines} lines, and ${format} allows ${most} at most`, remedy);
}
