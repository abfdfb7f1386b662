import { LEVEL } from '../../../src/core/domain/account/access-level.ts';
import type { AccountWrite } from '../../../src/simulator/account-write.ts';
import type { DaemonProcess } from '../../../test/daemon/support/daemon-process.ts';
import { toWire } from '../../../test/support/wire-types.ts';

const ACTS_BETWEEN = 4;
const TIMES = 4;

/** How often somebody undoes the newest write after an act. By the seed, so that all else stays as it was drawn. */
export function undoneAfter(seed: number, act: number): number {
  return (seed + act) % ACTS_BETWEEN === 0 ? TIMES : 0;
}

/** What undoes the newest write that a process saw in place. Null if there is none, or if nobody can write the level before. */
export function undoOfNewest({ events }: DaemonProcess): AccountWrite | null {
  const [newest] = events.flatMap((event) => (event.kind === 'change.applied' ? [event.change] : [])).slice(-1);
  if (newest === undefined) return null;
  const { access: who, resource, before: level } = newest;
  const row = { who, type: toWire(resource.type), id: resource.id };
  if (level === LEVEL.none) return { act: 'remove-row', ...row };
  return level === LEVEL.viewer || level === LEVEL.admin ? { act: 'set-row', ...row, level } : null;
}
