import type { Comparison } from '../../core/domain/answer/comparison.ts';
import { lazyList } from '../../core/domain/answer/lazy-list.ts';
import { counted } from '../../core/domain/text/text.ts';
import { CHARACTERS_MOST, fitBlocks, inlineCode, type MarkdownBlock } from '../layout/markdown.ts';
import { basisText, comparisonHeadline, modesText } from './headline.ts';
import type { ComparisonRow, ComparisonSection } from './section.ts';
import { comparisonSections } from './sections.ts';
import type { Opening } from './text.ts';

/** Tables with more rows than this are folded, except for the largest risks. */
const OPEN_ROWS_MOST = 25;

/**
 * A comparison as a comment on a pull request: the largest risks first, long lists folded, within the length limit of a
 * comment. Text from the policies or the account is inline code, so that it mentions no one.
 */
export function renderComparisonMarkdown(comparison: Comparison): string {
  const opening = {
    about: `what changes in account ${comparison.account}, ${modesText(comparison)}`,
    headline: comparisonHeadline(comparison),
    basis: basisText(comparison),
  };
  return sectionsMarkdown(opening, comparisonSections(comparison));
}

/** An answer in sections as a comment. */
export function sectionsMarkdown({ about, headline, basis }: Opening, sections: readonly ComparisonSection[]): string {
  const opening = [`### grantd: ${about}`, '', `**${headline}** ${basis}`, ''];
  const { lines, leftOut } = fitBlocks(sections.map(toBlock), CHARACTERS_MOST);
  const cut =
    leftOut === 0
      ? []
      : [`**Cut to fit a comment:** ${counted(leftOut, 'row')} left out. \`grantd compare\` shows all.`, ''];
  return [...opening, ...lines, ...cut].join('\n');
}

function toBlock({ title, subject, tone, isOpen, count, rows }: ComparisonSection): MarkdownBlock {
  const hasWhat = isAnywhere(rows);
  const head = hasWhat
    ? [`| ${subject} | where | change | why |`, '| --- | --- | --- | --- |']
    : [`| ${subject} | change | means |`, '| --- | --- | --- |'];
  const isFolded = !isOpen && (tone === 'plain' || count > OPEN_ROWS_MOST);
  const words = `${title} (${count})`;
  return {
    open: isFolded ? ['<details>', `<summary>${words}</summary>`, '', ...head] : [`#### ${words}`, '', ...head],
    rows: lazyList(rows, (row) => tableRow(row, hasWhat)),
    close: isFolded ? ['', '</details>', ''] : [''],
  };
}

/** Whether a row says where its difference is. */
function isAnywhere(rows: Iterable<ComparisonRow>): boolean {
  for (const { what } of rows) if (what !== '') return true;
  return false;
}

function tableRow({ who, what, change, says, lines }: ComparisonRow, hasWhat: boolean): string {
  const cells = [who, ...(hasWhat ? [what] : []), change].map((text) => (text === '' ? '' : inlineCode(text)));
  return `| ${[...cells, [...lines.map(inlineCode), ...says].join('<br>')].join(' | ')} |`;
}
