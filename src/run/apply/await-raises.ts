import type { AccessRow } from '../../core/domain/account/actual-state.ts';
import type { Batch } from '../../core/domain/plan/batch.ts';
import type { Change } from '../../core/domain/plan/plan.ts';
import type { AccountReader, Clock } from '../../core/domain/run/ports.ts';
import { GrantdError } from '../../core/domain/text/error.ts';
import type { Instant } from '../../core/domain/text/instant.ts';
import type { SkewWatch } from './skew-watch.ts';

/** How long to wait before each read. */
const LOOKS_AFTER_MS = [0, 1_000, 3_000];

/**
 * Reads the account a few times, until it shows every one of these raises: a 2xx proves nothing, and the next changes rely on
 * them. Null if they show, `not-shown` if they do not, and a sentence if the read failed or the clocks differ.
 */
export async function awaitRaises(
  batch: Batch,
  raises: readonly Change[],
  ports: { readonly reader: AccountReader; readonly clock: Clock },
  { skewWatch, abort }: { readonly skewWatch: SkewWatch; readonly abort: AbortSignal },
): Promise<null | 'not-shown' | { readonly unread: string }> {
  try {
    for (const waitMs of LOOKS_AFTER_MS) {
      await ports.clock.sleep(waitMs, abort);
      const { rows, serverTime } = await readRows(batch, ports.reader, abort);
      skewWatch.saw(serverTime);
      if (skewWatch.obstacle !== null) return { unread: skewWatch.obstacle };
      if (raises.every((raise) => isShown(raise, rows))) return null;
    }
    return 'not-shown';
  } catch (error) {
    if (error instanceof GrantdError) return { unread: error.message };
    // An aborted sleep rejects with the reason of the abort.
    if (abort.aborted) return { unread: 'the run was cut off' };
    throw error;
  }
}

/** Reads the rows of a token by its own id, so that they prove whose access was written. */
async function readRows(
  batch: Batch,
  reader: AccountReader,
  signal: AbortSignal,
): Promise<{ readonly rows: readonly AccessRow[]; readonly serverTime: Instant | null }> {
  const { access, principal } = batch;
  if (principal.kind === 'token') {
    const { value, serverTime } = await reader.readApiTokens(signal);
    return { rows: value.find((token) => token.tokenId === principal.tokenId)?.rows ?? [], serverTime };
  }
  const { value, serverTime } = await reader.readAccesses(signal);
  return { rows: value.find((listed) => listed.access === access)?.rows ?? [], serverTime };
}

function isShown({ resource, after }: Change, rows: readonly AccessRow[]): boolean {
  return rows.some((row) => row.type === resource.type && row.id === resource.id && row.level === after);
}
