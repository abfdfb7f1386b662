import { LEVEL } from '../../core/domain/account/access-level.ts';
import { type Principal, principalText } from '../../core/domain/account/principal.ts';
import { approvalText } from '../../core/domain/plan/approval-text.ts';
import type { ChangeCause } from '../../core/domain/plan/change-cause.ts';
import type { Cause, ChangeKind } from '../../core/domain/plan/plan.ts';
import type { NamedPlace } from '../../core/domain/policy/entitlement.ts';
import { type Revision, revisionText } from '../../core/domain/policy/revision.ts';
import { oddVisible } from '../../core/domain/text/odd-characters.ts';
import type { Place } from '../../core/domain/text/problem.ts';
import { counted, visibleText } from '../../core/domain/text/text.ts';
import { fitText } from '../layout/fit.ts';
import type { Paint } from '../layout/paint.ts';
import { alignColumns } from '../layout/text.ts';
import { type CauseJson, type LevelJson, type LineJson, levelFromJson, type NamedLineJson } from '../words/json.ts';
import { changeCauseLines, levelsText, SIGNS, whyLines } from '../words/phrase.ts';

/** One row of a PUT, as the audit log recorded it. */
interface RecordedRow {
  readonly kind: ChangeKind;
  readonly resource: { readonly label: string };
  readonly before: LevelJson;
  readonly after: LevelJson;
  readonly why: readonly RecordedCause[];
  readonly cause?: ChangeCause;
}

/** 0.1.0 wrote `stranger` for what is called `unlisted` now. */
type RecordedCause = CauseJson | (LineJson & { readonly kind: 'stranger' });

/** The record that precedes a PUT. `seq` is its number in the log. */
interface RecordedIntent {
  readonly seq: number;
  readonly time: string;
  readonly runId: string;
  readonly principal: Principal;
  readonly revision: Revision | null;
  readonly rows: readonly RecordedRow[];
  /** The rows that the PUT left unnamed, where it was not proven yet that such rows stay. */
  readonly unnamed?: readonly { readonly resource: { readonly label: string }; readonly level: LevelJson }[];
  /** Left out if no row needed an approval. */
  readonly approvals?: readonly RecordedApproval[];
}

/** What let rows of a PUT pass that a guard would hold. */
interface RecordedApproval {
  readonly digest: string;
  readonly by:
    | (LineJson & { readonly kind: 'policy'; readonly until: string })
    | { readonly kind: 'by-hand'; readonly user: string | null };
}

/** The record of how a PUT ended. `unknown`: grantd stopped before it saw the answer. */
type RecordedEnd = { readonly time: string; readonly intent: { readonly seq: number; readonly hash: string } } & (
  | { readonly kind: 'unknown' }
  | {
      readonly kind: 'outcome';
      readonly sent: 'answered' | 'failed';
      readonly status: number | null;
      readonly requestId: string | null;
      readonly error: { readonly code: string; readonly message: string } | null;
      readonly mayHaveTakenEffect: boolean;
    }
);

/** What `grantd audit show` prints as one entry. */
export type ShownEntry =
  /** A PUT and how it ended; `end` is null while no record says so. */
  | { readonly kind: 'put'; readonly intent: RecordedIntent; readonly end: RecordedEnd | null }
  /** An outcome that came after its PUT was shown, or whose intent is in an earlier file (null). */
  | { readonly kind: 'late'; readonly intent: RecordedIntent | null; readonly end: RecordedEnd }
  | {
      readonly kind: 'repaired';
      readonly repaired: { readonly seq: number; readonly time: string; readonly bytes: number; readonly file: string };
    };

/** One entry of the audit log for a terminal: when, for whom, the rows with their reasons, and how it ended. */
export function renderAuditEntry(entry: ShownEntry, paint: Paint): string {
  return fitText(entryText(entry, paint), paint);
}

function entryText(entry: ShownEntry, paint: Paint): string {
  switch (entry.kind) {
    case 'repaired': {
      const { seq, time, bytes, file } = entry.repaired;
      const text = `record ${seq}: grantd moved a torn line of ${counted(bytes, 'byte')} to ${file}`;
      return `${paint.faint(time)}  ${visibleText(text)}\n`;
    }
    case 'late': {
      const { seq, hash } = entry.end.intent;
      const place = entry.intent === null ? `an earlier file (${hash.slice(0, 12)})` : `record ${seq}`;
      return `${paint.faint(entry.end.time)}  later, of ${place}: ${endText(entry.end, paint)}\n`;
    }
    case 'put':
      return [
        headLine(entry.intent, paint),
        ...rowLines(entry.intent, paint),
        ...unnamedLines(entry.intent, paint),
        ...(entry.intent.approvals ?? []).map((approval) => `  ${paint.warn(approvedText(approval))}`),
        `  ${endText(entry.end, paint)}`,
        '',
      ].join('\n');
  }
}

