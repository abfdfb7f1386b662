/** What is asked of the Kubernetes API, and what is taken from it, at most. */
export const LIMITS = {
  /** An object of 1 MiB, its text escaped, and what the API adds. */
  bodyBytesMax: 4 * 2 ** 20,
  /** As much of a refusal as is read. */
  refusalBytesMax: 16_384,
  /** As much of it as is told. */
  refusalCharactersMax: 300,
} as const;
