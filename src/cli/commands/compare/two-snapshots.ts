import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { AuditEntry } from '../../../adapters/audit/audit-entries.ts';
import { compareSnapshots } from '../../../core/compare/compare-snapshots.ts';
import { LEVEL } from '../../../core/domain/account/access-level.ts';
import type { ResourceType } from '../../../core/domain/account/resource.ts';
import { type AccountChanges, type AuditedWrite, isUnchanged } from '../../../core/domain/answer/account-changes.ts';
import { instantText } from '../../../core/domain/text/instant.ts';
import { shellWord } from '../../../core/domain/text/text.ts';
import { accountChangesMarkdown, accountChangesText } from '../../../report/comparison/account-changes.ts';
import { accountChangesToJson } from '../../../report/comparison/account-changes-json.ts';
import { jsonPieces } from '../../../report/layout/json.ts';
import { levelFromJson } from '../../../report/words/json.ts';
import { UsageError } from '../../line/errors.ts';
import { EXIT, type ExitCode } from '../../line/exit-code.ts';
import { readWholeLog, workedPut } from '../../open/audit-log.ts';
import { loadSnapshot, type OpenedSnapshot, SNAPSHOT_FILE } from '../../open/snapshot.ts';
import { readInput } from '../../process/read-input.ts';
import { writePieces } from '../../process/write-pieces.ts';
import type { CompareCall } from './spec.ts';

/**
 * What the two files are. A file that can be read only once (`-`, a pipe), or does not exist, is taken for what the other one is. Where
 * both are such files, only --audit-log says that they are snapshots.
 */
export async function areSnapshots(call: CompareCall): Promise<boolean> {
  const [old, next] = [await isSnapshot(call, call.arguments.old), await isSnapshot(call, call.arguments.new)];
  if ((old ?? next) === (next ?? old)) return old ?? next ?? call.flags.auditLog !== undefined;
  const { old: oldPath, new: newPath } = call.arguments;
  throw new UsageError(
    old === true
      ? `${oldPath} is a snapshot, and ${newPath} is a policy`
      : `${oldPath} is a policy, and ${newPath} is a snapshot`,
    'compare two policies or two snapshots; grantd plan --snapshot FILE compares a policy with an account',
  );
}

/** Null where nobody can tell before it is read. A policy has no key `takenAt`. */
async function isSnapshot(call: CompareCall, path: string): Promise<boolean | null> {
  const found = path === '-' ? null : await stat(resolve(call.io.cwd, path)).catch(() => null);
  if (found?.isFile() !== true) return null;
  // What cannot be read is reported where it is read as what it should be.
  const read = await readInput(call, path, SNAPSHOT_FILE).catch(() => null);
  return read && /^\s*\{/.test(read.text) && /"takenAt"\s*:/.test(read.text);
}

/** Prints what changed in an account between two snapshots, and which of it grantd wrote. Exits with 1 if its log is broken. */
export async function runSnapshots(call: CompareCall): Promise<ExitCode> {
  for (const flag of ['at', 'snapshot'] as const) {
    if (call.flags[flag] === undefined) continue;
    throw new UsageError(`--${flag} is for two policies, and these are two snapshots`, `leave --${flag} out`);
  }
  const old = await loadSnapshot(call, call.arguments.old, null);
  const next = await loadSnapshot(call, call.arguments.new, null);
  requireComparable(call, old, next);
  const writes = await writesBetween(call, old, next);
  if (writes === 'broken') return EXIT.failed;
  const changes = compareSnapshots(old, next, writes);
  await writePieces(call.io.stdout, rendered(call, changes));
  return call.flags.detailedExitcode && !isUnchanged(changes) ? EXIT.pending : EXIT.done;
}

function requireComparable(call: CompareCall, old: OpenedSnapshot, next: OpenedSnapshot): void {
  const { old: oldPath, new: newPath } = call.arguments;
  if (old.actual.account !== next.actual.account) {
    throw new UsageError(
      `${oldPath} is for account ${old.actual.account}, and ${newPath} for account ${next.actual.account}`,
      'compare two snapshots of one account',
    );
  }
  if (old.takenAt <= next.takenAt) return;
  throw new UsageError(
    `${oldPath} was taken at ${instantText(old.takenAt)}, after ${newPath} at ${instantText(next.takenAt)}`,
    `name the earlier one first: grantd compare ${shellWord(newPath)} ${shellWord(oldPath)}`,
  );
}

/** The rows that grantd wrote between the two, by its log. Null without a log. */
async function writesBetween(
  call: CompareCall,
  { takenAt: from }: OpenedSnapshot,
  { takenAt: to }: OpenedSnapshot,
): Promise<readonly AuditedWrite[] | 'broken' | null> {
  const { auditLog } = call.flags;
  if (auditLog === undefined) return null;
  const log = { shownPath: auditLog, path: resolve(call.io.cwd, auditLog) };
  const writes: AuditedWrite[] = [];
  const consequence = 'grantd says nothing about who wrote what by a log that may have been changed';
  const isWhole = await readWholeLog(call, log, consequence, (entry) => {
    writes.push(...writtenRows(entry).filter(({ at }) => at >= from && at <= to));
  });
  return isWhole ? writes : 'broken';
}

/** The rows of a PUT that worked, or may have. */
function writtenRows(entry: AuditEntry): readonly AuditedWrite[] {
  const intent = workedPut(entry)?.intent;
  if (intent === undefined) return [];
  const at = Date.parse(intent.time);
  return intent.rows.map(({ resource: { type, id }, after }) => ({
    principal: intent.principal,
    access: intent.access,
    resource: { type: type as ResourceType, id },
    after: levelFromJson(after) ?? LEVEL.none,
    runId: intent.runId,
    at,
  }));
}

function rendered(call: CompareCall, changes: AccountChanges): Iterable<string> {
  switch (call.flags.format) {
    case 'json':
      return jsonPieces(accountChangesToJson(changes));
    case 'markdown':
      return [accountChangesMarkdown(changes)];
    case 'text':
      return accountChangesText(changes, call.paint.stdout);
  }
}
