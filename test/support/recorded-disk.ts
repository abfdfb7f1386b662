import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import disk, { type FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** One call that changed a disk or made it lasting, in the order in which the calls came back. */
export type DiskCall =
  | { readonly kind: 'create' | 'mkdir' | 'remove' | 'sync'; readonly path: string }
  | { readonly kind: 'write'; readonly path: string; readonly bytes: Buffer }
  | { readonly kind: 'truncate'; readonly path: string; readonly size: number }
  | { readonly kind: 'rename'; readonly path: string; readonly to: string };

type WriteBytes = (bytes: Buffer, from: number, length: number, at: null) => Promise<{ bytesWritten: number }>;

/** What the calls of some work did below a directory, and what was there before. */
export interface RecordedDisk {
  readonly before: ReadonlyMap<string, Buffer>;
  readonly calls: readonly DiskCall[];
}

/** The calls as lines, with paths below the directory: `sync account-1.json`. Random parts of names are left out. */
export function told({ calls }: RecordedDisk, root: string): readonly string[] {
  const short = (path: string) => path.slice(root.length + 1).replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, '*') || '.';
  return calls.map((call) => [call.kind, short(call.path), ...('to' in call ? [short(call.to)] : [])].join(' '));
}

/**
 * Does work on real files, and records each call to the disk below a directory. The calls of node:fs/promises and of its
 * handles are wrapped while it lasts, so nothing of the product knows of it.
 */
export async function recordDisk(root: string, work: () => Promise<unknown>): Promise<RecordedDisk> {
  const calls: DiskCall[] = [];
  const before = new Map(filesBelow(root).map((path) => [path, readFileSync(path)]));
  const note = (call: DiskCall) => {
    if (call.path === root || call.path.startsWith(`${root}/`)) calls.push(call);
  };
  const restore = await wrap(note);
  try {
    await work();
  } finally {
    restore();
  }
  return { before, calls };
}

