import { type AuditRecord, LINE_BYTES_MAX, NO_HASH } from './audit-record.ts';
import { type LogLine, readLines } from './read-lines.ts';
import { readRecord } from './read-record.ts';

/** One line of a log: its record, if it is one, and what breaks the chain there. */
export interface CheckedLine {
  readonly line: number;
  readonly record: AuditRecord | null;
  readonly fault: string | null;
}

/** Reads a log from its beginning and follows its chain. After a break it goes on from the record that it found there. */
export async function* checkChain(path: string): AsyncGenerator<CheckedLine, void> {
  const follower = new ChainFollower();
  for await (const line of readLines(path)) yield follower.judge(line);
}

class ChainFollower {
  /** The last record that could be read. */
  #seq = 0;
  #hash = NO_HASH;
  /** Whether the line before this one could not be read. It may have been a record. */
  #isAfterDamage = false;

  judge({ number, bytes, isWhole }: LogLine): CheckedLine {
    const read = bytes === null ? TOO_LONG : isWhole ? readRecord(bytes) : UNFINISHED;
    if ('fault' in read) {
      this.#isAfterDamage = true;
      return { line: number, record: null, fault: read.fault };
    }
    const { record } = read;
    const fault = this.#faultOf(record);
    this.#seq = record.seq;
    this.#hash = record.hash;
    this.#isAfterDamage = false;
    return { line: number, record, fault };
  }

  #faultOf({ seq, prev }: AuditRecord): string | null {
    const follows = seq === this.#seq + 1 && prev === this.#hash;
    // The damage was reported: it was either the record between the two or an insertion.
    if (follows || (this.#isAfterDamage && seq === this.#seq + 2)) return null;
    if (seq > this.#seq + 1)
      return `${recordsText(this.#seq + 1, seq - 1)} missing before record ${seq}: removed or moved`;
    if (seq <= this.#seq) return `record ${seq} comes after record ${this.#seq}: repeated, inserted or moved`;
    return seq === 1
      ? 'record 1 follows a record that does not exist: what came before it was removed'
      : `record ${seq} does not follow record ${this.#seq} before it: one of them was replaced`;
  }
}

const TOO_LONG = { fault: `it has more than ${LINE_BYTES_MAX} bytes, so it is no record` };
const UNFINISHED = { fault: 'the last line is torn: it was never finished, or cut off' };

function recordsText(first: number, last: number): string {
  return first === last ? `record ${first} is` : `records ${first} to ${last} are`;
}
