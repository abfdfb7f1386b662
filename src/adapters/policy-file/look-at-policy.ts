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

/** Reads the file through its path. Text and commit belong to the same version. Throws `policy-unreadable`. */
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
  return new GrantdError(
    'policy-unreadable',
    what,
    'name a regular file; grantd reads the policy file again and again',
  );
}

/** The error for a file that keeps changing between reads. */
export function changesAllTheTime(shownPath: string): GrantdError {
  return new GrantdError(
    'policy-unreadable',
    `the policy file ${shownPath} keeps changing`,
    'check what writes it or replaces a link of its path; grantd reads it as soon as it stays unchanged',
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
