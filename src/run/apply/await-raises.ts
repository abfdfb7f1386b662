import type { AccessRow } from '../../core/domain/account/actual-state.ts';
import type { Batch } from '../../core/domain/plan/batch.ts';
import type { Change } from '../../core/domain/plan/plan.ts';
import type { AccountReader, Clock } from '../../core/domain/run/ports.ts';
import { GrantdError } from '../../core/domain/text/error.ts';
import type { Instant } from '../../core/domain/text/instant.ts';
import type { SkewWatch } from './skew-watch.ts';

/** How long to wait before each look at whether raises show. */
const LOOKS_AFTER_MS = [0, 1_000, 3_000];

/**
 * Looks until the account shows every one of these raises, a few spaced times. A 2xx proves nothing, and what comes next
 * relies on them. Null where they show, `not-shown` where they do not, and a sentence where nobody could look, or the
 * clocks were seen to have parted.
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
    // A sleep that is called off rejects with whatever called it off.
    if (abort.aborted) return { unread: 'the run was cut off' };
    throw error;
  }
}

/** A token's rows are read where only its own id leads to, so that they prove whose access was written. */
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
