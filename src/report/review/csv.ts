import { LEVEL, levelName } from '../../core/domain/account/access-level.ts';
import { writtenName } from '../../core/domain/account/principal.ts';
import { resourceKey } from '../../core/domain/account/resource.ts';
import type { AccessReview, ReviewEntry, ReviewHolder } from '../../core/domain/answer/access-review.ts';
import type { NamedGrants } from '../../core/domain/answer/explanation.ts';
import { instantText } from '../../core/domain/text/instant.ts';
import { oddVisible } from '../../core/domain/text/odd-characters.ts';
import { dispositionHeads } from '../explanation/lines.ts';
import { csvLine } from '../layout/csv.ts';
import {
  actualWord,
  dateText,
  entryReasons,
  expiryText,
  givenByLabel,
  grantGives,
  grantWay,
  holderName,
  levelWord,
  policyText,
  sourceText,
} from './words.ts';

/** The columns of the CSV, in their order. docs/review.md has a row for each. New ones may only come after these. */
export const REVIEW_COLUMNS = [
  'who',
  'kind',
  'access',
  'status',
  'marks',
  'resource',
  'resource_by_id',
  'actual',
  'actual_by',
  'own_row',
  'granted',
  'granted_by',
  'since',
  'until',
  'reasons',
  'findings',
  'plan',
  'expires',
  'account',
  'as_of',
  'source',
  'policy',
  'made_by',
] as const;

type Column = (typeof REVIEW_COLUMNS)[number];
type Cells = Readonly<Partial<Record<Column, string>>>;

/** Separates several values in one field. */
const SEPARATOR = '; ';

/**
 * An access review as CSV: one line for each principal and resource. A principal with no access and no grant has one line
 * without a resource; so has a name that the account does not have. Each line repeats the origin, so that it is complete.
 * It comes in pieces, one principal at a time.
 */
export function* reviewCsv(review: AccessReview): Iterable<string> {
  const about: Cells = {
    account: String(review.account),
    as_of: instantText(review.asOf),
    source: sourceText(review.source),
    policy: policyText(review),
    made_by: `grantd ${review.version}`,
  };
  yield csvLine(REVIEW_COLUMNS);
  for (const holder of review.holders)
    yield holderCells(holder)
      .map((parts) => line([...parts, about]))
      .join('');
  for (const named of review.absent) yield line([absentCells(named), about]);
}

/** The cells of one line come in parts, which do not overlap. */
function line(parts: readonly Cells[]): string {
  return csvLine(REVIEW_COLUMNS.map((column) => oddVisible(parts.find((part) => column in part)?.[column] ?? '')));
}

function holderCells(holder: ReviewHolder): readonly (readonly Cells[])[] {
  const { principal, access, status, marks, entries } = holder;
  const own: Cells = {
    who: holderName(holder),
    kind: principal.kind,
    access: access === null ? '' : String(access),
    status: status,
    marks: marks.join(SEPARATOR),
    expires: expiryText(holder),
  };
  const nothing: Cells = { actual: actualWord(holder, LEVEL.none), granted: levelName(LEVEL.none) };
  return entries.length === 0 ? [[own, nothing]] : entries.map((entry) => [own, entryCells(holder, entry)]);
}

function entryCells(holder: ReviewHolder, entry: ReviewEntry): Cells {
  const { resource, actual, entitled, row, since, until, findings } = entry;
  return {
    resource: resource.label,
    resource_by_id: resourceKey(resource),
    actual: actualWord(holder, actual.level),
    actual_by: givenByLabel(actual),
    own_row: levelWord(row),
    granted: levelName(entitled.level),
    granted_by: givenByLabel(entitled),
    since: dateText(since),
    until: dateText(until),
    reasons: entryReasons(entry).join(SEPARATOR),
    findings: findings.join(SEPARATOR),
    plan: dispositionHeads(entry).join(SEPARATOR),
  };
}

function absentCells({ name, grants }: NamedGrants): Cells {
  return {
    who: writtenName(name),
    kind: 'absent',
    status: 'named',
    actual: levelName(LEVEL.none),
    reasons: grants.map((grant) => `${grant.phase}: ${grantGives(grant)}: ${grantWay(grant)}`).join(SEPARATOR),
    findings: grants.some(({ phase }) => phase === 'running') ? 'missing' : '',
  };
}
