import { type AuditEntry, EntryMaker } from '../../adapters/audit/audit-entries.ts';
import { checkChain } from '../../adapters/audit/check-chain.ts';
import { shellWord, visibleText } from '../../core/domain/text/text.ts';
import { NAMED_PIPE } from '../../platform/open-to-read.ts';
import { warningText } from '../../report/problems/text.ts';
import type { CallContext } from '../line/command.ts';
import { UsageError } from '../line/errors.ts';

/** A log to read: its path as the user wrote it, and its full path. */
export interface NamedLog {
  readonly shownPath: string;
  readonly path: string;
}

/**
 * Reads a log from its beginning and hands over its entries. A line that breaks its chain makes all of it unreliable: then this
 * warns, with what it means for the caller, and returns false.
 */
export async function readWholeLog(
  call: CallContext,
  log: NamedLog,
  consequence: string,
  take: (entry: AuditEntry) => void,
): Promise<boolean> {
  const maker = new EntryMaker();
  return reading(log, async () => {
    for await (const { line, record, fault } of checkChain(log.path)) {
      if (fault !== null) {
        const message = `${visibleText(log.shownPath)}:${line}: ${fault}; ${consequence}`;
        const remedy = `run grantd audit verify ${shellWord(log.shownPath)}`;
        call.io.stderr.write(warningText(message, remedy, call.paint.stderr));
        return false;
      }
      if (record !== null) for (const entry of maker.add(record)) take(entry);
    }
    for (const entry of maker.rest()) take(entry);
    return true;
  });
}

/** A PUT that Mailtrap has, or may have, taken over. */
export type WorkedPut = Extract<AuditEntry, { readonly kind: 'put' }>;

/** Null for any other entry. */
export function workedPut(entry: AuditEntry): WorkedPut | null {
  if (entry.kind !== 'put') return null;
  return entry.end?.kind === 'outcome' && !entry.end.mayHaveTakenEffect ? null : entry;
}

/** Reads a log. An error of the system becomes a `UsageError`. */
export async function reading<T>({ shownPath }: NamedLog, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : null;
    // An error of grantd has a code too, and keeps its message.
    if (code === null || !/^E[A-Z0-9]+$/.test(code)) throw error;
    const [why, remedy] = EXPLAINED.get(code) ?? [`cannot be read (${code})`, 'look at the file and at its disk'];
    throw new UsageError(`the audit log ${shownPath} ${why}`, remedy);
  }
}

const EXPLAINED: ReadonlyMap<string, readonly [why: string, remedy: string]> = new Map([
  ['ENOENT', ['does not exist', 'check the path; the first run of grantd with an audit log makes it']],
  ['ENOTDIR', ['does not exist: a part of its path is a file', 'check the path']],
  ['EISDIR', ['is a directory', 'name the file in it']],
  [NAMED_PIPE, ['is a named pipe', 'name an ordinary file']],
  ['EACCES', ['may not be read by this user', 'read it as the user that grantd runs as']],
  ['EPERM', ['may not be read by this user', 'read it as the user that grantd runs as']],
]);
