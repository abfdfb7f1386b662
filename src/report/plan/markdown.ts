import { principalText } from '../../core/domain/account/principal.ts';
import { approvalText } from '../../core/domain/plan/approval-text.ts';
import { endsAccountAdmin, isGain, makesAccountAdmin } from '../../core/domain/plan/batch.ts';
import type { Change, HeldPart, Plan } from '../../core/domain/plan/plan.ts';
import { counted } from '../../core/domain/text/text.ts';
import { CHARACTERS_MOST, fitBlocks, inlineCode, type MarkdownBlock } from '../layout/markdown.ts';
import { changeCauseLines, goodOnceText, levelsText, whyLines } from '../words/phrase.ts';
import { aheadBlocks } from './ahead.ts';
import { countsText, leftBehindSentence, verdictText } from './headline.ts';
import { listBlocks } from './markdown-lists.ts';

/** Tables with more rows than this are folded; those of new account admins and account-wide access never are. */
const OPEN_ROWS_MOST = 25;

/** A change of the plan, and the held part that it belongs to; null if no guard holds it. */
interface PlannedChange {
  readonly change: Change;
  readonly part: HeldPart | null;
}

/**
 * A plan as a comment on a pull request: the largest risks first, long lists folded, within the length limit of a comment.
 * Text from the account or the policy is inline code, so that it mentions no one.
 */
export function renderPlanMarkdown(plan: Plan): string {
  const opening = [
    `### grantd: account ${plan.account}, ${plan.mode}`,
    '',
    [`**${countsText(plan)}.** ${verdictText(plan)}`, ...leftBehindSentence(plan)].join(' '),
    '',
  ];
  const { lines, leftOut } = fitBlocks(
    [...refusalBlocks(plan), ...approvedBlocks(plan), ...changeBlocks(plan), ...aheadBlocks(plan), ...listBlocks(plan)],
    CHARACTERS_MOST,
  );
  const cut =
    leftOut === 0
      ? []
      : [`**Cut to fit a comment:** ${counted(leftOut, 'row')} left out. \`grantd plan\` shows all.`, ''];
  return [...opening, ...lines, ...cut, `Plan ${inlineCode(plan.digest)}`, ''].join('\n');
}

function refusalBlocks({ refusals, held }: Plan): readonly MarkdownBlock[] {
  if (refusals.length === 0) return [];
  return [
    {
      open: ['#### Held by a guard', ''],
      rows: refusals.map(
        ({ rule, message, remedy }) => `- **${rule}**: ${inlineCode(message)}<br>To go on: ${inlineCode(remedy)}`,
      ),
      close: [''],
    },
    ...approveBlocks(held),
    {
      open: ['| held part | rules | changes | digest |', '| --- | --- | --- | --- |'],
      rows: held.map(
        ({ principal, rules, changes, digest, approve }) =>
          `| ${inlineCode(principalText(principal))} | ${rules.join(', ')} | ${changes.length} | \`${digest}\`${approve === null ? ', cannot be approved' : ''} |`,
      ),
      close: [''],
    },
  ];
}

/** The lines to add to the policy, so that the approval is reviewed and merged with the change. */
function approveBlocks(parts: readonly HeldPart[]): readonly MarkdownBlock[] {
  const dates = [...new Set(parts.flatMap(({ approvalUntil }) => approvalUntil ?? []))].sort();
  if (dates.length === 0) return [];
  return [
    {
      open: ['To let parts run, add the digests of those that you intend to the policy:', '', '```yaml', 'approvals:'],
      rows: dates.flatMap((until) => entryRows(until, parts)),
      close: ['```', ''],
    },
  ];
}

/** An entry of `approvals`, with a row for each digest. */
function entryRows(until: string, parts: readonly HeldPart[]): readonly string[] {
  const digests = parts.filter(({ approvalUntil }) => approvalUntil === until).map(({ digest }) => `      - ${digest}`);
  return [[`  - until: ${until}`, '    digests:', ...digests.slice(0, 1)].join('\n'), ...digests.slice(1)];
}

function approvedBlocks({ approved }: Plan): readonly MarkdownBlock[] {
  if (approved.length === 0) return [];
  return [
    {
      open: [`#### Approved (${approved.length})`, '', '| part | rules | changes | by |', '| --- | --- | --- | --- |'],
      rows: approved.map(
        ({ principal, rules, changes, by, isBegun }) =>
          `| ${inlineCode(principalText(principal))} | ${rules.join(', ')} | ${changes.length}${isBegun ? ' (the rest)' : ''} | ${inlineCode(approvalText(by))} |`,
      ),
      close: ['', ...goodOnceText(approved).flatMap((line) => [line, ''])],
    },
  ];
}

function changeBlocks(plan: Plan): readonly MarkdownBlock[] {
  const all: readonly PlannedChange[] = [
    ...plan.changes.map((change) => ({ change, part: null })),
    ...plan.held.flatMap((part) => part.changes.map((change) => ({ change, part }))),
  ];
  const newAdmins = all.filter(({ change }) => makesAccountAdmin(change));
  const isAccountWide = ({ change }: PlannedChange) => change.resource.type === 'account' && isGain(change);
  const losses = all.filter(({ change }) => !isGain(change));
  return [
    ...changeTable('New account admins', newAdmins, 'open'),
    ...changeTable(
      'Account-wide access',
      all.filter((one) => isAccountWide(one) && !makesAccountAdmin(one.change)),
      'open',
    ),
    ...changeTable(
      'No longer account admin',
      losses.filter(({ change }) => endsAccountAdmin(change)),
      'open',
    ),
    ...changeTable(
      'Access taken',
      losses.filter(({ change }) => !endsAccountAdmin(change)),
      'foldable',
    ),
    ...changeTable(
      'Access given',
      all.filter((one) => isGain(one.change) && !isAccountWide(one)),
      'foldable',
    ),
  ];
}

function changeTable(
  title: string,
  rows: readonly PlannedChange[],
  folding: 'open' | 'foldable',
): readonly MarkdownBlock[] {
  if (rows.length === 0) return [];
  const head = ['| who | resource | change | why |', '| --- | --- | --- | --- |'];
  const isFolded = folding === 'foldable' && rows.length > OPEN_ROWS_MOST;
  const words = `${title} (${rows.length})`;
  return [
    {
      open: isFolded ? ['<details>', `<summary>${words}</summary>`, '', ...head] : [`#### ${words}`, '', ...head],
      rows: rows.map(changeRow),
      close: isFolded ? ['', '</details>', ''] : [''],
    },
  ];
}

function changeRow({ change, part }: PlannedChange): string {
  const { principal, resource, kind, why } = change;
  const lines = [
    ...changeCauseLines(change),
    ...whyLines(why, isGain(change) ? 'gain' : 'loss', resource.label).map(inlineCode),
  ];
  const held = part === null ? '' : ', **held**';
  return `| ${inlineCode(principalText(principal))} | ${inlineCode(resource.label)} | ${kind}: ${levelsText(change)}${held} | ${lines.join('<br>')} |`;
}
