import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { commitOfText } from './policy-text.ts';
import { publishVolume, publishWorktree } from './publish.ts';

/** One way in which a policy file comes to stand where grantd reads it. Everything happens below one directory. */
export interface Delivery {
  readonly name: string;
  /** Where grantd reads, relative to the directory. */
  readonly policyPath: string;
  /** Whether the file is there when grantd starts. */
  readonly isThereAtFirst: boolean;
  /** Whether the path leads through the commit. */
  readonly hasCommit: boolean;
  /** Brings the first text, or none. */
  prepare(directory: string, text: string): void;
  /** Brings another text. */
  update(directory: string, text: string): void | Promise<void>;
}

/** Long enough for grantd to see that there is nothing, though no test relies on it. */
const ABSENT_MS = 250;
const BETWEEN_CHUNKS_MS = 30;
const CHUNKS = 4;

export const DELIVERIES: readonly Delivery[] = [
  plain('saved in place', (path, text) => writeFileSync(path, text)),
  plain('saved by an editor that renames', (path, text) => {
    writeFileSync(`${path}.tmp`, text);
    renameSync(`${path}.tmp`, path);
  }),
  plain('saved by vim with a backup', (path, text) => {
    renameSync(path, `${path}~`);
    writeFileSync(path, text);
    unlinkSync(`${path}~`);
  }),
  plain('deleted and made anew', (path, text) => {
    unlinkSync(path);
    writeFileSync(path, text);
  }),
  plain('written in pieces', writeInPieces),
  {
    name: 'a directory swapped by renaming',
    policyPath: 'policies/policy.yaml',
    isThereAtFirst: true,
    hasCommit: false,
    prepare: (directory, text) => writeAt(join(directory, 'policies/policy.yaml'), text),
    update: (directory, text) => {
      writeAt(join(directory, 'policies.new/policy.yaml'), text);
      renameSync(join(directory, 'policies'), join(directory, 'policies.old'));
      renameSync(join(directory, 'policies.new'), join(directory, 'policies'));
      rmSync(join(directory, 'policies.old'), { recursive: true });
    },
  },
  {
    name: 'a ConfigMap or Secret',
    policyPath: 'policy.yaml',
    isThereAtFirst: true,
    hasCommit: false,
    prepare: publishConfigMap,
    update: publishConfigMap,
  },
  gitSync('git-sync, the old worktree removed at once', (root, text) => publishPolicy(root, text, 'removed')),
  gitSync('git-sync, the old worktree kept', (root, text) => publishPolicy(root, text, 'kept')),
  gitSync('git-sync, its root emptied and published again', async (root, text) => {
    for (const name of readdirSync(root)) rmSync(join(root, name), { recursive: true });
    await sleep(ABSENT_MS);
    publishPolicy(root, text, 'removed');
  }),
  gitSync('git-sync, its root removed and published again at once', (root, text) => {
    rmSync(root, { recursive: true });
    publishPolicy(root, text, 'removed');
  }),
  {
    ...gitSync('git-sync that starts late', async (root, text) => {
      rmSync(root, { recursive: true, force: true });
      await sleep(ABSENT_MS);
      publishPolicy(root, text, 'removed');
    }),
    isThereAtFirst: false,
    prepare: () => {},
  },
  {
    ...plain('absent, then there', async (path, text) => {
      rmSync(path, { force: true });
      await sleep(ABSENT_MS);
      writeFileSync(path, text);
    }),
    isThereAtFirst: false,
    prepare: () => {},
  },
  {
    name: 'absent with its directories, then there',
    policyPath: 'a/b/policy.yaml',
    isThereAtFirst: false,
    hasCommit: false,
    prepare: () => {},
    update: async (directory, text) => {
      rmSync(join(directory, 'a'), { recursive: true, force: true });
      await sleep(ABSENT_MS);
      writeAt(join(directory, 'a/b/policy.yaml'), text);
    },
  },
];

export function deliveryOf(name: string): Delivery {
  const delivery = DELIVERIES.find((candidate) => candidate.name === name);
  if (!delivery) throw new Error(`no delivery ${name}`);
  return delivery;
}

function plain(name: string, write: (path: string, text: string) => void | Promise<void>): Delivery {
  return {
    name,
    policyPath: 'policy.yaml',
    isThereAtFirst: true,
    hasCommit: false,
    prepare: (directory, text) => writeAt(join(directory, 'policy.yaml'), text),
    update: (directory, text) => write(join(directory, 'policy.yaml'), text),
  };
}

function gitSync(name: string, update: (root: string, text: string) => void | Promise<void>): Delivery {
  return {
    name,
    policyPath: 'git/current/policies/policy.yaml',
    isThereAtFirst: true,
    hasCommit: true,
    prepare: (directory, text) => publishPolicy(join(directory, 'git'), text, 'removed'),
    update: (directory, text) => update(join(directory, 'git'), text),
  };
}

function writeAt(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** As a slow writer does it that truncates first. */
async function writeInPieces(path: string, text: string): Promise<void> {
  const file = openSync(path, 'r+');
  ftruncateSync(file, 0);
  const size = Math.ceil(text.length / CHUNKS);
  for (let start = 0; start < text.length; start += size) {
    await sleep(BETWEEN_CHUNKS_MS);
    writeSync(file, text.slice(start, start + size));
  }
  closeSync(file);
}

function publishConfigMap(directory: string, text: string): void {
  publishVolume(directory, { 'policy.yaml': text });
}

function publishPolicy(root: string, text: string, old: 'removed' | 'kept'): void {
  publishWorktree(root, commitOfText(text), { 'policies/policy.yaml': text }, old);
}
