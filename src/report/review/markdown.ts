import { levelName } from '../../core/domain/account/access-level.ts';
import { writtenName } from '../../core/domain/account/principal.ts';
import {
  type AccessReview,
  ENTRY_FINDINGS,
  HOLDER_MARKS,
  type ReviewEntry,
  type ReviewHolder,
} from '../../core/domain/answer/access-review.ts';
import type { NamedGrants, Reach } from '../../core/domain/answer/explanation.ts';
import type { PlanResource } from '../../core/domain/plan/plan-resource.ts';
import { instantText } from '../../core/domain/text/instant.ts';
import { counted } from '../../core/domain/text/text.ts';
import { isSameResource } from '../explanation/lines.ts';
import { inlineCode } from '../layout/markdown.ts';
import {
  actualWord,
  dateText,
  entryReasons,
  expiryText,
  grantGives,
  grantWay,
  holderName,
  levelWord,
  policyText,
  sourceText,
} from './words.ts';

/** The line that a reviewer ticks, below each person. */
const DECISION = '☐ keep  ☐ change  ☐ remove — remark: ______________________________';

/**
 * An access review to read and sign: its origin, what stands out, then everyone with a line for each resource and a
 * decision to tick. Text from the account or the policy is inline code, so it cannot link, mention anyone, or hide anything.
 * It comes in pieces, one principal at a time.
 */
export function* reviewMarkdown(review: AccessReview): Iterable<string> {
  const { users, invites, tokens } = review.counts;
  yield titleLines(review).join('\n');
  yield below(countLines(review));
  yield* differencePieces(review);
  yield below([`## People (${users + invites})`]);
  for (const holder of review.holders) if (holder.principal.kind !== 'token') yield below(holderLines(holder));
  yield below([`## API tokens (${tokens})`]);
  for (const holder of review.holders) if (holder.principal.kind === 'token') yield below(holderLines(holder));
  const ends = [
    grantLines('Named by the policy, but not in the account', review.absent),
    grantLines('Granted from a later date', review.ahead),
    noticeLines(review),
    signatureLines(),
  ];
  yield* ends.filter((lines) => lines.length > 0).map(below);
  yield '\n';
}

/** A section, below another one. */
function below(lines: readonly string[]): string {
  return `\n\n${lines.join('\n')}`;
}

function titleLines(review: AccessReview): readonly string[] {
  return [
    `# Access review of account ${review.account}`,
    '',
    '| | |',
    '| --- | --- |',
    `| As of | ${instantText(review.asOf)} |`,
    `| Account read from | ${inlineCode(sourceText(review.source))} |`,
    `| Policy | ${inlineCode(policyText(review))} |`,
    `| Mode | ${review.mode} |`,
    ...(review.endingBy === null ? [] : [`| Only | access that ends up to ${instantText(review.endingBy)} |`]),
    `| Made by | grantd ${inlineCode(review.version)} |`,
  ];
}

function countLines({ counts, absent }: AccessReview): readonly string[] {
  const who = [
    counted(counts.users, 'user'),
    counted(counts.invites, 'open invite'),
    counted(counts.tokens, 'API token'),
    counted(counts.admins, 'account admin or owner', 'account admins and owners'),
    `${absent.length} named by the policy but not in the account`,
  ].join(', ');
  const rows = [
    ...tableRows(HOLDER_MARKS, counts.marks, 'principal'),
    ...tableRows(ENTRY_FINDINGS, counts.findings, 'line'),
  ];
  const table = rows.length === 0 ? [] : ['', '| what | how many | means |', '| --- | --- | --- |', ...rows];
  return [`**${who}.**`, ...table];
}

function tableRows<Code extends string>(
  meanings: Readonly<Record<Code, string>>,
  counts: Readonly<Record<Code, number>>,
  noun: string,
): readonly string[] {
  return (Object.keys(meanings) as Code[])
    .filter((code) => counts[code] > 0)
    .map((code) => `| **${code}** | ${counted(counts[code], noun)} | ${meanings[code]} |`);
}

