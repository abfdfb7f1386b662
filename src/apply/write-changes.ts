import { LEVEL } from '../domain/access-level.ts';
import { GrantdError } from '../domain/error.ts';
import type { Change } from '../domain/plan.ts';
import type { AccountWriter, RowWrite } from '../domain/ports.ts';

/** One bulk PUT. A failure is returned, not thrown: it concerns one principal. Anything that is no `GrantdError` is a bug and flies on. */
export async function writeChanges(
  writer: AccountWriter,
  access: number,
  changes: readonly Change[],
  signal: AbortSignal,
): Promise<GrantdError | null> {
  try {
    await writer.writeRows(access, changes.map(toRowWrite), signal);
    return null;
  } catch (error) {
    if (error instanceof GrantdError) return error;
    throw error;
  }
}

function toRowWrite({ resource, after }: Change): RowWrite {
  const level = after === LEVEL.none ? null : after === LEVEL.admin ? 'admin' : 'viewer';
  return { resource: { type: resource.type, id: resource.id }, level };
}
