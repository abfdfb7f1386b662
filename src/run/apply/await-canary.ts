import type { AccessRow } from '../../core/domain/account/actual-state.ts';
import type { Principal } from '../../core/domain/account/principal.ts';
import type { OpenCanary } from '../../core/domain/account/put-memory.ts';
import type { AccountReader, Clock } from '../../core/domain/run/ports.ts';
import { GrantdError } from '../../core/domain/text/error.ts';
import { type CanaryVerdict, judgeCanary } from '../../core/guard/judge-canary.ts';

/** How long to wait before each read of a canary's access. */
export const CANARY_LOOKS_AFTER_MS: readonly number[] = [0, 1_000, 3_000];

/**
 * Neither a stop, a newer policy nor the time limit of a run ends what follows a canary: else no one would know what the PUT
 * took, or give it back. Each request has a time limit of its own.
 */
export const UNSTOPPED = new AbortController().signal;

/** An account access as a read shows it. */
export interface SeenAccess {
  readonly principal: Principal;
  readonly rows: readonly AccessRow[];
}

/** What the reads after a canary show. */
export type CanarySighting =
  | (CanaryVerdict & { readonly seen: SeenAccess })
  /** The account does not list the access any more. */
  | { readonly kind: 'no-access' }
  | { readonly kind: 'unread' };

/** Reads the access of a canary a few times, until it shows the PUT's own change. Never ends early. */
export async function awaitCanary(
  canary: OpenCanary,
  { reader, clock }: { readonly reader: AccountReader; readonly clock: Clock },
): Promise<CanarySighting> {
  let sighting: CanarySighting = { kind: 'unread' };
  for (const waitMs of CANARY_LOOKS_AFTER_MS) {
    await clock.sleep(waitMs, UNSTOPPED);
    const seen = await readSeenAccess(canary, reader).catch(unread);
    if (seen === 'unread') {
      // An earlier read is too old to go by.
      sighting = { kind: 'unread' };
      continue;
    }
    if (seen === null) return { kind: 'no-access' };
    sighting = { ...judgeCanary(canary, seen.rows), seen };
    if (sighting.kind !== 'unseen') break;
  }
  return sighting;
}

/** The access as the list shows it now; null if it is not there. The rows of a token have a list of their own. */
export async function readSeenAccess(
  { access, tokenId }: Pick<OpenCanary, 'access' | 'tokenId'>,
  reader: AccountReader,
): Promise<SeenAccess | null> {
  if (tokenId === null) {
    const { value } = await reader.readAccesses(UNSTOPPED);
    return value.find((listed) => listed.access === access) ?? null;
  }
  const { value } = await reader.readApiTokens(UNSTOPPED);
  const token = value.find((listed) => listed.tokenId === tokenId);
  return token ? { principal: { kind: 'token', name: token.name, tokenId }, rows: token.rows } : null;
}

function unread(error: unknown): 'unread' {
  if (error instanceof GrantdError) return 'unread';
  throw error;
}
