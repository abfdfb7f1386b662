import { type Batch, isGain } from '../domain/batch.ts';
import { GrantdError } from '../domain/error.ts';
import type { Change, Plan } from '../domain/plan.ts';
import type { AccountReader, Clock } from '../domain/ports.ts';

/** How long to wait before each look at whether a token's first raise shows. */
const LOOKS_AFTER_MS = [0, 1_000, 3_000];

/** What an unproven token without a raise is told: only a raise can prove the pair, and only a pair that is proved is lowered. */
export const UNPROVEN_WITHOUT_RAISE =
  'nothing proves that the access and the token id belong together, and only a raise could show it';

/**
 * After the first PUT of a token whose pair of ids is unproven: reads the list of API tokens until the raise shows there.
 * Null where it shows or nothing is to be proved; else why nothing more may be written for this token.
 */
export async function proveToken(
  batch: Batch,
  written: readonly Change[],
  ports: { readonly reader: AccountReader; readonly clock: Clock },
  request: { readonly plan: Plan; readonly abort: AbortSignal },
): Promise<string | null> {
  const [first] = written;
  if (!first || !request.plan.unproven.includes(batch.access) || batch.changes[0] !== first) return null;
  try {
    for (const waitMs of LOOKS_AFTER_MS) {
      await ports.clock.sleep(waitMs, request.abort);
      if (await isShown(first, ports.reader, request.abort)) return null;
    }
  } catch (error) {
    if (error instanceof GrantdError) return `the list of API tokens could not be read: ${error.message}`;
    throw error;
  }
  return `the raise of one row did not show on this token, so access ${batch.access} may be somebody else's: correct \`tokens\` and check that access`;
}

/** Whether nothing may be sent at all: an unproven token whose changes hold no raise. */
export function lacksProof(batch: Batch, plan: Plan): boolean {
  const [first] = batch.changes;
  return plan.unproven.includes(batch.access) && (first === undefined || !isGain(first));
}

async function isShown(change: Change, reader: AccountReader, signal: AbortSignal): Promise<boolean> {
  const { principal, resource, after } = change;
  if (principal.kind !== 'token') return false;
  const { value } = await reader.readApiTokens(signal);
  const token = value.find((candidate) => candidate.tokenId === principal.tokenId);
  const row = token?.rows.find((candidate) => candidate.type === resource.type && candidate.id === resource.id);
  return row?.level === after;
}
