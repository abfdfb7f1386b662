import { open, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type AccountMemory, emptyMemory } from '../../core/domain/account/account-memory.ts';
import type { StateStore } from '../../core/domain/run/daemon-ports.ts';
import { GrantdError } from '../../core/domain/text/error.ts';
import { visibleText } from '../../core/domain/text/text.ts';
import { makeDirectory } from '../../platform/make-directory.ts';
import { syncDirectory } from '../../platform/sync-directory.ts';
import { systemCode } from '../../platform/system-code.ts';
import { removeLeftovers, writeWholeFile } from '../../platform/whole-file.ts';
import { encodeMemory, STATE_BYTES_MAX } from './memory-json.ts';
import { readMemory } from './read-memory.ts';

/** The file of one account. Its loads and saves wait for each other. */
export class AccountFile {
  readonly #dir: string;
  readonly #account: number;
  readonly #path: string;
  #last: Promise<unknown> = Promise.resolve();
  /** What the file contains, as far as this process knows. */
  #text: string | null = null;
  #hasLoaded = false;
  /** True while a lost state is in the place of the file. */
  #isInTheWay = false;

  constructor(dir: string, account: number) {
    this.#dir = dir;
    this.#account = account;
    this.#path = join(dir, `account-${account}.json`);
  }

  load(): ReturnType<StateStore['load']> {
    return this.#inTurn(() => this.#load());
  }

  save(memory: AccountMemory): Promise<void> {
    return this.#inTurn(() => this.#save(memory));
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => {});
    return turn;
  }

  async #load(): ReturnType<StateStore['load']> {
    // Later, such a file may be what another process is writing now.
    if (!this.#hasLoaded) await removeLeftovers(this.#path);
    this.#hasLoaded = true;
    const found = await this.#read();
    this.#text = 'text' in found ? found.text : null;
    if ('memory' in found) return { memory: found.memory, lost: null };
    const memory = emptyMemory(this.#account);
    if (found.fault === null) return { memory, lost: null };
    this.#isInTheWay = true;
    const kept = await this.#putAside().then(
      () => `it is kept as ${this.#path}.lost`,
      (error) => `it stays where it is, since it could not be renamed (${systemCode(error)})`,
    );
    return { memory, lost: visibleText(`the state ${this.#path} is lost: ${found.fault}; ${kept}`) };
  }

  /** A null fault means that there is no file, as at the first start. */
  async #read(): Promise<
    { readonly memory: AccountMemory; readonly text: string } | { readonly fault: string | null }
  > {
    try {
      const text = await readCapped(this.#path);
      if (text === null) return { fault: `it is not a file of at most ${STATE_BYTES_MAX} bytes of UTF-8` };
      const read = readMemory(text, this.#account);
      return 'memory' in read ? { ...read, text } : read;
    } catch (error) {
      const code = systemCode(error);
      return { fault: code === 'ENOENT' ? null : `it cannot be read (${code})` };
    }
  }

  async #save(memory: AccountMemory): Promise<void> {
    const text = encodeMemory(memory);
    if (Buffer.byteLength(text) > STATE_BYTES_MAX) throw tooLarge(this.#path);
    try {
      if (this.#text === text && (await this.#isThere(text))) return;
      this.#text = null;
      await makeDirectory(this.#dir);
      if (this.#isInTheWay) await this.#putAside();
      await writeWholeFile(this.#path, text, { syncsDirectory: true });
      this.#text = text;
    } catch (error) {
      throw stateUnwritable(this.#path, error);
    }
  }

  async #isThere(text: string): Promise<boolean> {
    const found = await stat(this.#path).catch(() => null);
    return found?.isFile() === true && found.size === Buffer.byteLength(text);
  }

  async #putAside(): Promise<void> {
    await rename(this.#path, `${this.#path}.lost`).catch((error: unknown) => {
      if (systemCode(error) !== 'ENOENT') throw error;
    });
    this.#isInTheWay = false;
    await syncDirectory(this.#dir);
  }
}

/** Null if it is not a file, is too large, or is not UTF-8. grantd never waits for a pipe or a device. */
export async function readCapped(path: string): Promise<string | null> {
  if (!(await stat(path)).isFile()) return null;
  const handle = await open(path, 'r');
  try {
    const bytes = Buffer.alloc(STATE_BYTES_MAX + 1);
    let size = 0;
    while (size < bytes.length) {
      const { bytesRead } = await handle.read(bytes, size, bytes.length - size, null);
      if (bytesRead === 0) return decodeUtf8(bytes.subarray(0, size));
      size += bytesRead;
    }
    return null;
  } finally {
    await handle.close();
  }
}

function decodeUtf8(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

function tooLarge(path: string): GrantdError {
  return new GrantdError(
    'state-unwritable',
    `the state ${path} would have more than ${STATE_BYTES_MAX} bytes, which is the limit`,
    'find out why so many changes come back; grantd goes on and remembers them while it runs',
  );
}

/** `state-unwritable`, with why the state of an account could not be saved and what to do. */
export function stateUnwritable(path: string, cause: unknown): GrantdError {
  const [why, remedy] = explain(systemCode(cause));
  return new GrantdError('state-unwritable', `the state ${path} cannot be saved: ${why}`, remedy, cause);
}

function explain(code: string): readonly [why: string, remedy: string] {
  return EXPLAINED.get(code) ?? [`the system says ${code}`, 'check its directory and its disk'];
}

const RIGHTS = 'give this user the right to write to the directory, or set stateDir to another one';

const EXPLAINED: ReadonlyMap<string, readonly [why: string, remedy: string]> = new Map([
  ['ENOSPC', ['the disk is full', 'make room on it; the next run saves again']],
  ['EDQUOT', ['the quota of this user is used up', 'make room, or raise the quota; the next run saves again']],
  ['EACCES', ['this user may not write there', RIGHTS]],
  ['EPERM', ['this user may not write there', RIGHTS]],
  ['EROFS', ['the file system is read-only', 'mount a volume that can be written to, and set stateDir to it']],
  ['ENOTDIR', ['a part of its path is a file', 'set stateDir to a directory']],
  ['EEXIST', ['its directory is a file', 'set stateDir to a directory']],
  ['EISDIR', ['a directory is in its place', 'remove that directory']],
  ['ENOENT', ['its directory is gone', 'make it again; the next run saves again']],
]);
