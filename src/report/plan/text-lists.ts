import { type AccessLevel, LEVEL, levelName } from '../../core/domain/account/access-level.ts';
import { writtenName } from '../../core/domain/account/principal.ts';
import type { Notice } from '../../core/domain/plan/notice.ts';
import type { Plan, RowExcluded, Unlisted, Unmanageable } from '../../core/domain/plan/plan.ts';
import { instantText } from '../../core/domain/text/instant.ts';
import type { Place } from '../../core/domain/text/problem.ts';
import { visibleText } from '../../core/domain/text/text.ts';
import type { Paint } from '../layout/paint.ts';
import { alignColumns, bounded, heading } from '../layout/text.ts';
import { lineText, principalWords } from '../words/phrase.ts';
import { UNMANAGEABLE_KINDS, UNMANAGEABLE_WORDS } from '../words/reason-words.ts';

/** How many rows of one unlisted principal are named. */
const ROWS_MOST = 3;

/** Rows that nothing may write, under the reason. */
export function unmanageableSection({ unmanageable }: Plan, paint: Paint): readonly string[] {
  if (unmanageable.length === 0) return [];
  const lines = bounded(unmanageable, (shown) => {
    const reasons = [...new Set(shown.map((row) => row.reason))];
    return reasons.flatMap((reason) =>
      excluded(
        reason,
        shown.filter((row) => row.reason === reason),
        paint,
      ),
    );
  });
  return [
    paint.warn(
      heading(
        'Unmanageable: the policy asks for a different level, and grantd cannot write it',
        unmanageable.length,
        'row',
      ),
    ),
    ...lines,
  ];
}

function excluded(reason: RowExcluded, rows: readonly Unmanageable[], paint: Paint): readonly string[] {
  const { cause, remedy } = UNMANAGEABLE_WORDS[reason];
  const cells = rows.map(({ principal, resource, actual, entitled, kind }) => [
    { text: principalWords(principal) },
    { text: visibleText(resource.label) },
    { text: `has ${levelName(actual)}, entitled ${levelName(entitled)}` },
    { text: UNMANAGEABLE_KINDS[kind] },
  ]);
  return [`  ${cause} ${paint.faint(`[${reason}]`)}`, `    help: ${remedy}`, ...alignColumns(cells, '    ')];
}

/** Whom the policy names and the account does not have. */
export function absentSection({ absent }: Plan, paint: Paint): readonly string[] {
  if (absent.length === 0) return [];
  const lines = bounded(absent, (shown) =>
    alignColumns(
      shown.map(({ name, grants }) => [{ text: visibleText(writtenName(name)) }, { text: linesText(grants) }]),
      '  ',
    ),
  );
  return [
    paint.warn(heading('Absent: in the policy, not in the account', absent.length, 'name')),
    ...lines,
    '  help: invite them in Mailtrap, or remove them from the policy',
  ];
}

/** Whom only grants name that have not begun. */
export function upcomingSection({ upcoming }: Plan, paint: Paint): readonly string[] {
  if (upcoming.length === 0) return [];
  const lines = bounded(upcoming, (shown) =>
    alignColumns(
      shown.map(({ name, grants, begins }) => [
        { text: visibleText(writtenName(name)) },
        { text: begins === null ? '' : `from ${instantText(begins)}` },
        { text: linesText(grants) },
      ]),
      '  ',
    ),
  );
  return [
    paint.strong(heading('Upcoming: grantd leaves them alone until their first grant begins', upcoming.length, 'name')),
    ...lines,
  ];
}

/** What ended grants gave. Mode additive removes nothing, so there the list has only what is still in place. */
export function endedSection({ ended, mode }: Plan, paint: Paint): readonly string[] {
  if (ended.length === 0) return [];
  const words = mode === 'additive' ? 'Ended, and still in place' : 'Ended';
  const rows = mode === 'additive' ? ended.filter(({ actual }) => actual > LEVEL.none) : ended;
  if (rows.length === 0) return [];
  const lines = bounded(rows, (shown) =>
    alignColumns(
      shown.map(({ principal, resource, level, actual, grant, until }) => [
        { text: principalWords(principal) },
        { text: visibleText(resource.label) },
        { text: `${level} until ${visibleText(until.text)}` },
        { text: `has ${levelName(actual)}` },
        { text: lineText(grant) },
      ]),
      '  ',
    ),
  );
  return [paint.strong(heading(words, rows.length, 'row')), ...lines];
}

/** Users and invites with access that no grant names. */
export function unlistedSection({ unlisted, counts }: Plan, paint: Paint): readonly string[] {
  if (unlisted.length === 0) return [];
  const lines = bounded(unlisted, (shown) =>
    alignColumns(
      shown.map((one) => [
        { text: principalWords(one.principal) },
        ...(counts.leftBehind.by === 'patterns' ? [{ text: one.revokedAt === null ? 'keeps' : 'loses' }] : []),
        { text: unlistedRows(one) },
      ]),
      '  ',
    ),
  );
  return [
    paint.warn(heading('Unlisted: have access, and no grant names them', unlisted.length, 'principal')),
    ...lines,
  ];
}

function unlistedRows({ rows }: Unlisted): string {
  const byLevel = [...rows].sort((a, b) => b.level - a.level);
  const shown = byLevel.slice(0, ROWS_MOST).map(({ resource, level }) => rowText(resource.label, level));
  const hidden = rows.length - shown.length;
  return [...shown, ...(hidden > 0 ? [`${hidden} more`] : [])].join(', ');
}

function rowText(label: string, level: AccessLevel): string {
  return `${visibleText(label)} ${levelName(level)}`;
}

/** Rows that give nothing beyond the policy. */
export function redundantSection({ redundant }: Plan, paint: Paint): readonly string[] {
  if (redundant.length === 0) return [];
  const lines = bounded(redundant, (shown) =>
    alignColumns(
      shown.map(({ principal, resource, level }) => [
        { text: principalWords(principal) },
        { text: visibleText(resource.label) },
        { text: levelName(level) },
      ]),
      '  ',
    ),
  );
  return [
    paint.strong(
      heading('Redundant: give nothing beyond the policy, and grantd leaves them alone', redundant.length, 'row'),
    ),
    ...lines,
  ];
}

/** Members of the account without any row. */
export function idleSection({ idle }: Plan, paint: Paint): readonly string[] {
  if (idle.length === 0) return [];
  const lines = bounded(idle, (shown) => shown.map((principal) => `  ${principalWords(principal)}`));
  return [paint.strong(heading('Idle: members without any access', idle.length, 'principal')), ...lines];
}

/** What only the account could show, each with its place and remedy. */
export function noticesSection(words: string, notices: readonly Notice[], paint: Paint): readonly string[] {
  if (notices.length === 0) return [];
  const lines = bounded(notices, (shown) =>
    shown.flatMap(({ code, message, remedy, at }) => [
      `  ${at === null ? '' : `${lineText(at)}: `}${visibleText(message)} ${paint.faint(`[${code}]`)}`,
      `    ${paint.faint(`help: ${visibleText(remedy)}`)}`,
    ]),
  );
  return [paint.warn(`${words} (${notices.length})`), ...lines];
}

function linesText(places: readonly Place[]): string {
  return places.map(lineText).join(', ');
}
