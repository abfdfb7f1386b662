/**
 * A version of the policy text: the SHA-256 of its bytes in hex, and the git commit if the path shows it (git-sync). Where the text
 * includes files, the SHA-256 covers the path and the content of each.
 */
export interface Revision {
  readonly sha256: string;
  readonly commit: string | null;
}

/** The revision for people: the shortened commit if known, otherwise the shortened hash. */
export function revisionText({ sha256, commit }: Revision): string {
  return commit === null ? `sha256:${sha256.slice(0, 12)}` : `git:${commit.slice(0, 12)}`;
}
