import { levelName } from '../../core/domain/account/access-level.ts';
import { principalText, writtenName } from '../../core/domain/account/principal.ts';
import { DEFERRED_WORDS } from '../../core/domain/plan/deferred-words.ts';
import type { Plan } from '../../core/domain/plan/plan.ts';
import type { HeldRow } from '../../core/domain/plan/unlisted.ts';
import { instantText } from '../../core/domain/text/instant.ts';
import { inlineCode, type MarkdownBlock } from '../layout/markdown.ts';
import { levelsText, linesText, lineText } from '../words/phrase.ts';
import { SHIELDED_WORDS, UNMANAGEABLE_KINDS, UNMANAGEABLE_WORDS } from '../words/reason-words.ts';
import { beyondWords, ORGANIZATION_TITLE, unlistedWord } from './text-lists.ts';

/** What a plan says besides its changes, one folded list each; those that need action come first. */
export function listBlocks(plan: Plan): readonly MarkdownBlock[] {
  return [...doubtLists(plan), ...peopleLists(plan), ...rowLists(plan)].flatMap(([title, rows]) =>
    rows.length === 0
      ? []
      : [
          {
            open: ['<details>', `<summary>${title} (${rows.length})</summary>`, ''],
            rows,
            close: ['', '</details>', ''],
          },
        ],
  );
}

type TitledRows = readonly [title: string, rows: readonly string[]];

function doubtLists({ notices, deferred, observed, unmanageable }: Plan): readonly TitledRows[] {
  return [
    [
      'Notices',
      notices.map(({ code, message, remedy, at }) => {
        const place = at === null ? '' : `${inlineCode(lineText(at))} `;
        return `- ${place}**${code}**: ${inlineCode(message)}<br>${inlineCode(remedy)}`;
      }),
    ],
    [
      'Deferred: not written until what it waits for is settled',
      deferred.map(({ change, reason, waitsFor }) => {
        const { cause, remedy } = DEFERRED_WORDS[reason];
        const row = `${rowText(change)} ${levelsText(change)}`;
        return `- ${row}: waits for ${inlineCode(waitsFor)} (**${reason}**: ${cause}; ${remedy})`;
      }),
    ],
    ['Observed: planned, never written', observed.map((change) => `- ${rowText(change)} ${levelsText(change)}`)],
    [
      'Unmanageable: the policy asks for a different level, and grantd cannot write it',
      unmanageable.map((row) => {
        const { cause, remedy } = UNMANAGEABLE_WORDS[row.reason];
        const levels = `has ${levelName(row.actual)}, entitled ${levelName(row.entitled)}`;
        return `- ${rowText(row)}: ${levels}, ${UNMANAGEABLE_KINDS[row.kind]} (**${row.reason}**: ${cause}; ${remedy})`;
      }),
    ],
  ];
}

function peopleLists({ absent, upcoming, unlisted, organization, idle, counts }: Plan): readonly TitledRows[] {
  return [
    [
      'Absent: in the policy, not in the account',
      absent.map(({ name, grants }) => `- ${inlineCode(writtenName(name))} ${linesText(grants, inlineCode)}`),
    ],
    [
      'Upcoming: their first grant has not begun',
      upcoming.map(({ name, grants, begins }) => {
        const from = begins === null ? '' : `from ${instantText(begins)} `;
        return `- ${inlineCode(writtenName(name))} ${from}${linesText(grants, inlineCode)}`;
      }),
    ],
    [
      'Unlisted: have access, and no grant that has begun names them',
      unlisted.map((one) => {
        const list = (held: readonly HeldRow[]) =>
          held.map(({ resource, level }) => `${inlineCode(resource.label)} ${levelName(level)}`).join(', ');
        const kept = one.shielded.length === 0 ? '' : `; keeps ${list(one.shielded)}: ${SHIELDED_WORDS}`;
        const keeps = counts.leftBehind.by === 'keep' ? '' : ` ${unlistedWord(one)}`;
        return `- ${inlineCode(principalText(one.principal))}${keeps}: ${list(one.rows)}${beyondWords(one)}${kept}`;
      }),
    ],
    [
      ORGANIZATION_TITLE,
      organization.map(({ principal, level }) => `- ${inlineCode(principalText(principal))} ${levelName(level)}`),
    ],
    ['Idle: members without any access', idle.map((principal) => `- ${inlineCode(principalText(principal))}`)],
  ];
}

function rowLists({ ended, redundant }: Plan): readonly TitledRows[] {
  return [
    [
      'Ended',
      ended.map((row) => {
        const until = inlineCode(row.until.text);
        return `- ${rowText(row)}: ${row.level} until ${until}, has ${levelName(row.actual)} ${linesText([row.grant], inlineCode)}`;
      }),
    ],
    [
      'Redundant: give nothing beyond the policy, and grantd leaves them alone',
      redundant.map((row) => `- ${rowText(row)} ${levelName(row.level)}`),
    ],
  ];
}

function rowText({ principal, resource }: Pick<Plan['redundant'][number], 'principal' | 'resource'>): string {
  return `${inlineCode(principalText(principal))} ${inlineCode(resource.label)}`;
}
