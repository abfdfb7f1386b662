import { MAX_TEXT_BYTES } from '../document/check-text.ts';
import { GrantdError } from '../domain/error.ts';
import type { Instant } from '../domain/instant.ts';
import type { Revision } from '../domain/revision.ts';
import { commitOf } from './git-commit.ts';
import { readText, type TextSource } from './read-text.ts';
import { walkPath } from './walk-path.ts';

/** The text of a policy file at one moment, with the revision that it belongs to. */
export interface PolicyText {
  readonly text: string;
  readonly revision: Revision;
  readonly modifiedAt: Instant;
}

/** A link that is swapped while the file is read makes one more try necessary. */
const TRIES_MOST = 6;

/**
 * Reads the file through its path. Text and commit belong together: where the path leads somewhere else after reading than
 * before, it is read again. Throws `policy-unreadable`.
 */
export async function lookAtPolicy(path: string, shownPath: string): Promise<PolicyText> {
  const source = policyFile(path, shownPath);
  for (let tries = 1; tries <= TRIES_MOST; tries += 1) {
    const before = await walkPath(path);
    if (before.isSpecial) throw notAFile(shownPath);
    const { text, sha256, modifiedAt } = await readText(source);
    const after = await walkPath(path);
    if (before.way === after.way) {
      return { text, revision: { sha256, commit: commitOf(after.linkTargets) }, modifiedAt: modifiedAt ?? 0 };
    }
  }
  throw changesAllTheTime(shownPath);
}

function notAFile(shownPath: string): GrantdError {
  const what = `the policy file ${shownPath} is a pipe or a device`;
  return new GrantdError('policy-unreadable', what, 'name a regular file: this one is read again and again');
}

/** Of a file that no two looks find the same. */
export function changesAllTheTime(shownPath: string): GrantdError {
  return new GrantdError(
    'policy-unreadable',
    `the policy file ${shownPath} changes all the time`,
    'see what writes it, or swaps what its path leads through; it is read as soon as it stays the same',
  );
}

function policyFile(path: string, shownPath: string): TextSource {
  return {
    path,
    shownPath,
    noun: 'policy file',
    code: 'policy-unreadable',
    bytesMax: MAX_TEXT_BYTES,
    stdin: () => noInput(),
  };
}

async function* noInput(): AsyncIterable<Uint8Array> {}
