import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const VITEST = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
const LOOK_EVERY_MS = 200;
/** Of what a worker prints, so much is kept for whoever must find out why it ended. */
const PRINTED_MOST = 10_000;

/** A process plays so many worlds and is then replaced, so that nothing that one leaves behind adds up. */
const WORLDS_EACH = 250;

/**
 * State and audit log are real files, on a file system in memory where there is one: a process that dies loses nothing of
 * either, so a disk would only be slower.
 */
const FILES_IN = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** Plays worlds in several processes, and hands each report over as it comes. Ends where `isOver` says so. */
export async function playInWorkers({ from, count, untilMs, workers, tale = false, twice = false }, onReport, isOver) {
  const directory = mkdtempSync(join(FILES_IN, 'grantd-chaos-'));
  let next = from;
  const end = from + count;
  const each = Math.max(1, Math.min(WORLDS_EACH, Math.ceil(count / workers)));
  async function work() {
    while (next < end && Date.now() < untilMs && !isOver()) {
      const chunk = { from: next, count: Math.min(each, end - next), untilMs, tale, twice, directory };
      next += chunk.count;
      await playChunk(chunk, onReport, isOver);
    }
  }
  try {
    await Promise.all(Array.from({ length: workers }, work));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function playChunk({ from, count, untilMs, tale, twice, directory }, onReport, isOver) {
  const file = join(directory, `${from}.jsonl`);
  closeSync(openSync(file, 'w'));
  const env = {
    ...process.env,
    CHAOS_FROM: String(from),
    CHAOS_COUNT: String(count),
    CHAOS_REPORT: file,
    CHAOS_TALE: tale ? '1' : '0',
    CHAOS_TWICE: twice ? '1' : '0',
    CHAOS_DIRECTORY: directory,
    ...(Number.isFinite(untilMs) && { CHAOS_UNTIL: String(untilMs) }),
  };
  const args = [VITEST, 'run', 'proof/chaos/chaos.test.ts', '--reporter=dot', '--no-color'];
  const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const end = () => child.kill();
  process.once('exit', end);
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => (printed = (printed + text).slice(-PRINTED_MOST)));
  const ended = new Promise((resolve) => child.on('close', resolve));
  const reader = new LineReader(file);
  let begun = null;
  const take = () => {
    for (const line of reader.lines()) {
      const entry = JSON.parse(line);
      begun = 'begun' in entry ? entry.begun : null;
      if (!('begun' in entry)) onReport(entry);
    }
    // It ends after the world that it plays: cut off, it would leave files behind.
    if (isOver()) writeFileSync(join(directory, 'stop'), '');
  };
  const timer = setInterval(take, LOOK_EVERY_MS);
  const code = await ended;
  clearInterval(timer);
  process.off('exit', end);
  take();
  reader.close();
  if (isOver() || (code === 0 && begun === null)) return;
  throw new Error(
    `the process that played ${begun === null ? `worlds from ${from}` : `the world of seed ${begun}`} ended with ${code}:\n${printed}`,
  );
}

/** The whole lines that were appended to a file since the last look. */
class LineReader {
  #descriptor;
  #rest = '';

  constructor(file) {
    this.#descriptor = openSync(file, 'r');
  }

  close() {
    closeSync(this.#descriptor);
  }

  lines() {
    const buffer = Buffer.alloc(64 * 1024);
    for (let read = readSync(this.#descriptor, buffer); read > 0; read = readSync(this.#descriptor, buffer)) {
      this.#rest += buffer.toString('utf8', 0, read);
    }
    const lines = this.#rest.split('\n');
    this.#rest = lines.pop() ?? '';
    return lines;
  }
}