function filesBelow(root: string): readonly string[] {
  const entries = readdirSync(root, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function wrap(note: (call: DiskCall) => void): Promise<() => void> {
  const paths = new WeakMap<object, string>();
  const handles = await handlePrototype();
  const { open, rename, rm, unlink, mkdir, writeFile: writeAll } = disk;
  const { sync, datasync, write, writeFile, truncate } = handles;
  const pathOf = (handle: FileHandle) => paths.get(handle) ?? '';
  Object.assign(disk, {
    open: async (...args: Parameters<typeof open>) => {
      const path = resolve(String(args[0]));
      const isNew = isMissing(path);
      const handle = await open(...args);
      paths.set(handle, path);
      if (isNew) note({ kind: 'create', path });
      return handle;
    },
    // Of data in pieces, all pieces are noted as one write.
    writeFile: async (
      to: string | FileHandle,
      data: string | Uint8Array | Iterable<string>,
      ...rest: readonly unknown[]
    ) => {
      const pieces = typeof data === 'string' || data instanceof Uint8Array ? [data] : [...data];
      await (writeAll as (...args: readonly unknown[]) => Promise<void>)(to, pieces, ...rest);
      const path = typeof to === 'string' ? resolve(to) : pathOf(to);
      note({ kind: 'write', path, bytes: Buffer.concat(pieces.map((piece) => Buffer.from(piece as Uint8Array))) });
    },
    rename: async (from: string, to: string) => {
      await rename(from, to);
      note({ kind: 'rename', path: resolve(from), to: resolve(to) });
    },
    rm: async (path: string, options: object) => {
      await rm(path, options);
      note({ kind: 'remove', path: resolve(path) });
    },
    unlink: async (path: string) => {
      await unlink(path);
      note({ kind: 'remove', path: resolve(path) });
    },
    mkdir: async (path: string, options: object) => {
      const made = await mkdir(path, options);
      note({ kind: 'mkdir', path: resolve(path) });
      return made;
    },
  });
  const syncing = (call: () => Promise<void>) =>
    async function (this: FileHandle) {
      await call.call(this);
      note({ kind: 'sync', path: pathOf(this) });
    };
  Object.assign(handles, {
    sync: syncing(sync),
    datasync: syncing(datasync),
    async write(this: FileHandle, bytes: Buffer, from: number, length: number, at: null) {
      const done = await (write as WriteBytes).call(this, bytes, from, length, at);
      note({ kind: 'write', path: pathOf(this), bytes: Buffer.from(bytes.subarray(from, from + done.bytesWritten)) });
      return done;
    },
    async writeFile(this: FileHandle, data: string | Uint8Array) {
      await writeFile.call(this, data);
      note({ kind: 'write', path: pathOf(this), bytes: Buffer.from(data as Uint8Array) });
    },
    async truncate(this: FileHandle, size: number) {
      await truncate.call(this, size);
      note({ kind: 'truncate', path: pathOf(this), size });
    },
  });
  syncBuiltinESMExports();
  return () => {
    Object.assign(disk, { open, rename, rm, unlink, mkdir, writeFile: writeAll });
    Object.assign(handles, { sync, datasync, write, writeFile, truncate });
    syncBuiltinESMExports();
  };
}

function isMissing(path: string): boolean {
  try {
    closeSync(openSync(path, 'r'));
    return false;
  } catch {
    return true;
  }
}

/** Node does not export the class of a handle. */
async function handlePrototype(): Promise<FileHandle> {
  const handle = await disk.open(tmpdir(), 'r');
  await handle.close();
  return Object.getPrototypeOf(handle) as FileHandle;
}

/** What may be on the disk after a power cut: the path of each file and its bytes. */
export type AfterCut = ReadonlyMap<string, Buffer>;

/**
 * What a disk may hold if the power fails after so many of the calls. A file system keeps the bytes that were synced. It
 * keeps the names that were synced, and may keep newer ones: so there are two answers, the old names and the new ones.
 */
export function afterPowerCut({ before, calls }: RecordedDisk, count: number): readonly AfterCut[] {
  const model = new DiskModel(before);
  for (const call of calls.slice(0, count)) model.play(call);
  return model.afterPowerCut();
}

/** The same after each of the calls, and before the first. */
export function afterAnyPowerCut(recorded: RecordedDisk): readonly AfterCut[] {
  return [...recorded.calls, null].flatMap((_, count) => afterPowerCut(recorded, count));
}

/** The same once all is done. */
export function afterLastPowerCut(recorded: RecordedDisk): readonly AfterCut[] {
  return afterPowerCut(recorded, recorded.calls.length);
}

interface Inode {
  live: Buffer;
  lasting: Buffer;
}

class DiskModel {
  readonly #live: Map<string, Inode>;
  readonly #lasting: Map<string, Inode>;
  /** Directories that were made, and whose names are not on the disk. */
  readonly #unnamed = new Set<string>();

  constructor(before: ReadonlyMap<string, Buffer>) {
    this.#live = new Map([...before].map(([path, bytes]) => [path, { live: bytes, lasting: bytes }]));
    this.#lasting = new Map(this.#live);
  }

  play(call: DiskCall): void {
    const { kind, path } = call;
    const inode = this.#live.get(path);
    if (kind === 'create') this.#live.set(path, { live: Buffer.alloc(0), lasting: Buffer.alloc(0) });
    if (kind === 'mkdir') this.#unnamed.add(path);
    if (kind === 'remove') this.#live.delete(path);
    if (kind === 'sync' && inode === undefined) this.#syncNames(path);
    if (inode === undefined) return;
    if (kind === 'sync') inode.lasting = inode.live;
    if (kind === 'write') inode.live = Buffer.concat([inode.live, call.bytes]);
    if (kind === 'truncate') inode.live = inode.live.subarray(0, call.size);
    if (kind !== 'rename') return;
    this.#live.delete(path);
    this.#live.set(call.to, inode);
  }

  afterPowerCut(): readonly AfterCut[] {
    const isNamed = (path: string) => ![...this.#unnamed].some((directory) => path.startsWith(`${directory}/`));
    return [[...this.#lasting].filter(([path]) => isNamed(path)), [...this.#live]].map(
      (names) => new Map(names.map(([path, inode]) => [path, inode.lasting])),
    );
  }

  #syncNames(directory: string): void {
    const isIn = (path: string) => dirname(path) === directory;
    for (const path of this.#unnamed) if (isIn(path)) this.#unnamed.delete(path);
    for (const path of this.#lasting.keys()) if (isIn(path)) this.#lasting.delete(path);
    for (const [path, inode] of this.#live) if (isIn(path)) this.#lasting.set(path, inode);
  }
}
