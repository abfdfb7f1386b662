import { MAX_TEXT_BYTES } from '../../core/document/check-text.ts';
import type { Revision } from '../../core/domain/policy/revision.ts';
import { GrantdError } from '../../core/domain/text/error.ts';
import type { Instant } from '../../core/domain/text/instant.ts';
import { readText, type TextSource } from './read-text.ts';
import { readWithCommit } from './read-with-commit.ts';

/** The text of a policy file at one moment, with the revision that it belongs to. */
export interface PolicyText {
  readonly text: string;
  readonly revision: Revision;
  readonly modifiedAt: Instant;
}

/** Reads the file through its path. Text and commit belong together. Throws `policy-unreadable`. */
export async function lookAtPolicy(path: string, shownPath: string): Promise<PolicyText> {
  const source = policyFile(path, shownPath);
  const found = await readWithCommit(path, ({ isSpecial }) => {
    if (isSpecial) throw notAFile(shownPath);
    return readText(source);
  });
  if (found === null) throw changesAllTheTime(shownPath);
  const { text, sha256, modifiedAt } = found.read;
  return { text, revision: { sha256, commit: found.commit }, modifiedAt: modifiedAt ?? 0 };
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
