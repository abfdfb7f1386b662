import { levelName } from '../../core/domain/account/access-level.ts';
import { type Principal, principalText } from '../../core/domain/account/principal.ts';
import type { ChangeCause } from '../../core/domain/plan/change-cause.ts';
import type { ApprovedPart, Cause, Change, ChangeKind } from '../../core/domain/plan/plan.ts';
import type { NamedPlace } from '../../core/domain/policy/entitlement.ts';
import { oddVisible } from '../../core/domain/text/odd-characters.ts';
import type { Place } from '../../core/domain/text/problem.ts';
import { counted, visibleText } from '../../core/domain/text/text.ts';

/** `file:line`, safe to print. */
export function lineText(place: Place): string {
  return visibleText(`${place.file}:${place.line}`);
}

/** How many lines of one list are shown. Someone may have thousands of grants. */
const LINES_MOST = 10;

/** The first lines of a list, safe to print, each as `show` writes it, and how many more there are. */
export function linesText(places: readonly Place[], show: (line: string) => string = (line) => line): string {
  const more = places.length - LINES_MOST;
  const shown = places.slice(0, LINES_MOST).map((place) => show(lineText(place)));
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** An e-mail or `token:NAME`, safe to print. */
export function principalWords(principal: Principal): string {
  return oddVisible(principalText(principal));
}

/** The sign of each kind of change. */
export const SIGNS: Readonly<Record<ChangeKind, string>> = { create: '+', raise: '↑', lower: '↓', remove: '-' };

/** `viewer → admin`. */
export function levelsText({ before, after }: Pick<Change, 'before' | 'after'>): string {
  return `${levelName(before)} → ${levelName(after)}`;
}

/** The path of a grant: `group qa → role tester`. Empty if the grant names the person and the resource itself. */
export function pathText(groups: readonly NamedPlace[], role: NamedPlace | null): string {
  const steps = [...groups.map(({ name }) => `group ${name}`), ...(role ? [`role ${role.name}`] : [])];
  return visibleText(steps.join(' → '));
}

/** What brought a change about, where memory knows it. */
const CHANGE_CAUSE_WORDS: Readonly<Record<ChangeCause, string>> = {
  policy: 'policy: its text asks for it',
  date: 'date: a begin or an end has passed',
  tree: 'tree: the resources changed, so a name fits other ones',
  newcomer: 'newcomer: this access was not in the account before',
  drift: 'drift: someone else changed this access',
};

/** The cause of a change as a line, or none where nobody knows it. */
export function changeCauseLines({ cause }: { readonly cause?: ChangeCause }): readonly string[] {
  return cause === undefined ? [] : [CHANGE_CAUSE_WORDS[cause]];
}

/** The reasons for a change, one line each: for a gain, why it is given; for a loss, what remains and what is gone. */
export function whyLines(why: readonly Cause[], direction: 'gain' | 'loss', label: string): readonly string[] {
  const unnamed = why.flatMap((cause) =>
    cause.kind === 'not-granted' ? [`${lineText(cause.grant)}${inBrackets(pathText(cause.groups, null))}`] : [],
  );
  return [
    ...why.filter((cause) => !isNamedByGrant(cause, why)).flatMap((cause) => causeLine(cause, direction, label)),
    ...(unnamed.length > 0 ? [`no grant gives this; named at ${unnamed.join(', ')}`] : []),
  ];
}

/** Whether the line of an ended grant already names this `ends`. */
function isNamedByGrant(cause: Cause, why: readonly Cause[]): boolean {
  if (cause.kind !== 'offboarded') return false;
  return why.some((other) => other.kind === 'ended' && other.endedBy?.line === cause.at.line);
}

function causeLine(cause: Cause, direction: 'gain' | 'loss', label: string): readonly string[] {
  switch (cause.kind) {
    case 'not-granted':
      return [];
    case 'offboarded':
      return [`offboarded by \`ends\` (${lineText(cause.at)})`];
    case 'unlisted':
      return [`no grant that has begun names them, and \`unlisted\` revokes their access (${lineText(cause.at)})`];
    case 'ended':
      return [`${endedText(cause)}: ${grantText(cause, label)}`];
    case 'grant':
      return [
        direction === 'gain'
          ? `because ${grantText(cause, label)}`
          : `keeps ${cause.level}: ${grantText(cause, label)}`,
      ];
  }
}

type GrantCause = Extract<Cause, { readonly kind: 'grant' | 'ended' }>;

/** When a grant ended, and by which `ends` if not by its own `until`. */
export function endedText({ until, endedBy }: GrantCause): string {
  const date = until === null ? '' : ` ${visibleText(until.text)}`;
  return endedBy === null ? `ended${date}` : `ended${date} by \`ends\` (${lineText(endedBy)})`;
}

/** How one grant gives access: its path, the pattern that matched, its line, reason and end. */
export function grantText(cause: GrantCause, label: string): string {
  const path = pathText(cause.groups, cause.role);
  const pattern = cause.resource === label ? '' : oddVisible(cause.resource);
  const way = [path, pattern].filter((step) => step !== '').join(' → ') || 'a grant';
  const until = cause.kind === 'grant' && cause.until !== null ? [`until ${visibleText(cause.until.text)}`] : [];
  const others = cause.otherPaths > 0 ? [`and ${counted(cause.otherPaths, 'other way')}`] : [];
  const reason = cause.reason === null ? [] : [visibleText(cause.reason)];
  return [`${way} (${lineText(cause.grant)})`, ...reason, ...until, ...others].join(', ');
}

/** What a plan does not know of approvals of the policy: only the daemon remembers which it has used. */
export function goodOnceText(approved: readonly ApprovedPart[]): readonly string[] {
  if (approved.every(({ by }) => by.kind === 'by-hand')) return [];
  return [
    'An approval is good once. The daemon holds a part if it has used its approval before; this plan cannot know that.',
  ];
}

function inBrackets(text: string): string {
  return text === '' ? '' : ` (${text})`;
}
