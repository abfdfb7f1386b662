import { MAX_TEXT_BYTES } from '../../core/document/check-text.ts';
import type { PolicyTexts } from '../../core/document/source-text.ts';
import type { Revision } from '../../core/domain/policy/revision.ts';
import { GrantdError } from '../../core/domain/text/error.ts';
import type { Instant } from '../../core/domain/text/instant.ts';
import { withIncluded } from './read-included.ts';
import { readText, type TextSource } from './read-text.ts';
import { readWithCommit } from './read-with-commit.ts';

/** The text of a policy file at one moment, with the revision that it belongs to. */
export interface PolicyText {
  readonly source: PolicyTexts;
  readonly revision: Revision;
  readonly modifiedAt: Instant;
  /** Where the included files are, or should be. */
  readonly places: readonly string[];
}

/**
 * Reads the file through its path, and the files that it includes. Texts and commit belong to the same version. Throws
 * `policy-unreadable` if the root file cannot be read.
 */
export async function lookAtPolicy(path: string, shownPath: string): Promise<PolicyText> {
  const found = await readWithCommit(path, async ({ isSpecial, realPath }) => {
    if (isSpecial) throw notAFile(shownPath);
    const root = await readText(policyFile(path, shownPath));
    return withIncluded(root, shownPath, realPath, (real, shown) => readText(policyFile(real, shown)));
  });
  if (found === null) throw changesAllTheTime(shownPath);
  const { sha256, ...read } = found.read;
  return { ...read, revision: { sha256, commit: found.commit } };
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
