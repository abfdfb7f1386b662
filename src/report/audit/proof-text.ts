import { counted, visibleText } from '../../core/domain/text/text.ts';
import type { Paint } from '../layout/paint.ts';
import { alignColumns } from '../layout/text.ts';

/** What reading a whole audit log showed, as far as `grantd audit verify` prints it. */
export interface ShownProof {
  readonly account: number | null;
  readonly records: number;
  readonly firstTime: string | null;
  readonly lastTime: string | null;
  /** The hash of the last record; null for an empty log. */
  readonly head: string | null;
  readonly intents: number;
  /** Numbers of the records whose PUT has no outcome in the log. */
  readonly withoutOutcome: readonly number[];
  /** How many PUTs have an unknown outcome. */
  readonly unknown: number;
  readonly repaired: number;
  /** The number of the record with the hash of `--head`; null if none has it. */
  readonly noted: number | null;
  readonly breaks: readonly { readonly line: number; readonly what: string }[];
  readonly furtherBreaks: number;
}

/** What was asked of the proof, and the answer: `noted` is the hash of `--head`, null without the flag. */
export interface ProofVerdict {
  readonly noted: string | null;
  readonly isWhole: boolean;
}

/** The proof of an audit log for a terminal: the verdict, each break, then the facts. `file` is how the user calls the log. */
export function renderAuditProof(
  file: string,
  proof: ShownProof,
  { noted, isWhole }: ProofVerdict,
  paint: Paint,
): string {
  const { breaks, furtherBreaks } = proof;
  const name = visibleText(file);
  const facts = factsOf(proof, noted).map(([label, fact]) => [{ text: label, paint: paint.faint }, { text: fact }]);
  const verdict = isWhole
    ? paint.gain(`${name}: the chain is whole`)
    : paint.fail(`${name}: ${breaks.length > 0 ? 'the chain is broken' : 'no record has the hash of --head'}`);
  return [
    verdict,
    ...breaks.map(({ line, what }) => `  ${paint.fail(`${name}:${line}:`)} ${visibleText(what)}`),
    ...(furtherBreaks > 0 ? [`  and ${counted(furtherBreaks, 'further break')}`] : []),
    ...alignColumns(facts, '  '),
    '',
  ].join('\n');
}

function factsOf(proof: ShownProof, noted: string | null): readonly (readonly [name: string, fact: string])[] {
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

function notedFact({ noted: foundAt }: ShownProof, noted: string | null): readonly (readonly [string, string])[] {
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
