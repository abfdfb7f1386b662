import { type AccessLevel, givenBy, LEVEL } from '../domain/account/access-level.ts';
import type { ActualState } from '../domain/account/actual-state.ts';
import { effectiveLevel } from '../domain/account/effective-access.ts';
import { comparePrincipals, holderKey, type Principal, principalText } from '../domain/account/principal.ts';
import { type ResourceId, resourceKey } from '../domain/account/resource.ts';
import type { ResourceTree } from '../domain/account/resource-tree.ts';
import { rowsByNode } from '../domain/account/rows-by-node.ts';
import type {
  AccountChanges,
  AuditedWrite,
  HolderShift,
  LevelShift,
  Presence,
  ResourceShift,
  RowShift,
} from '../domain/answer/account-changes.ts';
import { type PlanResource, planResource, unseenResource } from '../domain/plan/plan-resource.ts';
import type { Instant } from '../domain/text/instant.ts';
import { compareText } from '../domain/text/text.ts';
import { type Holder, type HolderPair, holdersOf, pairHolders } from './pair-holders.ts';
import { compareRisks, riskOf } from './risk.ts';

/** An account, and when it was read. */
export interface AccountAt {
  readonly actual: ActualState;
  readonly takenAt: Instant;
}

/**
 * What changed in an account between two moments: rows, people, tokens and resources. `writes` are those of grantd in between, or
 * null if nobody knows them. A row counts as written by grantd if the last of these left it at the level that it has.
 */
export function compareSnapshots(
  before: AccountAt,
  after: AccountAt,
  writes: readonly AuditedWrite[] | null,
): AccountChanges {
  const [was, is] = [before.actual.apiTokens, after.actual.apiTokens];
  const tokens = was === null || is === null ? { before: [], after: [] } : { before: was, after: is };
  const pairs = pairHolders(
    holdersOf(before.actual.accesses, tokens.before),
    holdersOf(after.actual.accesses, tokens.after),
  );
  const lastWrites = new Map((writes ?? []).map((write) => [writeKey(write, write.resource), write]));
  const trees = { before: before.actual.tree, after: after.actual.tree };
  return {
    account: after.actual.account,
    from: before.takenAt,
    to: after.takenAt,
    hasLog: writes !== null,
    rows: pairs.flatMap((pair) => rowShifts(pair, trees, lastWrites)).sort(compareShifts),
    holders: holderShifts(pairs),
    resources: resourceShifts(trees),
  };
}

interface TwoTrees {
  readonly before: ResourceTree;
  readonly after: ResourceTree;
}

function rowShifts(
  { before, after, known }: HolderPair,
  trees: TwoTrees,
  writes: ReadonlyMap<string, AuditedWrite>,
): readonly RowShift[] {
  const [had, has] = [levelsOf(before), levelsOf(after)];
  const reached = { before: reachOf(before, trees.before), after: reachOf(after, trees.after) };
  return [...new Map([...had.resources, ...has.resources]).entries()].flatMap(([key, id]): readonly RowShift[] => {
    const row = { before: had.level(key), after: has.level(key) };
    if (row.before === row.after) return [];
    const reach = { before: reached.before(id, row.before), after: reached.after(id, row.after) };
    const write = writes.get(writeKey(known, id));
    return [
      {
        risk: riskOfShift(id, reach),
        principal: known.principal,
        access: known.access,
        presence: presenceOf(before, after),
        resource: shownResource(id, trees),
        resourcePresence: presenceIn(id, trees),
        row,
        reach,
        writtenBy: write !== undefined && write.after === row.after ? { runId: write.runId, at: write.at } : null,
      },
    ];
  });
}

function riskOfShift({ type }: ResourceId, { before, after }: LevelShift): RowShift['risk'] {
  const [had, has] = [givenBy(before), givenBy(after)];
  return had === has ? null : riskOf(type === 'account' || type === 'organization', had, has);
}

/** The rows of a holder by the key of their resource: of several on one, the highest. */
function levelsOf(holder: Holder | null) {
  const resources = new Map<string, ResourceId>();
  const levels = new Map<string, AccessLevel>();
  for (const { type, id, level } of holder?.rows ?? []) {
    const key = resourceKey({ type, id });
    resources.set(key, { type, id });
    levels.set(key, Math.max(level, levels.get(key) ?? level));
  }
  return { resources, level: (key: string): AccessLevel => levels.get(key) ?? LEVEL.none };
}

/** Returns a function that finds what a holder has on a resource by all rows. Where the tree does not show it, its row decides. */
function reachOf(holder: Holder | null, tree: ResourceTree): (id: ResourceId, row: AccessLevel) => AccessLevel {
  const rows = rowsByNode(holder?.rows ?? [], tree);
  return (id, row) => {
    const node = tree.find(id);
    return node === undefined ? row : effectiveLevel(rows, node);
  };
}

/** What identifies a row in the audit log and in a snapshot. */
function writeKey({ principal, access }: Pick<Holder, 'principal' | 'access'>, id: ResourceId): string {
  return `${holderKey(principal, access)} ${resourceKey(id)}`;
}

function presenceOf(before: unknown, after: unknown): Presence {
  if (before === null) return 'came';
  return after === null ? 'left' : 'both';
}

function presenceIn(id: ResourceId, { before, after }: TwoTrees): Presence {
  const [was, is] = [before.find(id) !== undefined, after.find(id) !== undefined];
  return was === is ? 'both' : is ? 'came' : 'left';
}

function shownResource(id: ResourceId, { before, after }: TwoTrees): PlanResource {
  const node = after.find(id) ?? before.find(id);
  return node === undefined ? unseenResource(id) : planResource(node);
}

function compareShifts(a: RowShift, b: RowShift): number {
  return (
    compareRisks(a.risk, b.risk) ||
    comparePrincipals(a.principal, b.principal) ||
    compareText(a.resource.label, b.resource.label)
  );
}

function holderShifts(pairs: readonly HolderPair[]): readonly HolderShift[] {
  return pairs
    .map(({ before, after }) => ({ before: before?.principal ?? null, after: after?.principal ?? null }))
    .filter(({ before, after }) => textOf(before) !== textOf(after))
    .sort((a, b) => comparePrincipals(anyOf(a), anyOf(b)));
}

function textOf(principal: Principal | null): string | null {
  return principal && principalText(principal);
}

function anyOf({ before, after }: HolderShift): Principal {
  return (after ?? before) as Principal;
}

function resourceShifts({ before, after }: TwoTrees): readonly ResourceShift[] {
  const ids = new Map<string, ResourceId>();
  for (const { nodes } of [before, after])
    for (const { type, id } of nodes) ids.set(resourceKey({ type, id }), { type, id });
  const shown = (tree: ResourceTree, id: ResourceId) => {
    const node = tree.find(id);
    return node === undefined ? null : planResource(node);
  };
  return [...ids.values()]
    .map((id) => ({ before: shown(before, id), after: shown(after, id) }))
    .filter((one) => one.before?.label !== one.after?.label)
    .sort((a, b) => compareText(labelOf(a), labelOf(b)));
}

function labelOf({ before, after }: ResourceShift): string {
  return ((after ?? before) as PlanResource).label;
}
