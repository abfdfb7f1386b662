import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { workplace } from '../../support/workplace.ts';

/** As a branch may be called. */
export const EVIL_BRANCH = 'change/`touch>pwned`;$(touch>pwned)';

/** A repository with a policy on its default branch and a change of it, checked out as a forge does. */
export interface PolicyRepository {
  readonly directory: string;
  readonly base: string;
  readonly head: string;
  /** The merge of both, which is what actions/checkout gives. */
  readonly merge: string;
}

export type Tree = Readonly<Record<string, string | Buffer | { readonly link: string } | null>>;

/** The base branch holds `base`; the change writes `head` over it (null deletes) and goes off before `meanwhile`. */
export function makeRepository(base: Tree, head: Tree, meanwhile: Tree = {}): PolicyRepository {
  const directory = workplace();
  const git = gitIn(directory);
  git('init', '--quiet', '--initial-branch=main');
  lay(directory, base);
  commit(git, 'base');
  git('checkout', '--quiet', '-b', EVIL_BRANCH);
  lay(directory, head);
  commit(git, '`touch pwned` "; touch pwned; #');
  const headSha = git('rev-parse', 'HEAD');
  git('checkout', '--quiet', 'main');
  lay(directory, meanwhile);
  commit(git, 'meanwhile');
  const baseSha = git('rev-parse', 'HEAD');
  git('merge', '--quiet', '--no-ff', '-m', 'merge', headSha);
  const merge = git('rev-parse', 'HEAD');
  git('checkout', '--quiet', '--detach', merge);
  return { directory, base: baseSha, head: headSha, merge };
}

export function gitIn(directory: string): (...args: string[]) => string {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: directory,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'test',
    GIT_AUTHOR_EMAIL: 'test@example.com',
    GIT_COMMITTER_NAME: 'test',
    GIT_COMMITTER_EMAIL: 'test@example.com',
  };
  return (...args) => execFileSync('git', args, { cwd: directory, env, stdio: 'pipe' }).toString().trim();
}

function commit(git: (...args: string[]) => string, message: string): void {
  git('add', '--all');
  git('commit', '--quiet', '--allow-empty', '-m', message);
}

function lay(directory: string, tree: Tree): void {
  for (const [name, content] of Object.entries(tree)) {
    const path = join(directory, name);
    rmSync(path, { force: true, recursive: true });
    mkdirSync(dirname(path), { recursive: true });
    if (typeof content === 'string' || Buffer.isBuffer(content)) writeFileSync(path, content);
    else if (content !== null) symlinkSync(content.link, path);
  }
}
