import { type AuditEntry, EntryMaker } from '../../../adapters/audit/audit-entries.ts';
import { checkChain } from '../../../adapters/audit/check-chain.ts';
import { shellWord, visibleText } from '../../../core/domain/text/text.ts';
import { NOT_A_LOG } from '../../../report/audit/proof-text.ts';
import { renderAuditEntry } from '../../../report/audit/text.ts';
import { warningText } from '../../../report/problems/text.ts';
import { UsageError } from '../../line/errors.ts';
import { type NamedLog, reading } from '../../open/audit-log.ts';
import { auditFileOf } from './file.ts';
import { askedEntries, askedText } from './filter.ts';
import type { AuditCall } from './spec.ts';

/** The version of the JSON output. */
const VERSION = 1;

/** `--last` keeps this many entries in memory at most. */
const LAST_MOST = 10_000;

/** How many breaks `show` reports on stderr; `verify` reports all. */
const BREAKS_SHOWN = 10;

/** Prints the entries of a log. True if its chain is whole. */
export async function showLog(call: AuditCall): Promise<boolean> {
  const { io } = call;
  const isShown = askedEntries(call);
  const most = lastOf(call);
  const log = await auditFileOf(call);
  const breaks = new BreakReporter(call, log);
  const printer = call.flags.format === 'json' ? new JsonPrinter(call) : new TextPrinter(call);
  const last: AuditEntry[] = [];
  const take = (entries: readonly AuditEntry[]): void => {
    for (const entry of entries.filter(isShown)) {
      if (most === null) printer.print(entry);
      else if (last.push(entry) > most) last.shift();
    }
  };
  await reading(log, async () => {
    const maker = new EntryMaker();
    for await (const { line, record, fault } of checkChain(log.path)) {
      if (fault !== null) breaks.report(line, fault);
      if (record !== null) {
        breaks.foundRecord();
        take(maker.add(record));
      }
      if (io.stdout.closed.aborted) return;
    }
    take(maker.rest());
  });
  for (const entry of last) printer.print(entry);
  breaks.end();
  printer.end(breaks.count);
  return breaks.count === 0;
}

function lastOf(call: AuditCall): number | null {
  const { last: text } = call.flags;
  if (text === undefined) return null;
  const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= LAST_MOST) return count;
  throw new UsageError(`--last is not a whole number from 1 to ${LAST_MOST}`, 'leave it out to see everything');
}

/** Reports breaks on stderr, but only after it knows that the file is an audit log. */
class BreakReporter {
  readonly #call: AuditCall;
  readonly #log: NamedLog;
  /** The warnings before the first record; null after it. */
  #early: string[] | null = [];
  #count = 0;

  constructor(call: AuditCall, log: NamedLog) {
    this.#call = call;
    this.#log = log;
  }

  get count(): number {
    return this.#count;
  }

  report(line: number, fault: string): void {
    this.#count += 1;
    if (this.#count > BREAKS_SHOWN) return;
    const { io, paint } = this.#call;
    const file = visibleText(this.#log.shownPath);
    const text = warningText(
      `${file}:${line}: ${fault}`,
      `run \`grantd audit verify ${shellWord(this.#log.shownPath)}\``,
      paint.stderr,
    );
    if (this.#early === null) io.stderr.write(text);
    else this.#early.push(text);
  }

  foundRecord(): void {
    for (const text of this.#early ?? []) this.#call.io.stderr.write(text);
    this.#early = null;
  }

  /** One warning for a file without any record instead of one for each line. */
  end(): void {
    if (this.#early === null || this.#count === 0) return;
    const { io, paint } = this.#call;
    const message = `${visibleText(this.#log.shownPath)}: ${NOT_A_LOG}`;
    io.stderr.write(warningText(message, 'name the file that the setting auditLog names', paint.stderr));
  }
}

class TextPrinter {
  readonly #call: AuditCall;
  #isEmpty = true;

  constructor(call: AuditCall) {
    this.#call = call;
  }

  print(entry: AuditEntry): void {
    const { io, paint } = this.#call;
    io.stdout.write(`${this.#isEmpty ? '' : '\n'}${renderAuditEntry(entry, paint.stdout)}`);
    this.#isEmpty = false;
  }

  end(breaks: number): void {
    if (!this.#isEmpty) return;
    const asked = askedText(this.#call);
    if (asked === '' && breaks > 0) return;
    const text = asked === '' ? 'the log has no records' : `no record ${asked}`;
    this.#call.io.stdout.write(`${visibleText(text)}\n`);
  }
}

/** One document with an entry on each line. It is never in memory as a whole. */
class JsonPrinter {
  readonly #call: AuditCall;
  #isEmpty = true;

  constructor(call: AuditCall) {
    this.#call = call;
  }

  print(entry: AuditEntry): void {
    this.#call.io.stdout.write(`${this.#isEmpty ? this.#begin() : ',\n'}${JSON.stringify(entry)}`);
    this.#isEmpty = false;
  }

  end(breaks: number): void {
    this.#call.io.stdout.write(`${this.#isEmpty ? this.#begin() : '\n'}],"breaks":${breaks}}\n`);
  }

  #begin(): string {
    return `{"version":${VERSION},"entries":[\n`;
  }
}
