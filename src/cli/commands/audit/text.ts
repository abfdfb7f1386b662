import type { AuditEntry } from '../../../adapters/audit/audit-entries.ts';
import type {
  AuditCauseJson,
  AuditLineJson,
  AuditNamedLineJson,
  AuditRecord,
  AuditRowJson,
  IntentBody,
} from '../../../adapters/audit/audit-record.ts';
import { principalText } from '../../../core/domain/account/principal.ts';
import type { Cause } from '../../../core/domain/plan/plan.ts';
import type { NamedPlace } from '../../../core/domain/policy/entitlement.ts';
import { revisionText } from '../../../core/domain/policy/revision.ts';
import type { Place } from '../../../core/domain/text/problem.ts';
import { visibleText } from '../../../core/domain/text/text.ts';
import { alignColumns } from '../../../report/layout/columns.ts';
import type { Paint } from '../../../report/layout/paint.ts';
import { levelFromJson } from '../../../report/words/level-json.ts';
import { levelsText, SIGNS, whyLines } from '../../../report/words/phrase.ts';

type Ended = Extract<AuditEntry, { readonly kind: 'put' }>['end'];

/** One entry for people: when and for whom, the rows with their reasons, and how it ended. */
export function entryText(entry: AuditEntry, paint: Paint): string {
  switch (entry.kind) {
    case 'repaired': {
      const { seq, time, bytes, file } = entry.repaired;
      return `${paint.faint(time)}  ${visibleText(`record ${seq}: a torn line was put aside, ${bytes} bytes in ${file}`)}\n`;
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
        `  ${endText(entry.end, paint)}`,
        '',
      ].join('\n');
  }
}

function headLine(intent: AuditRecord<IntentBody>, paint: Paint): string {
  const { time, principal, seq, runId, revision } = intent;
  const about = [`record ${seq}`, `run ${runId}`, ...(revision === null ? [] : [revisionText(revision)])].join(', ');
  return `${paint.faint(time)}  ${paint.strong(visibleText(principalText(principal)))}  ${paint.faint(visibleText(about))}`;
}

function rowLines({ rows }: AuditRecord<IntentBody>, paint: Paint): readonly string[] {
  const cells = rows.map((row) => {
    const colour = isGain(row) ? paint.gain : paint.loss;
    return [
      { text: SIGNS[row.kind], paint: colour },
      { text: visibleText(row.resource.label) },
      {
        text: levelsText({ before: levelFromJson(row.before) ?? 0, after: levelFromJson(row.after) ?? 0 }),
        paint: colour,
      },
    ];
  });
  return alignColumns(cells, '  ').flatMap((line, index) => [line, ...reasonLines(rows[index], paint)]);
}

function reasonLines(row: AuditRowJson | undefined, paint: Paint): readonly string[] {
  if (row === undefined) return [];
  const lines = whyLines(row.why.map(toCause), isGain(row) ? 'gain' : 'loss', row.resource.label);
  return lines.map((line) => `      ${paint.faint(line)}`);
}

function isGain({ kind }: AuditRowJson): boolean {
  return kind === 'create' || kind === 'raise';
}

function endText(end: Ended, paint: Paint): string {
  if (end === null) return paint.warn('no outcome yet');
  if (end.kind === 'unknown') return paint.warn('unknown: grantd was ended before it saw the answer');
  const request = end.requestId === null ? '' : `, request ${end.requestId}`;
  if (end.sent === 'answered') return paint.gain(visibleText(`answered ${end.status}${request}`));
  const effect = end.mayHaveTakenEffect ? 'it may have taken effect' : 'nothing was changed by it';
  const { code, message } = end.error ?? { code: 'fault', message: 'no error is told' };
  return paint.fail(visibleText(`failed, and ${effect}: ${code}: ${message}${request}`));
}

/** The reason as the plan had it, with what renderers ask of a place. */
function toCause(cause: AuditCauseJson): Cause {
  switch (cause.kind) {
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

function toPlace({ file, line }: AuditLineJson): Place {
  return { file, line, column: 1, length: 1 };
}

function toNamed({ name, file, line }: AuditNamedLineJson): NamedPlace {
  return { name, at: toPlace({ file, line }) };
}
