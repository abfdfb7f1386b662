import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openAuditLog } from '../../../../src/adapters/audit/open-audit-log.ts';
import { verifyAuditLog } from '../../../../src/adapters/audit/verify-audit-log.ts';
import type { IntendedPut, JournalEntry, PutEnd } from '../../../../src/core/domain/run/daemon-ports.ts';
import { GrantdError } from '../../../../src/core/domain/text/error.ts';

/**
 * `node full-disk.js DIRECTORY`, on a disk with little room: fills it with PUTs, makes room, and goes on. Prints what
 * happened as one line of JSON.
 */
const [directory = ''] = process.argv.slice(2);
const file = join(directory, 'audit.jsonl');
const ballast = join(directory, 'ballast');
const answered: PutEnd = { kind: 'answered', receipt: { status: 200, requestId: null, serverTime: null } };

function put(access: number): IntendedPut {
  const resource = { type: 'project', id: access, label: 'x'.repeat(500) } as const;
  const principal = { kind: 'user', email: 'ann@example.com' } as const;
  const change = { kind: 'create', principal, access, resource, before: 0, after: 10, why: [] } as const;
  const planDigest = 'sha256:0';
  return { runId: `run-${access}`, account: 3229, access, changes: [change], revision: null, planDigest, approved: [] };
}

function failureOf(error: unknown): { readonly code: string; readonly message: string; readonly remedy: string } {
  if (!(error instanceof GrantdError)) throw error;
  return { code: error.code, message: error.message, remedy: error.remedy };
}

/** Intends until that fails. */
async function fill(): Promise<{ readonly entries: readonly JournalEntry[]; readonly failure: unknown }> {
  const entries: JournalEntry[] = [];
  for (;;) {
    try {
      entries.push(await journal.intend(put(entries.length + 1)));
    } catch (error) {
      return { entries, failure: failureOf(error) };
    }
  }
}

writeFileSync(ballast, 'x'.repeat(96 * 1024));
const { journal } = await openAuditLog({ file, account: 3229, now: Date.now });
const { entries, failure } = await fill();
const sizeWhenFull = statSync(file).size;
const intendedWhenFull = readFileSync(file, 'utf8').split('\n').length - 1;
const again = await journal.intend(put(998)).then(() => null, failureOf);
// The PUTs ended, and there is no room to say so.
const outcomes = await Promise.all(entries.map((entry) => entry.ended(answered).then(() => null, failureOf)));
const whileFull = await verifyAuditLog(file, null);
rmSync(ballast);
await journal.intend(put(999));
const after = await verifyAuditLog(file, null);
const kinds = readFileSync(file, 'utf8')
  .split('\n')
  .slice(0, -1)
  .map((line) => JSON.parse(line).kind);
process.stdout.write(
  `${JSON.stringify({ intended: entries.length, failure, intendedWhenFull, sizeWhenFull, again, outcomes, whileFull, after, kinds })}\n`,
);
