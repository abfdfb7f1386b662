/** Which text of the policy: always the hash of its bytes in hex, and the git commit where the path says it (git-sync). */
export interface Revision {
  readonly sha256: string;
  readonly commit: string | null;
}

/** The commit where it is known, else the hash, both shortened: for people. */
export function revisionText({ sha256, commit }: Revision): string {
  return commit === null ? `sha256:${sha256.slice(0, 12)}` : `git:${commit.slice(0, 12)}`;
}
