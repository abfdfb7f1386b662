import { LEVEL, levelName } from '../../core/domain/account/access-level.ts';
import type { AccessRow } from '../../core/domain/account/actual-state.ts';
import { GIVEN_BACK_MOST, type OpenCanary } from '../../core/domain/account/put-memory.ts';
import { resourceKey } from '../../core/domain/account/resource.ts';
import {
  buildResourceTree,
  isTreeFault,
  nodeLabel,
  type ResourceTree,
} from '../../core/domain/account/resource-tree.ts';
import type { Change } from '../../core/domain/plan/plan.ts';
import type { AccountReader } from '../../core/domain/run/ports.ts';
import { GrantdError } from '../../core/domain/text/error.ts';
import { isWritableAsItIs } from '../../core/guard/put-canary.ts';
import { CANARY_LOOKS_AFTER_MS, readSeenAccess, type SeenAccess, UNSTOPPED } from './await-canary.ts';
import { JournalWatch } from './journal-watch.ts';
import { SkewWatch } from './skew-watch.ts';
import type { ApplyPorts } from './write-batch.ts';
import { writeChanges } from './write-changes.ts';

/** Rows that a PUT took, and whether their holder has them again. */
export interface GivenBack {
  readonly seen: SeenAccess;
  readonly labels: readonly string[];
  /** Null if a read shows all of them again; otherwise why not. */
  readonly failure: string | null;
}

/** The tree as it is now. Throws `GrantdError` if it cannot be read. */
export async function readTreeNow(account: number, reader: AccountReader): Promise<ResourceTree> {
  const tree = buildResourceTree(account, (await reader.readResources(UNSTOPPED)).value);
  if (!isTreeFault(tree)) return tree;
  throw new GrantdError('api-malformed', 'the tree of resources cannot be right', 'the next run tries again');
}

/**
 * Gives the unnamed rows of a canary back in one PUT. That PUT names every other row of the access too, since it would take
 * those otherwise. Then it reads until they show.
 */
export async function giveBack(
  canary: OpenCanary,
  seen: SeenAccess,
  tree: ResourceTree,
  ports: ApplyPorts,
): Promise<GivenBack> {
  const labels = canary.unnamed.map((row) => `${labelOf(row, tree)} ${levelName(row.level)}`);
  const rows = [...canary.unnamed, ...seen.rows.filter((row) => isWritableAsItIs(row, tree))];
  if (rows.length > GIVEN_BACK_MOST) {
    return { seen, labels, failure: `they have more than ${GIVEN_BACK_MOST} rows by now, and one PUT must name all` };
  }
  const outcome = await writeChanges(ports, {
    plan: { account: tree.root.id, digest: canary.planDigest, approved: [] },
    runId: canary.runId,
    revision: null,
    access: canary.access,
    changes: rows.map((row) => changeTo(row, canary.access, seen, tree)),
    journalWatch: new JournalWatch(),
    skewWatch: new SkewWatch(ports.clock),
    abort: UNSTOPPED,
  });
  if (outcome.sent === 'not-tried') return { seen, labels, failure: outcome.reason };
  if (await shows(canary, ports)) return { seen, labels, failure: null };
  return { seen, labels, failure: outcome.reason ?? 'Mailtrap accepted them, but they do not show' };
}

async function shows(canary: OpenCanary, { reader, clock }: ApplyPorts): Promise<boolean> {
  for (const waitMs of CANARY_LOOKS_AFTER_MS) {
    await clock.sleep(waitMs, UNSTOPPED);
    const seen = await readSeenAccess(canary, reader).catch(unread);
    const levels = new Map(seen?.rows.map((row) => [resourceKey(row), row.level]));
    if (canary.unnamed.every((row) => levels.get(resourceKey(row)) === row.level)) return true;
  }
  return false;
}

function unread(error: unknown): null {
  if (error instanceof GrantdError) return null;
  throw error;
}

function changeTo(row: AccessRow, access: number, { principal, rows }: SeenAccess, tree: ResourceTree): Change {
  const { type, id, level } = row;
  const before = rows.includes(row) ? level : LEVEL.none;
  const kind = before === LEVEL.none ? 'create' : 'raise';
  const resource = { type, id, label: labelOf(row, tree) };
  return { kind, principal, access, resource, before, after: level, why: [] };
}

/** The label of a resource; its type and id if the tree does not show it. */
export function labelOf(row: AccessRow, tree: ResourceTree): string {
  const node = tree.find(row);
  return node ? nodeLabel(node) : resourceKey(row);
}
