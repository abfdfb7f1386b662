import type { AuditEntry } from '../../../adapters/audit/audit-entries.ts';
import type { AuditCauseJson } from '../../../adapters/audit/audit-record.ts';
import { commentText, writeGrants } from '../../../core/document/write-policy.ts';
import { instantText } from '../../../core/domain/text/instant.ts';
import { visibleText } from '../../../core/domain/text/text.ts';
import { type GivenBackGrants, TakenRows, type WrittenRow } from '../../../core/infer/give-back.ts';
import { UsageError } from '../../line/errors.ts';
import { jsonText } from '../../line/json-text.ts';
import { type NamedLog, readWholeLog, workedPut } from '../../open/audit-log.ts';
import { auditFileOf } from './file.ts';
import { askedEntries, askedText, whoText } from './filter.ts';
import type { AuditCall } from './spec.ts';

/** The version of the JSON output. */
const VERSION = 1;

/** How long the grants give the access back. By then someone has decided. */
const GIVEN_BACK_MS = 7 * 24 * 60 * 60_000;

/** The columns by which a policy indents the entries of `grants`. */
const INDENT = 2;

/** Prints the grants that give back what was taken. True if the chain of the log is whole; a broken one says nothing reliable. */
export async function undoLog(call: AuditCall): Promise<boolean> {
  const asked = askedText(call, 'from');
  if (asked === '') {
    const remedy = 'add --run ID, --since MOMENT or --who WHO; grantd audit show lists the runs';
    throw new UsageError('audit undo does not say what to give back', remedy);
  }
  const log = await auditFileOf(call);
  const taken = await takenRows(call, log);
  if (taken === null) return false;
  const until = instantText(call.io.clock.now() + GIVEN_BACK_MS).slice(0, 'YYYY-MM-DD'.length);
  const found = taken.grants({ reason: `gives back what grantd took ${asked}`, until });
  if (call.flags.format === 'json') call.io.stdout.write(jsonText(toJson(found)));
  else print(call, found, asked, until);
  return true;
}

/** Null after a warning, if a line of the log breaks its chain. */
async function takenRows(call: AuditCall, log: NamedLog): Promise<TakenRows | null> {
  const isAsked = askedEntries(call);
  const taken = new TakenRows(call.flags.drift);
  const isWhole = await readWholeLog(
    call,
    log,
    'grantd gives back nothing by a log that may have been changed',
    (entry) => {
      for (const row of writtenRows(entry, isAsked(entry))) taken.add(row);
    },
  );
  return isWhole ? taken : null;
}

/** The rows of a PUT that worked, or may have. */
function writtenRows(entry: AuditEntry, isAsked: boolean): readonly WrittenRow[] {
  const put = workedPut(entry);
  if (put === null) return [];
  const { intent, end } = put;
  const isCertain = end?.kind === 'outcome' && end.sent === 'answered';
  return intent.rows.map(({ resource, before, after, why, cause }) => ({
    access: intent.access,
    who: whoText(intent.principal),
    resource,
    before,
    after,
    isAsked,
    isDrift: cause === 'drift',
    endsAt: why.map(endsLine).find((line) => line !== null) ?? null,
    isCertain,
  }));
}

/** Where an `ends` of the policy took the access; null if something else did. */
function endsLine(cause: AuditCauseJson): string | null {
  const place = cause.kind === 'offboarded' ? cause : cause.kind === 'ended' ? cause.endedBy : null;
  return place && `${place.file}:${place.line}`;
}

function toJson({ grants, notes }: GivenBackGrants): unknown {
  const flat = grants.map(({ to, gives: { resources, level }, reason, until }) => ({
    to,
    resources: resources.map(({ text, remark }) => ({ resource: text, label: remark ?? text })),
    level,
    reason,
    until,
  }));
  return { version: VERSION, grants: flat, notes };
}

function print({ io, paint }: AuditCall, { grants, notes }: GivenBackGrants, asked: string, until: string): void {
  const head =
    grants.length === 0
      ? [`Nothing is left to give back of what grantd took ${asked}.`]
      : [
          `Gives back what grantd took ${asked}, until the end of ${until}.`,
          'Add these lines under `grants` in the policy, and run grantd plan.',
        ];
  const margin = ' '.repeat(INDENT);
  io.stdout.write(head.map((line) => `${margin}# ${commentText(line)}\n`).join(''));
  if (grants.length > 0) io.stdout.write(writeGrants(grants, INDENT));
  for (const { says, items } of notes)
    io.stderr.write(`${paint.stderr.warn('note')}: ${[says, ...items].map(visibleText).join('\n  ')}\n`);
}
