import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const CRASHES = fileURLToPath(new URL('crashes/', import.meta.url));

/** Something that a target promises and does not keep. */
export class BrokenPromise extends Error {
  constructor(promise, found) {
    super(found === undefined ? promise : `${promise}: ${String(found).slice(0, 500)}`);
    this.name = 'BrokenPromise';
    this.promise = promise;
  }
}

/** @param {unknown} found what shows that the promise is broken */
export function demand(isKept, promise, found) {
  if (!isKept) throw new BrokenPromise(promise, found);
}

/** What two failures that have one cause have in common. */
export function causeOf(error) {
  if (error instanceof BrokenPromise) return error.promise;
  const place = /\n\s+at .*?([\w.-]+\.js:\d+)/.exec(error?.stack ?? '')?.[1] ?? '';
  return `${error?.name} ${String(error?.message)
    .replace(/\d+|"[^"]*"|'[^']*'/g, '#')
    .slice(0, 80)} ${place}`;
}

/** Keeps an input that failed, and says how it is tried again. */
export function saveCrash(target, bytes) {
  mkdirSync(CRASHES, { recursive: true });
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  const path = `${CRASHES}${target}-${hash}`;
  writeFileSync(path, bytes);
  const shown = relative(process.cwd(), path);
  return { path: shown, reproduction: `npm run fuzz -- --target ${target} --replay ${shown}` };
}
