import { LEVEL } from '../domain/account/access-level.ts';
import type { AccessRow, AccountAccess, ActualState } from '../domain/account/actual-state.ts';
import type { Principal } from '../domain/account/principal.ts';
import { GIVEN_BACK_MOST } from '../domain/account/put-memory.ts';
import { isWritableType, type ResourceId, resourceKey } from '../domain/account/resource.ts';
import { isWithin, type ResourceNode, type ResourceTree } from '../domain/account/resource-tree.ts';
import { type Batch, batchesOf, endsAccountAdmin, isGain } from '../domain/plan/batch.ts';
import type { DesiredState } from '../domain/plan/desired-state.ts';
import type { Change, Deferred, Plan } from '../domain/plan/plan.ts';
import { compareChanges } from '../domain/plan/plan-order.ts';
import { writableSubjects } from './guard-input.ts';

/** A plan, what it was made from, and what is known of PUTs. */
export interface PutQuestion {
  readonly plan: Plan;
  readonly desired: DesiredState;
  readonly actual: ActualState;
  readonly rowsPerPut: number;
  /** The kinds of principals for which it is proven that a PUT takes nothing that it does not name. */
  readonly proven: ReadonlySet<Principal['kind']>;
}

/** The PUT that goes alone, and the rows of its access that it does not name. */
export interface Canary {
  readonly batch: Batch;
  readonly unnamed: readonly AccessRow[];
}

/** The first PUT of a batch, and what it leaves unnamed. */
interface FirstPut {
  readonly batch: Batch;
  /** Undefined if nobody knows the rows of the access. */
  readonly holder: AccountAccess | undefined;
  readonly isProtected: boolean;
  readonly changes: readonly Change[];
  readonly unnamed: readonly AccessRow[];
}

/**
 * The best access to try first: one PUT, whose unnamed rows grantd can give back. Null if none fits. `tried` are the accesses
 * that were tried in this run.
 */
export function nextCanary(question: PutQuestion, tried: ReadonlySet<number>): Canary | null {
  const firsts = firstPuts(question);
  // Account admin is taken away last, so such a PUT is tried only if nothing else can go before it.
  const isLastResort = firsts.every((one) => needsProof(one, question));
  const fitting = firsts.filter(
    (one) =>
      one.unnamed.length > 0 &&
      needsProof(one, question) &&
      !tried.has(one.batch.access) &&
      (isLastResort || !one.batch.changes.some(endsAccountAdmin)) &&
      canBeGivenBack(one, question.actual.tree),
  );
  const [best] = fitting
    .map((put) => ({ put, rank: rankOf(put, question) }))
    .sort((a, b) => a.rank - b.rank || a.put.unnamed.length - b.put.unnamed.length);
  return best ? { batch: { ...best.put.batch, changes: best.put.changes }, unnamed: best.put.unnamed } : null;
}

/**
 * The plan without the changes that must wait for a proof: those whose PUTs would leave rows unnamed. While a canary can go,
 * its kind of principal waits for nothing. They are deferred, never lost.
 */
export function deferUnprovenPuts(question: PutQuestion, tried: ReadonlySet<number>, mayTry: boolean): Plan {
  const { plan } = question;
  if (plan.verdict !== 'allowed') return plan;
  const kinds = mayTry ? provableKinds(question, tried) : new Set();
  const waiting = new Set<Change>();
  for (const one of firstPuts(question)) {
    if (kinds.has(one.batch.principal.kind) || !needsProof(one, question)) continue;
    // A first PUT that names every row needs no proof, even if others follow it.
    const free = new Set(one.unnamed.length === 0 && one.holder !== undefined ? one.changes : []);
    for (const change of one.batch.changes) if (!free.has(change)) waiting.add(change);
  }
  if (waiting.size === 0) return plan;
  const changes = plan.changes.filter((change) => !waiting.has(change));
  const left = plan.held.length > 0 ? 'held' : 'deferred';
  return {
    ...plan,
    changes,
    deferred: [...plan.deferred, ...Array.from(waiting, deferredPut)].sort((a, b) =>
      compareChanges(a.change, b.change),
    ),
    verdict: changes.length > 0 ? plan.verdict : left,
  };
}

/** The rows of an access that these changes do not name. */
export function unnamedRows(rows: readonly AccessRow[], changes: readonly Change[]): readonly AccessRow[] {
  const named = new Set(changes.map(({ resource }) => resourceKey(resource)));
  return rows.filter((row) => !named.has(resourceKey(row)));
}

