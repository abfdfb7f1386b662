import type { AuditProof } from '../../core/domain/answer/audit-proof.ts';
import { counted, visibleText } from '../../core/domain/text/text.ts';
import { fitText } from '../layout/fit.ts';
import type { Paint } from '../layout/paint.ts';
import { alignColumns } from '../layout/text.ts';

/** What was asked of the proof, and the answer: `noted` is the hash of `--head`, null without the flag. */
export interface ProofVerdict {
  readonly noted: string | null;
  readonly isWhole: boolean;
}

/** The proof of an audit log for a terminal: the verdict, each break, then the facts. `file` is how the user calls the log. */
export function renderAuditProof(
  file: string,
  proof: AuditProof,
  { noted, isWhole }: ProofVerdict,
  paint: Paint,
): string {
  const { breaks, furtherBreaks } = proof;
  const name = visibleText(file);
  const facts = factsOf(proof, noted).map(([label, fact]) => [{ text: label, paint: paint.faint }, { text: fact }]);
  // If no line is a record, the first line is enough to show it.
  const shown = proof.records === 0 ? breaks.slice(0, 1) : breaks;
  const further = furtherBreaks + breaks.length - shown.length;
  const lines = [
    verdictOf(name, proof, isWhole, paint),
    ...shown.map(({ line, what }) => `  ${paint.fail(`${name}:${line}:`)} ${visibleText(what)}`),
    ...(further > 0 ? [`  and ${counted(further, 'further break')}`] : []),
    ...alignColumns(facts, '  '),
    '',
  ];
  return fitText(lines.join('\n'), paint);
}

/** What grantd says of a file in which no line is a record. */
export const NOT_A_LOG = 'this is not an audit log, or every record in it was changed';

function verdictOf(name: string, { records, breaks }: AuditProof, isWhole: boolean, paint: Paint): string {
  if (records === 0 && breaks.length > 0) return paint.fail(`${name}: ${NOT_A_LOG}`);
  if (breaks.length > 0) return paint.fail(`${name}: the chain is broken`);
  if (!isWhole) return paint.fail(`${name}: no record has the hash of --head`);
  // An empty file is what remains if someone removes every record.
  if (records === 0) return paint.warn(`${name}: the log has no records; only --head proves that none was removed`);
  return paint.gain(`${name}: the chain is whole`);
}

function factsOf(proof: AuditProof, noted: string | null): readonly (readonly [name: string, fact: string])[] {
  const { records, firstTime, lastTime, head, intents, withoutOutcome, unknown, repaired } = proof;
  if (head === null) return [['records', 'none'], ...notedFact(proof, noted)];
  return [
    ['records', `${records}, from ${firstTime} to ${lastTime}`],
    ['account', String(proof.account)],
    ['head', head],
    ...notedFact(proof, noted),
    ['writes', counted(intents, 'PUT')],
    ['without outcome', withoutOutcome.length === 0 ? 'none' : `record ${withoutOutcome.join(', ')}`],
    ['unknown outcome', unknown === 0 ? 'none' : counted(unknown, 'PUT')],
    ['repaired', repaired === 0 ? 'never' : counted(repaired, 'torn line')],
  ];
}

function notedFact({ noted: foundAt }: AuditProof, noted: string | null): readonly (readonly [string, string])[] {
  if (noted === null) return [];
  return [
    [
      '--head',
      foundAt === null
        ? 'no record has this hash: the log was truncated before it, or replaced'
        : `is record ${foundAt}`,
    ],
  ];
}
