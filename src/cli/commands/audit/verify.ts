import { verifyAuditLog } from '../../../adapters/audit/verify-audit-log.ts';
import type { AuditProof } from '../../../core/domain/answer/audit-proof.ts';
import { type ProofVerdict, renderAuditProof } from '../../../report/audit/proof-text.ts';
import { UsageError } from '../../line/errors.ts';
import { jsonText } from '../../line/json-text.ts';
import { reading } from '../../open/audit-log.ts';
import { auditFileOf } from './file.ts';
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
      : renderAuditProof(log.shownPath, proof, { noted, isWhole }, call.paint.stdout);
  call.io.stdout.write(text);
  return isWhole;
}

function notedHash(call: AuditCall): string | null {
  const head = call.flags.head?.toLowerCase();
  if (head === undefined) return null;
  if (/^[0-9a-f]{64}$/.test(head)) return head;
  throw new UsageError('--head is not the hash of a record', 'write the 64 hex digits that verify printed as head');
}

function proofToJson(file: string, proof: AuditProof, { noted, isWhole }: ProofVerdict): unknown {
  const { noted: notedAt, ...rest } = proof;
  return { version: VERSION, file, isWhole, ...rest, noted: noted === null ? null : { hash: noted, record: notedAt } };
}