function headLine({ time, principal, seq, runId, revision }: RecordedIntent, paint: Paint): string {
  const about = [`record ${seq}`, `run ${runId}`, ...(revision === null ? [] : [revisionText(revision)])].join(', ');
  return `${paint.faint(time)}  ${paint.strong(oddVisible(principalText(principal)))}  ${paint.faint(visibleText(about))}`;
}

function rowLines({ rows }: RecordedIntent, paint: Paint): readonly string[] {
  const lines = alignColumns(
    rows.map((row) => {
      const colour = isGain(row) ? paint.gain : paint.loss;
      const levels = levelsText({ before: levelOf(row.before), after: levelOf(row.after) });
      return [
        { text: SIGNS[row.kind], paint: colour },
        { text: oddVisible(row.resource.label) },
        { text: levels, paint: colour },
      ];
    }),
    '  ',
  );
  return rows.flatMap((row, index) => [
    ...lines.slice(index, index + 1),
    ...[
      ...changeCauseLines(row),
      ...(isGivingBack(row) ? [givingBackText(row)] : []),
      ...whyLines(row.why.map(toCause), isGain(row) ? 'gain' : 'loss', row.resource.label),
    ].map((line) => `      ${paint.faint(line)}`),
  ]);
}

/** Every other gain has a grant. */
function isGivingBack(row: RecordedRow): boolean {
  return isGain(row) && row.why.length === 0;
}

function givingBackText({ before, after }: RecordedRow): string {
  return levelOf(before) === levelOf(after)
    ? 'named so that this PUT does not take it'
    : 'given back: an earlier PUT took it without naming it';
}

function unnamedLines({ unnamed = [] }: RecordedIntent, paint: Paint): readonly string[] {
  if (unnamed.length === 0) return [];
  const rows = unnamed.map(({ resource, level }) => `${resource.label} ${level}`).join(', ');
  return [`  ${paint.faint(oddVisible(`this PUT did not name, so it must leave in place: ${rows}`))}`];
}

function approvedText({ digest, by }: RecordedApproval): string {
  const who = by.kind === 'policy' ? `${by.file}:${by.line}, until ${by.until}` : approvalText(by);
  return visibleText(`approved by ${who} (${digest})`);
}

function isGain({ kind }: RecordedRow): boolean {
  return kind === 'create' || kind === 'raise';
}

/** A level that this version of grantd does not know reads as no row. */
function levelOf(json: LevelJson): number {
  return levelFromJson(json) ?? LEVEL.none;
}

function endText(end: RecordedEnd | null, paint: Paint): string {
  if (end === null) return paint.warn('no outcome yet');
  if (end.kind === 'unknown') return paint.warn('unknown: grantd stopped before it saw the answer');
  const request = end.requestId === null ? '' : `, request ${end.requestId}`;
  if (end.sent === 'answered') return paint.gain(visibleText(`answered ${end.status}${request}`));
  const effect = end.mayHaveTakenEffect ? 'it may have taken effect' : 'it changed nothing';
  const error = end.error === null ? 'the log has no error' : `${end.error.code}: ${end.error.message}`;
  return paint.fail(visibleText(`failed, and ${effect}: ${error}${request}`));
}

/** A recorded reason in the shape that a plan has. The log records no column, so it is always 1. */
function toCause(cause: RecordedCause): Cause {
  switch (cause.kind) {
    case 'stranger':
      return { kind: 'unlisted', at: toPlace(cause) };
    case 'unlisted':
    case 'offboarded':
      return { kind: cause.kind, at: toPlace(cause) };
    case 'not-granted':
      return { kind: cause.kind, grant: toPlace(cause), groups: cause.groups.map(toNamed) };
    default: {
      const { kind, resource, level, otherPaths, reason } = cause;
      const until = cause.until === null ? null : { at: Date.parse(cause.until), text: cause.until };
      return {
        kind,
        grant: toPlace(cause),
        resource,
        level,
        role: cause.role && toNamed(cause.role),
        groups: cause.groups.map(toNamed),
        otherPaths,
        reason,
        until,
        endedBy: cause.endedBy && toPlace(cause.endedBy),
      };
    }
  }
}

function toPlace({ file, line }: LineJson): Place {
  return { file, line, column: 1, length: 1 };
}

function toNamed({ name, file, line }: NamedLineJson): NamedPlace {
  return { name, at: toPlace({ file, line }) };
}
