import type { AuditProof } from '../../../adapters/audit/verify-audit-log.ts';
import { verifyAuditLog } from '../../../adapters/audit/verify-audit-log.ts';
import { visibleText } from '../../../core/domain/text/text.ts';
import { alignColumns } from '../../../report/layout/columns.ts';
import type { Paint } from '../../../report/layout/paint.ts';
import { counted } from '../../../report/words/phrase.ts';
import { UsageError } from '../../line/errors.ts';
import { jsonText } from '../../line/json-text.ts';
import { auditFileOf, reading } from './file.ts';
import type { AuditCall } from './spec.ts';

/** The version of the JSON output. */
const VERSION = 1;

/** Verifies a log and prints the result. True if it is whole. */
export async function verifyLog(call: AuditCall): Promise<boolean> {
  const noted = notedHash(call);
  const log = await auditFileOf(call);
  const proof = await reading(log, () => verifyAuditLog(log.path, noted));
  const isWhole = proof.breaks.length === 0 && (noted === null || proof.noted !== null);
  const text =
    call.flags.format === 'json'
      ? jsonText(proofToJson(log.shownPath, proof, { noted, isWhole }))
      : proofText(visibleText(log.shownPath), proof, { noted, isWhole }, call.paint.stdout);
  call.io.stdout.write(text);
  return isWhole;
}

function notedHash(call: AuditCall): string | null {
  const head = call.flags.head?.toLowerCase();
  if (head === undefined) return null;
  if (/^[0-9a-f]{64}$/.test(head)) return head;
  throw new UsageError('--head is not the hash of a record', 'write the 64 hex digits that verify printed as head');
}

interface Verdict {
  readonly noted: string | null;
  readonly isWhole: boolean;
}

function proofToJson(file: string, proof: AuditProof, { noted, isWhole }: Verdict): unknown {
  const { noted: notedAt, ...rest } = proof;
  return { version: VERSION, file, isWhole, ...rest, noted: noted === null ? null : { hash: noted, record: notedAt } };
}

function proofText(file: string, proof: AuditProof, { noted, isWhole }: Verdict, paint: Paint): string {
  const { breaks, furtherBreaks } = proof;
  const facts = factsOf(proof, noted).map(([name, fact]) => [{ text: name, paint: paint.faint }, { text: fact }]);
  const verdict = isWhole
    ? paint.gain(`${file}: the chain is whole`)
    : paint.fail(`${file}: ${breaks.length > 0 ? 'the chain is broken' : 'the log is not the one that was noted'}`);
  return [
    verdict,
    ...breaks.map(({ line, what }) => `  ${paint.fail(`${file}:${line}:`)} ${visibleText(what)}`),
    ...(furtherBreaks > 0 ? [`  and ${counted(furtherBreaks, 'further break')}`] : []),
    ...alignColumns(facts, '  '),
    '',
  ].join('\n');
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
      foundAt === null ? 'no record has this hash: the log was cut off before it, or replaced' : `is record ${foundAt}`,
    ],
  ];
}
