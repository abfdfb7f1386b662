/** A signal that never aborts: reads are ended by Ctrl-C with the process itself, since nothing is left half done. */
export const NEVER: AbortSignal = new AbortController().signal;
