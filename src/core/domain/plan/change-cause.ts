/**
 * What brought a change about, as far as memory knows it. `drift`: someone else changed the rows. `newcomer`: the access was not
 * there at the last whole read. `date`: a begin or an end passed. `tree`: a name began or ceased to fit because the resources
 * changed. `policy`: its text changed, or nobody can know.
 */
export const CHANGE_CAUSES = ['policy', 'date', 'tree', 'newcomer', 'drift'] as const;
/** One of `CHANGE_CAUSES`. */
export type ChangeCause = (typeof CHANGE_CAUSES)[number];

/**
 * The causes that a limit counts together. Each pool has the same numbers, so that what others do to the account never holds up
 * what the policy asks for, and never hides it.
 */
export const LIMIT_POOLS = ['policy', 'newcomer', 'drift'] as const;
/** One of `LIMIT_POOLS`; `policy` is the ordinary one. */
export type LimitPool = (typeof LIMIT_POOLS)[number];

/** The pool of a cause. Without memory nobody knows the cause, and the ordinary pool counts. */
export function poolOf(cause: ChangeCause | undefined): LimitPool {
  return cause === 'newcomer' || cause === 'drift' ? cause : 'policy';
}