function* differencePieces({ holders }: AccessReview): Iterable<string> {
  let count = 0;
  for (const { entries } of holders) count += entries.filter(standsOut).length;
  if (count === 0) {
    yield below(['## What stands out', '', 'Nothing: everyone has exactly what the policy grants.']);
    return;
  }
  yield below([
    `## What stands out (${count})`,
    '',
    '| who | resource | actual | granted | why it stands out |',
    '| --- | --- | --- | --- | --- |',
  ]);
  for (const holder of holders)
    for (const entry of holder.entries.filter(standsOut)) yield differenceRow(holder, entry);
}

function standsOut({ findings }: ReviewEntry): boolean {
  return findings.length > 0;
}

function differenceRow(holder: ReviewHolder, { resource, actual, entitled, findings }: ReviewEntry): string {
  return `\n| ${inlineCode(holderName(holder))} | ${inlineCode(resource.label)} | ${actualWord(holder, actual.level)} | ${levelName(entitled.level)} | ${findings.join(', ')} |`;
}

function holderLines(holder: ReviewHolder): readonly string[] {
  const { principal, access, status, marks, entries } = holder;
  const expiry = expiryText(holder);
  const about = [
    principal.kind,
    access === null ? 'no known access id' : `access ${access}`,
    status === 'not-named' ? 'not named by the policy' : `${status} by the policy`,
    ...marks.map((mark) => `**${mark}**`),
    ...(expiry === '' ? [] : [`expires ${expiry}`]),
  ].join(', ');
  const table = [
    '| resource | actual | granted | by which grants, why | since | until | stands out |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...entries.map((entry) => entryRow(holder, entry)),
  ];
  return [
    `### ${inlineCode(holderName(holder))}`,
    '',
    about,
    '',
    ...(entries.length > 0 ? table : [emptyText(holder)]),
    '',
    DECISION,
  ];
}

function emptyText({ marks }: ReviewHolder): string {
  return marks.includes('unreadable')
    ? 'The policy grants nothing, and grantd cannot read its rows.'
    : 'Has no access, and the policy grants none.';
}

function entryRow(holder: ReviewHolder, entry: ReviewEntry): string {
  const { resource, actual, entitled, row, since, until, findings } = entry;
  const isOwnRow = actual.by !== null && isSameResource(actual.by, resource);
  const own = row === 0 || isOwnRow ? '' : `<br>own row: ${levelWord(row)}`;
  return `| ${[
    inlineCode(resource.label),
    `${actualWord(holder, actual.level)}${reachCell(actual, resource)}${own}`,
    `${levelName(entitled.level)}${reachCell(entitled, resource)}`,
    entryReasons(entry).map(inlineCode).join('<br>'),
    dateText(since) === '' ? '' : inlineCode(dateText(since)),
    dateText(until) === '' ? '' : inlineCode(dateText(until)),
    findings.join(', '),
  ].join(' | ')} |`;
}

/** The row above if one gives the level, and what the account's row may add. */
function reachCell({ by, perhaps }: Reach, resource: PlanResource): string {
  const above = by === null || isSameResource(by, resource) ? '' : ` from ${inlineCode(by.label)}`;
  const more = perhaps === null ? '' : `, perhaps ${levelName(perhaps.level)} from ${inlineCode(perhaps.by.label)}`;
  return `${above}${more}`;
}

function grantLines(title: string, names: readonly NamedGrants[]): readonly string[] {
  if (names.length === 0) return [];
  const rows = names.flatMap(({ name, grants }) =>
    grants.map(
      (grant) =>
        `| ${inlineCode(writtenName(name))} | ${inlineCode(grantGives(grant))} | ${inlineCode(grantWay(grant))} | ${grant.phase} |`,
    ),
  );
  return [
    `## ${title} (${names.length})`,
    '',
    '| who | what, as written | by which grant, why | phase |',
    '| --- | --- | --- | --- |',
    ...rows,
  ];
}

function noticeLines({ notices }: AccessReview): readonly string[] {
  if (notices.length === 0) return [];
  return [
    `## Notices (${notices.length})`,
    '',
    ...notices.map(
      ({ code, message, remedy, at }) =>
        `- **${code}**${at === null ? '' : ` ${inlineCode(`${at.file}:${at.line}`)}`}: ${inlineCode(message)}<br>${inlineCode(remedy)}`,
    ),
  ];
}

function signatureLines(): readonly string[] {
  return [
    '## Sign-off',
    '',
    '| | name | date | signature |',
    '| --- | --- | --- | --- |',
    '| Reviewed by | | | |',
    '| Approved by | | | |',
  ];
}
