import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demand } from '../finding.mjs';
import { ODD_VALUES } from '../mutate/odd.mjs';
import { canonical, demandVisible, parseJson, readText } from './world.mjs';

const NO_HASH = '0'.repeat(64);

/** The log that nobody touched. */
const WHOLE = readText('proof/fuzz/seeds/audit/whole.jsonl');

/** The head that somebody noted elsewhere. */
const HEAD = parseJson(WHOLE.trimEnd().split('\n').at(-1)).hash;

/** The audit log: whoever edits a record later breaks its chain. */
export const auditTarget = {
  name: 'audit',
  share: 5,
  says: 'an audit log: every record that was edited, removed or moved is noticed',
  shape: 'own',
  words: ['{', '}', '"hash":', '"prev":', '"seq":1', NO_HASH, HEAD],
  own: [moveRecord, editRecord, editAndChain],
  open: async (load) => {
    const { verifyAuditLog } = await load('adapters/audit/verify-audit-log');
    const directory = mkdtempSync(join(tmpdir(), 'grantd-fuzz-audit-'));
    const path = join(directory, 'audit.jsonl');
    return {
      check: (bytes) => check(withLineEnd(bytes), { verifyAuditLog, path }),
      close: () => rmSync(directory, { recursive: true, force: true }),
    };
  },
};

/** Whoever verifies waits for a last line that has no end, since somebody may be writing it. Few inputs are worth that. */
function withLineEnd(bytes) {
  const isWaited = bytes.length % 256 === 7;
  return isWaited || bytes.at(-1) === 0x0a ? bytes : Buffer.concat([bytes, Buffer.from('\n')]);
}

async function check(bytes, { verifyAuditLog, path }) {
  writeFileSync(path, bytes);
  const { breaks, furtherBreaks, noted, head, records } = await verifyAuditLog(path, HEAD);
  for (const { line, what } of breaks) {
    demand(line >= 1, 'a break has its line', what);
    demandVisible(what, 'what is said of a break is safe to print');
  }
  demand(furtherBreaks === 0 || breaks.length > 0, 'what is counted further follows what was told', furtherBreaks);
  const chain = wholeChain(bytes);
  const isTaken = breaks.length === 0;
  if (isTaken) demand(chain !== null, 'a log that is called whole is whole', bytes);
  if (!isTaken || chain === null) return;
  demand(records === chain.length && head === (chain.at(-1)?.hash ?? null), 'the head is the last record', head);
  if (noted === null) return;
  const upToHead = `${chain.slice(0, noted).map(canonical).join('\n')}\n`;
  demand(upToHead === WHOLE, 'a log that holds the noted head is the same up to there', noted);
}

/** The records of a log, or null where a hash or the order does not fit. Shares no code with what it judges. */
function wholeChain(bytes) {
  const lines = bytes.toString('utf8').split('\n');
  if (!Buffer.from(lines.join('\n')).equals(bytes) || lines.pop() !== '') return null;
  let prev = NO_HASH;
  const records = lines.map(parseJson);
  for (const [index, record] of records.entries()) {
    if (record === null || typeof record !== 'object' || canonical(record) !== lines[index]) return null;
    if (record.seq !== index + 1 || record.prev !== prev || record.hash !== hashOf(record)) return null;
    prev = record.hash;
  }
  return records;
}

function hashOf({ hash: _, ...record }) {
  return createHash('sha256').update(canonical(record)).digest('hex');
}

/** A log that goes on with its own records, chained on, until it has so many bytes. */
export function grownLog(bytes, most) {
  const text = bytes.toString('utf8');
  const records = text.trimEnd().split('\n').map(parseJson);
  if (records.includes(undefined)) return text.repeat(Math.floor(most / text.length));
  const lines = [text.trimEnd()];
  let { hash: prev } = records.at(-1);
  let left = most - text.length;
  for (let seq = records.length + 1; ; seq += 1) {
    const record = hashed({ ...records[seq % records.length], seq, prev });
    left -= Buffer.byteLength(canonical(record)) + 1;
    if (left < 0) return `${lines.join('\n')}\n`;
    lines.push(canonical(record));
    prev = record.hash;
  }
}

function moveRecord(bytes, random) {
  const lines = bytes.toString('utf8').split('\n');
  const from = random.below(lines.length);
  const [line] = random.isLucky(0.3) ? [lines[from]] : lines.splice(from, 1);
  if (random.isLucky(0.7)) lines.splice(random.below(lines.length + 1), 0, line);
  return Buffer.from(lines.join('\n'));
}

/** A record that is edited and says the right hash of itself again. */
function editRecord(bytes, random) {
  return withRecords(bytes, (records) => {
    const at = random.below(records.length);
    records[at] = edited(records[at], random);
  });
}

/** As somebody does it who may write the whole file: every hash fits. */
function editAndChain(bytes, random) {
  return withRecords(bytes, (records) => {
    const at = random.below(records.length);
    records[at] = edited(records[at], random);
    for (let index = at + 1; index < records.length; index += 1) {
      records[index] = hashed({ ...records[index], prev: records[index - 1].hash });
    }
  });
}

function edited(record, random) {
  const key = random.pick([...Object.keys(record), 'more']);
  return hashed({
    ...record,
    [key]: random.isLucky(0.5) ? random.pick(ODD_VALUES) : record[random.pick(Object.keys(record))],
  });
}

function hashed(record) {
  return { ...record, hash: hashOf(record) };
}

function withRecords(bytes, change) {
  const records = bytes
    .toString('utf8')
    .split('\n')
    .map(parseJson)
    .filter((record) => record && typeof record === 'object');
  if (records.length === 0) return bytes;
  change(records);
  return Buffer.from(`${records.map(canonical).join('\n')}\n`);
}
