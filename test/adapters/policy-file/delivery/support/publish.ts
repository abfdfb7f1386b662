import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** What a volume or a commit holds, by path. */
export type Files = Readonly<Record<string, string>>;

/** Brings a version of a ConfigMap or Secret: the steps of the kubelet's atomic writer, in its order. */
export function publishVolume(directory: string, files: Files, mode = 0o644): void {
  const data = join(directory, '..data');
  const old = existsSync(data) ? readlinkSync(data) : null;
  const now = new Date().toISOString().slice(0, 19).replace(/[-T:]/g, '_');
  const version = mkdtempSync(join(directory, `..${now}.`));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(version, name), text, { mode });
  symlinkSync(version.slice(directory.length + 1), join(directory, '..data_tmp'));
  renameSync(join(directory, '..data_tmp'), data);
  for (const name of Object.keys(files)) {
    const visible = join(directory, name);
    if (!lstatSync(visible, { throwIfNoEntry: false })) symlinkSync(`..data/${name}`, visible);
  }
  for (const name of readdirSync(directory)) {
    if (!name.startsWith('..') && !(name in files)) rmSync(join(directory, name));
  }
  if (old !== null) rmSync(join(directory, old), { recursive: true });
}

/** Brings a commit as git-sync does: a worktree named by it, and the link swapped. */
export function publishWorktree(root: string, commit: string, files: Files, old: 'removed' | 'kept' = 'removed'): void {
  const worktree = join('.worktrees', commit);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, worktree, name)), { recursive: true });
    writeFileSync(join(root, worktree, name), text);
  }
  const link = join(root, 'current');
  const before = lstatSync(link, { throwIfNoEntry: false }) ? readlinkSync(link) : null;
  symlinkSync(worktree, join(root, 'tmp-link'));
  renameSync(join(root, 'tmp-link'), link);
  if (before !== null && before !== worktree && old === 'removed') rmSync(join(root, before), { recursive: true });
}
