import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditRecord } from '../../../../src/adapters/audit/audit-record.ts';
import { type OpenedAuditLog, openAuditLog } from '../../../../src/adapters/audit/open-audit-log.ts';
import type { Cause, Change } from '../../../../src/core/domain/plan/plan.ts';
import type { IntendedPut, PutEnd } from '../../../../src/core/domain/run/daemon-ports.ts';
import { afterTest } from '../../../support/after-test.ts';

export const ACCOUNT = 3229;
export const BEGIN = Date.parse('2026-11-24T04:00:00Z');

/** An empty directory that is gone after the test. */
export function emptyDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'grantd-audit-'));
  afterTest(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A log that does not exist yet. */
export function newLog(): string {
  return join(emptyDirectory(), 'audit.jsonl');
}

export function open(file: string, hostname?: string): Promise<OpenedAuditLog> {
  return openAuditLog({ file, account: ACCOUNT, now: () => BEGIN, ...(hostname === undefined ? {} : { hostname }) });
}

/** Every record of a log, as it stands there. */
export function recordsOf(file: string): readonly AuditRecord[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as AuditRecord);
}

export function kindsOf(file: string): readonly string[] {
  return recordsOf(file).map(({ kind }) => kind);
}

/** What stands beside a log, without it. */
export function besides(file: string): readonly string[] {
  return readdirSync(join(file, '..')).filter((name) => join(file, '..', name) !== file);
}

const at = (line: number) => ({ file: 'policy.yaml', line, column: 3, length: 1 });

const GRANT = {
  kind: 'grant',
  grant: at(51),
  resource: 'project:Mobile *',
  level: 'admin',
  role: { name: 'tester', at: at(41) },
  groups: [{ name: 'qa', at: at(11) }],
  otherPaths: 1,
  reason: 'OPS-123, for the “Ü” launch',
  until: { at: Date.parse('2027-01-01T00:00:00Z'), text: '2026-12-31' },
  endedBy: null,
} as const satisfies Cause;

/** One change of each cause, of the person with this number. */
export function changesOf(person: number): readonly Change[] {
  const principal = { kind: 'user', email: `person${person}@example.com` } as const;
  const change = (id: number, part: Pick<Change, 'kind' | 'before' | 'after' | 'why'>): Change => ({
    principal,
    access: 5000 + person,
    resource: { type: 'project', id, label: `project:Mobile ${id}` },
    ...part,
  });
  return [
    change(4001, { kind: 'raise', before: 10, after: 100, why: [GRANT] }),
    {
      ...change(4002, { kind: 'remove', before: 77, after: 0, why: [{ kind: 'unlisted', at: at(9) }] }),
      cause: 'drift',
    },
    change(4003, {
      kind: 'lower',
      before: 100,
      after: 10,
      why: [
        { ...GRANT, kind: 'ended', role: null, reason: null, until: null, endedBy: at(21) },
        { kind: 'not-granted', grant: at(52), groups: [{ name: 'qa', at: at(11) }] },
        { kind: 'offboarded', at: at(21) },
      ],
    }),
  ];
}

export function putOf(person: number, part: Partial<IntendedPut> = {}): IntendedPut {
  return {
    runId: `run-${person}`,
    account: ACCOUNT,
    access: 5000 + person,
    changes: changesOf(person),
    revision: { sha256: 'a'.repeat(64), commit: 'b'.repeat(40) },
    planDigest: `sha256:${'c'.repeat(64)}`,
    approved: [],
    ...part,
  };
}

export const ANSWERED: PutEnd = { kind: 'answered', receipt: { status: 200, requestId: 'req-1', serverTime: null } };

/** A log with so many PUTs that were answered. */
export async function logOf(puts: number): Promise<string> {
  const file = newLog();
  const { journal } = await open(file);
  for (let person = 1; person <= puts; person += 1) await (await journal.intend(putOf(person))).ended(ANSWERED);
  return file;
}
