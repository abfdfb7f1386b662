import { type AccessLevel, LEVEL, levelName } from '../../core/domain/account/access-level.ts';
import { nameOf, writtenName } from '../../core/domain/account/principal.ts';
import type { AccessReview, ReviewEntry, ReviewHolder, ReviewSource } from '../../core/domain/answer/access-review.ts';
import type { ExplainedGrant, Reach } from '../../core/domain/answer/explanation.ts';
import { instantText, type WrittenInstant } from '../../core/domain/text/instant.ts';
import { reasonLines } from '../explanation/lines.ts';
import { lineText, pathText } from '../words/phrase.ts';

/** The name of a principal as a policy writes it, with the capitals of the account. */
export function holderName({ principal }: Pick<ReviewHolder, 'principal'>): string {
  return principal.kind === 'token' ? writtenName(nameOf(principal)) : principal.email;
}

/** The reasons of one line, each with its path, `file:line`, free text and end. */
export function entryReasons({ reasons, resource }: ReviewEntry): readonly string[] {
  return reasonLines(reasons, resource);
}

/** The actual level of a principal; `unknown` for a token whose rows grantd cannot read. */
export function actualWord({ marks }: ReviewHolder, level: AccessLevel): string {
  return marks.includes('unreadable') ? 'unknown' : levelName(level);
}

/** The level of the principal's own row; empty if there is none. */
export function levelWord(level: AccessLevel): string {
  return level === LEVEL.none ? '' : levelName(level);
}

/** The resource whose row gives a level; empty if none does. */
export function givenByLabel({ by }: Reach): string {
  return by?.label ?? '';
}

/** A date as the policy wrote it; empty if there is none. */
export function dateText(date: WrittenInstant | null): string {
  return date?.text ?? '';
}

/** Where the account of a review came from. */
export function sourceText(source: ReviewSource): string {
  const { readAt } = source;
  const from = source.kind === 'account' ? `API ${source.apiUrl}` : `snapshot ${source.file} sha256:${source.sha256}`;
  return readAt === undefined ? from : `${from} read ${instantText(readAt)}`;
}

/** The policy of a review: its file, the SHA-256 of the whole text, and the commit if it is known. */
export function policyText({ policy: { file, revision } }: AccessReview): string {
  const commit = revision.commit === null ? '' : ` commit ${revision.commit}`;
  return `${file} sha256:${revision.sha256}${commit}`;
}

/** What one grant gives, as the policy wrote it: `admin on project:Mobile *, except project:Mobile Legacy`. */
export function grantGives({ gives, except }: ExplainedGrant): string {
  const given = gives.map(({ level, resource }) => `${level} on ${resource}`);
  return [...given, ...except.map(({ resource }) => `except ${resource}`)].join(', ');
}

/** The path, line, free text and dates of one grant: `group qa → role tester (policy.yaml:51), OPS-123, from …`. */
export function grantWay(grant: ExplainedGrant): string {
  const { groups, gives, reason, from, until } = grant;
  const role = gives.find((gift) => gift.role !== null)?.role ?? null;
  return [
    `${pathText(groups, role) || 'a grant'} (${lineText(grant.grant)})`,
    ...(reason === null ? [] : [reason]),
    ...(from === null ? [] : [`from ${from.text}`]),
    ...(until === null ? [] : [`until ${until.text}`]),
  ].join(', ');
}

/** When a token expires; empty if it does not. */
export function expiryText({ expiresAt }: ReviewHolder): string {
  return expiresAt === null ? '' : instantText(expiresAt);
}
