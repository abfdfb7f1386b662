import { randomUUID } from 'node:crypto';
import { hostname as hostnameOfMachine } from 'node:os';
import { resolve } from 'node:path';
import type { WriteJournal } from '../../core/domain/run/daemon-ports.ts';
import type { Instant } from '../../core/domain/text/instant.ts';
import { AuditJournal } from './audit-journal.ts';
import type { AuditRecord, IntentBody, Writer } from './audit-record.ts';
import type { LogEnd } from './log-end.ts';
import { LogFile } from './log-file.ts';
import { lifeOf } from './process-life.ts';

export interface AuditLogOptions {
  readonly file: string;
  readonly account: number;
  readonly now: () => Instant;
  /** Default: that of this machine. */
  readonly hostname?: string;
}

export interface OpenedAuditLog {
  readonly journal: WriteJournal;
  /** How many bytes of an unfinished line were put aside. */
  readonly repaired: number;
  /** PUTs of writers that are gone. Whether they were sent is not known, and each got a record that says so. */
  readonly unknown: readonly { readonly access: number; readonly runId: string }[];
  /** What every user of the machine may do with the log, which says who has which access; null for nothing. */
  readonly openTo: OpenTo | null;
}

/** What everyone may do with a file. Who can write to it can read it too, or soon. */
export type OpenTo = 'read' | 'write';

/** What the permissions of a file let every user of the machine do. */
export function openToAll(mode: number): OpenTo | null {
  if ((mode & 0o002) !== 0) return 'write';
  return (mode & 0o004) === 0 ? null : 'read';
}

/**
 * Opens the audit log of an account, and creates it if there is none. Reads only its end, however large it is. Throws
 * `audit-unwritable`, also if the last record was edited.
 */
export async function openAuditLog(options: AuditLogOptions): Promise<OpenedAuditLog> {
  const { account, now, hostname = hostnameOfMachine() } = options;
  const writer: Writer = { host: hostname, pid: process.pid, id: randomUUID() };
  const log = new LogFile({ file: resolve(options.file), account, writer, now });
  return log.atEnd(async (end, recovered) => {
    const left = (recovered?.open ?? []).filter((intent) => lifeOf(intent.writer, writer) !== 'running');
    for (const intent of left) await closeAsUnknown(end, intent, now());
    return {
      journal: new AuditJournal(log, account, now),
      repaired: recovered?.repaired ?? 0,
      unknown: left.map(({ access, runId }) => ({ access, runId })),
      openTo: recovered === null ? null : openToAll(recovered.mode),
    };
  });
}

async function closeAsUnknown(end: LogEnd, intent: AuditRecord<IntentBody>, time: Instant): Promise<void> {
  const { seq, hash, runId, access, account } = intent;
  await end.append({ body: { kind: 'unknown', intent: { seq, hash }, runId, access }, time, account, closes: seq });
}