/** Whether a row lies above or below what these changes set, be it more or less than before. */
export function isBesideSet(row: ResourceId, changes: readonly Change[], tree: ResourceTree): boolean {
  return isNearSet(row, changes, tree, (node, set) => isWithin(node, set) || isWithin(set, node));
}

/** Whether a row lies below what these changes set: the server may take it away as covered. */
function isBelowSet(row: ResourceId, changes: readonly Change[], tree: ResourceTree): boolean {
  return isNearSet(row, changes, tree, isWithin);
}

function isNearSet(
  row: ResourceId,
  changes: readonly Change[],
  tree: ResourceTree,
  isNear: (node: ResourceNode, set: ResourceNode) => boolean,
): boolean {
  const node = tree.find(row);
  return changes
    .filter(({ after }) => after > LEVEL.none)
    .some(({ resource }) => {
      const set = tree.find(resource);
      return node !== undefined && set !== undefined && isNear(node, set);
    });
}

/** Whether grantd can write this row as it is. */
export function isWritableAsItIs({ type, id, level }: AccessRow, tree: ResourceTree): boolean {
  const node = tree.find({ type, id });
  const isGrantable = level === LEVEL.viewer || level === LEVEL.admin;
  return isGrantable && isWritableType(type) && node?.shown === true && node.tokenLevel >= LEVEL.admin;
}

/** The kinds of principals of which some access can be the canary. */
function provableKinds(question: PutQuestion, tried: ReadonlySet<number>): ReadonlySet<Principal['kind']> {
  const kinds = new Set<Principal['kind']>();
  const proven = new Set(question.proven);
  for (;;) {
    const canary = nextCanary({ ...question, proven }, tried);
    if (canary === null) return kinds;
    const { kind } = canary.batch.principal;
    kinds.add(kind);
    proven.add(kind);
  }
}

function firstPuts({ plan, desired, actual, rowsPerPut }: PutQuestion): FirstPut[] {
  const subjects = writableSubjects(desired);
  const listed = new Map(actual.accesses.map((access) => [access.access, access]));
  const unproven = new Set(plan.unproven);
  return batchesOf(plan.changes).map((batch) => {
    const subject = subjects.get(batch.access);
    // A declared token may not be listed. Who is unlisted is no subject of the policy.
    const holder = subject?.access ?? listed.get(batch.access);
    const changes = batch.changes.slice(0, unproven.has(batch.access) ? 1 : rowsPerPut);
    const unnamed = unnamedRows(holder?.rows ?? [], changes);
    return { batch, holder, isProtected: subject?.isProtected ?? false, changes, unnamed };
  });
}

/** A second PUT would leave the rows of the first unnamed. */
function needsProof({ batch, holder, changes, unnamed }: FirstPut, { proven }: PutQuestion): boolean {
  if (proven.has(batch.principal.kind)) return false;
  return holder === undefined || unnamed.length > 0 || changes.length < batch.changes.length;
}

function canBeGivenBack({ changes, unnamed }: FirstPut, tree: ResourceTree): boolean {
  return (
    unnamed.length + changes.length <= GIVEN_BACK_MOST &&
    unnamed.every((row) => isWritableAsItIs(row, tree) && !mayGoUnseen(row, changes, tree))
  );
}

/** Below what is raised, a row may go as covered. A row of the account above it is worth more than the proof. */
function mayGoUnseen(row: AccessRow, changes: readonly Change[], tree: ResourceTree): boolean {
  return row.type === 'account' ? isBesideSet(row, changes, tree) : isBelowSet(row, changes, tree);
}

/** The lower, the better: what counts more has the higher bit. */
function rankOf({ batch, isProtected, changes, unnamed }: FirstPut, { plan, actual }: PutQuestion): number {
  const isAdmin = unnamed.some(({ type, level }) => type === 'account' && level >= LEVEL.admin);
  const marks = [
    // Nobody knows yet whose access it is.
    plan.unproven.includes(batch.access),
    changes.some(endsAccountAdmin),
    isProtected || isAdmin,
    // A row above what is raised says as much as any other, unless the server tidies rows up in a way that nobody knows of.
    unnamed.some((row) => isBesideSet(row, changes, actual.tree)),
    !changes.every(isGain),
  ];
  return marks.reduce((rank, isWorse) => rank * 2 + Number(isWorse), 0);
}

function deferredPut(change: Change): Deferred {
  return { change, reason: 'put-unproven', waitsFor: 'a proof that a PUT keeps the rows that it does not name' };
}
