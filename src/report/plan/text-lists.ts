import { type AccessLevel, LEVEL, levelName } from '../../core/domain/account/access-level.ts';
import { writtenName } from '../../core/domain/account/principal.ts';
import { NOTICE_CODES, type Notice, type NoticeCode } from '../../core/domain/plan/notice.ts';
import type { Plan, RowExcluded, Unmanageable } from '../../core/domain/plan/plan.ts';
import type { HeldRow, Unlisted } from '../../core/domain/plan/unlisted.ts';
import { instantText } from '../../core/domain/text/instant.ts';
import { oddVisible } from '../../core/domain/text/odd-characters.ts';
import { visibleText } from '../../core/domain/text/text.ts';
import type { Paint } from '../layout/paint.ts';
import { alignColumns, bounded, heading } from '../layout/text.ts';
import { linesText, lineText, principalWords } from '../words/phrase.ts';
import { SHIELDED_WORDS, UNMANAGEABLE_KINDS, UNMANAGEABLE_WORDS } from '../words/reason-words.ts';

/** The heading of the roles in the organization. */
export const ORGANIZATION_TITLE =
  'In the organization: roles that reach the whole account, and that grantd never writes';

/** How many rows of one unlisted principal are named. */
const ROWS_MOST = 3;

/** Notices about what may stay so for long. All others need somebody. */
export const STANDING_NOTICES: ReadonlySet<NoticeCode> = new Set(['ends-soon', 'pattern-skips', 'unproven-token']);

/** What the account shows run after run, each kind with a heading that also stands alone. Always whole; empty kinds are omitted. */
export function standingSections(plan: Plan, paint: Paint): readonly (readonly string[])[] {
  return [
    unmanageableSection(plan, paint),
    absentSection(plan, paint),
    upcomingSection(plan, paint),
    endedSection(plan, paint),
    unlistedSection(plan, paint),
    organizationSection(plan, paint),
    redundantSection(plan, paint),
    idleSection(plan, paint),
    ...[...STANDING_NOTICES].map((code) => standingNotices(code, plan, paint)),
  ].filter((lines) => lines.length > 0);
}

/** The notices of one code under its meaning. */
function standingNotices(code: NoticeCode, { notices }: Plan, paint: Paint): readonly string[] {
  const all = notices.filter((notice) => notice.code === code);
  return noticesSection(`Notices: ${NOTICE_CODES[code]}`, all, paint, all.length);
}

/** Rows that nothing may write, under the reason. */
function unmanageableSection({ unmanageable }: Plan, paint: Paint): readonly string[] {
  if (unmanageable.length === 0) return [];
  const reasons = [...new Set(unmanageable.map((row) => row.reason))];
  const lines = reasons.flatMap((reason) =>
    excluded(
      reason,
      unmanageable.filter((row) => row.reason === reason),
      paint,
    ),
  );
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
    { text: oddVisible(resource.label) },
    { text: `has ${levelName(actual)}, entitled ${levelName(entitled)}` },
    { text: UNMANAGEABLE_KINDS[kind] },
  ]);
  return [`  ${cause} ${paint.faint(`[${reason}]`)}`, `    help: ${remedy}`, ...alignColumns(cells, '    ')];
}

/** Whom the policy names and the account does not have. */
function absentSection({ absent }: Plan, paint: Paint): readonly string[] {
  if (absent.length === 0) return [];
  const lines = alignColumns(
    absent.map(({ name, grants }) => [{ text: oddVisible(writtenName(name)) }, { text: linesText(grants) }]),
    '  ',
  );
  return [
    paint.warn(heading('Absent: in the policy, not in the account', absent.length, 'name')),
    ...lines,
    '  help: invite them in Mailtrap, or remove them from the policy',
  ];
}

/** Whom only grants or `ends` name that lie ahead. */
function upcomingSection({ upcoming }: Plan, paint: Paint): readonly string[] {
  if (upcoming.length === 0) return [];
  const lines = alignColumns(
    upcoming.map(({ name, grants, begins }) => [
      { text: oddVisible(writtenName(name)) },
      { text: begins === null ? '' : `from ${instantText(begins)}` },
      { text: linesText(grants) },
    ]),
    '  ',
  );
  return [paint.strong(heading('Upcoming: their first grant has not begun', upcoming.length, 'name')), ...lines];
}

