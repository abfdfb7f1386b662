import { writtenName } from '../../core/domain/account/principal.ts';
import type { Ahead, AheadDate } from '../../core/domain/plan/ahead.ts';
import type { Plan } from '../../core/domain/plan/plan.ts';
import { instantText } from '../../core/domain/text/instant.ts';
import { oddVisible } from '../../core/domain/text/odd-characters.ts';
import { visibleText } from '../../core/domain/text/text.ts';
import { inlineCode, type MarkdownBlock } from '../layout/markdown.ts';
import type { Paint } from '../layout/paint.ts';
import { alignColumns, bounded, heading } from '../layout/text.ts';
import { type LineJson, lineToJson, momentToJson, type NameJson, nameToJson } from '../words/json.ts';
import { lineText } from '../words/phrase.ts';

const WORDS = 'Ahead: what begins and ends in the next 30 days';

/** How many names, and how many resources, a line shows of one date. */
const SHOWN_OF_ONE = 3;

/** How many of the next dates a terminal shows without `--verbose`. */
const DATES_MOST = 5;

/** For a terminal: the limits that will be exceeded, then the next dates. */
export function aheadSection({ ahead: { dates, refusals } }: Plan, paint: Paint, isWhole: boolean): readonly string[] {
  if (dates.length === 0) return [];
  const toLines = (shown: typeof dates) =>
    alignColumns(
      shown.map((date) => [
        { text: instantText(date.at.at) },
        { text: date.kind },
        { text: someOf(date.who.map(writtenName).map(oddVisible)) },
        { text: someOf(whatTexts(date).map(oddVisible)) },
        { text: lineText(date.line) },
      ]),
      '  ',
    );
  const lines = bounded(dates, toLines, isWhole ? dates.length : DATES_MOST);
  return [
    paint.strong(heading(WORDS, dates.length, 'date')),
    ...refusals.map(({ rule, message }) => `  ${paint.warn(`${rule}: ${visibleText(message)}`)}`),
    ...lines,
  ];
}

/** For a comment: the limits that will be exceeded, never folded, then the dates, folded. */
export function aheadBlocks({ ahead: { dates, refusals } }: Plan): readonly MarkdownBlock[] {
  const warnings: MarkdownBlock = {
    open: ['#### Ahead', ''],
    rows: refusals.map(({ rule, message }) => `- **${rule}**: ${inlineCode(message)}`),
    close: [''],
  };
  const list: MarkdownBlock = {
    open: ['<details>', `<summary>${WORDS} (${dates.length})</summary>`, ''],
    rows: dates.map((date) => {
      const who = someOf(date.who.map(writtenName).map(inlineCode));
      const what = someOf(whatTexts(date).map(inlineCode));
      return `- ${instantText(date.at.at)} ${date.kind}: ${who}: ${what} ${inlineCode(lineText(date.line))}`;
    }),
    close: ['', '</details>', ''],
  };
  return [warnings, list];
}

function whatTexts({ what }: AheadDate): readonly string[] {
  return what.length === 0 ? ['all access'] : what.map(({ resource, level }) => `${level} on ${resource}`);
}

function someOf(texts: readonly string[]): string {
  const hidden = texts.length - SHOWN_OF_ONE;
  return texts.slice(0, SHOWN_OF_ONE).join(', ') + (hidden > 0 ? ` and ${hidden} more` : '');
}

/** What lies ahead as JSON. */
export interface AheadJson {
  readonly dates: readonly (Pick<AheadDate, 'kind' | 'what'> & {
    readonly at: string | null;
    readonly line: LineJson;
    readonly who: readonly NameJson[];
  })[];
  readonly refusals: readonly {
    readonly rule: Ahead['refusals'][number]['rule'];
    readonly message: string;
    readonly from: string | null;
    readonly to: string | null;
  }[];
}

/** Everything that lies ahead: nothing is left out. */
export function aheadToJson({ dates, refusals }: Ahead): AheadJson {
  return {
    dates: dates.map(({ kind, at, line, who, what }) => ({
      kind,
      at: momentToJson(at),
      line: lineToJson(line),
      who: who.map(nameToJson),
      what: what.map(({ resource, level }) => ({ resource, level })),
    })),
    refusals: refusals.map(({ rule, message, from, to }) => ({
      rule,
      message,
      from: momentToJson(from),
      to: momentToJson(to),
    })),
  };
}