/** What ended grants gave. Mode additive removes nothing, so there the list has only what is still in place. */
function endedSection({ ended, mode }: Plan, paint: Paint): readonly string[] {
  if (ended.length === 0) return [];
  const words = mode === 'additive' ? 'Ended, and still in place' : 'Ended';
  const rows = mode === 'additive' ? ended.filter(({ actual }) => actual > LEVEL.none) : ended;
  if (rows.length === 0) return [];
  const lines = alignColumns(
    rows.map(({ principal, resource, level, actual, grant, until }) => [
      { text: principalWords(principal) },
      { text: oddVisible(resource.label) },
      { text: `${level} until ${visibleText(until.text)}` },
      { text: `has ${levelName(actual)}` },
      { text: lineText(grant) },
    ]),
    '  ',
  );
  return [paint.strong(heading(words, rows.length, 'row')), ...lines];
}

/** Users and invites with access that no grant names. */
function unlistedSection({ unlisted, counts }: Plan, paint: Paint): readonly string[] {
  if (unlisted.length === 0) return [];
  const lines = alignColumns(
    unlisted.map((one) => [
      { text: principalWords(one.principal) },
      ...(counts.leftBehind.by === 'patterns' ? [{ text: unlistedWord(one) }] : []),
      { text: `${heldRows(one.rows)}${beyondWords(one)}` },
      ...(one.shielded.length === 0 ? [] : [{ text: `keeps ${heldRows(one.shielded)}: ${SHIELDED_WORDS}` }]),
    ]),
    '  ',
  );
  return [
    paint.warn(heading('Unlisted: have access, and no grant that has begun names them', unlisted.length, 'principal')),
    ...lines,
  ];
}

/** That only these team files name someone, and do not decide the rows. Empty for whom no file names. */
export function beyondWords({ teamFiles }: Unlisted): string {
  return teamFiles.length === 0 ? '' : ` (beyond what ${teamFiles.map(visibleText).join(' and ')} may decide)`;
}

/** What happens to the access of someone whom no grant names, in one word. */
export function unlistedWord({ revokedAt, isObserved }: Unlisted): string {
  if (revokedAt === null) return 'keeps';
  return isObserved ? 'observed' : 'loses';
}

function heldRows(rows: readonly HeldRow[]): string {
  const byLevel = [...rows].sort((a, b) => b.level - a.level);
  const shown = byLevel.slice(0, ROWS_MOST).map(({ resource, level }) => rowText(resource.label, level));
  const hidden = rows.length - shown.length;
  return [...shown, ...(hidden > 0 ? [`${hidden} more`] : [])].join(', ');
}

function rowText(label: string, level: AccessLevel): string {
  return `${oddVisible(label)} ${levelName(level)}`;
}

/** Roles in the organization above the account. */
function organizationSection({ organization }: Plan, paint: Paint): readonly string[] {
  if (organization.length === 0) return [];
  const lines = alignColumns(
    organization.map(({ principal, level }) => [{ text: principalWords(principal) }, { text: levelName(level) }]),
    '  ',
  );
  return [paint.warn(heading(ORGANIZATION_TITLE, organization.length, 'principal')), ...lines];
}

/** Rows that give nothing beyond the policy. */
function redundantSection({ redundant }: Plan, paint: Paint): readonly string[] {
  if (redundant.length === 0) return [];
  const lines = alignColumns(
    redundant.map(({ principal, resource, level }) => [
      { text: principalWords(principal) },
      { text: oddVisible(resource.label) },
      { text: levelName(level) },
    ]),
    '  ',
  );
  return [
    paint.strong(
      heading('Redundant: give nothing beyond the policy, and grantd leaves them alone', redundant.length, 'row'),
    ),
    ...lines,
  ];
}

/** Members of the account without any row. */
function idleSection({ idle }: Plan, paint: Paint): readonly string[] {
  if (idle.length === 0) return [];
  const lines = idle.map((principal) => `  ${principalWords(principal)}`);
  return [paint.strong(heading('Idle: members without any access', idle.length, 'principal')), ...lines];
}

/** What only the account could show, each with its place and remedy. */
export function noticesSection(
  words: string,
  notices: readonly Notice[],
  paint: Paint,
  most: number,
): readonly string[] {
  if (notices.length === 0) return [];
  const toLines = (shown: readonly Notice[]) => shown.flatMap((notice) => noticeLines(notice, paint));
  return [paint.warn(`${words} (${notices.length})`), ...bounded(notices, toLines, most)];
}

function noticeLines({ code, message, remedy, at }: Notice, paint: Paint): readonly string[] {
  return [
    `  ${at === null ? '' : `${lineText(at)}: `}${visibleText(message)} ${paint.faint(`[${code}]`)}`,
    `    ${paint.faint(`help: ${visibleText(remedy)}`)}`,
  ];
}
