import { rowsAfter } from '../core/domain/account/account-after.ts';
import type { AccountAccess } from '../core/domain/account/actual-state.ts';
import {
  type AccessMemory,
  emailHash,
  emailHashOf,
  firstRemembered,
  isAccountAdmin,
  isKnownAsNew,
  REMEMBERED_MOST,
  type RememberedAccess,
  type RememberedAccesses,
  rowsHash,
  SETTLED_BY_MOST,
  type SettledBy,
} from '../core/domain/account/remembered-access.ts';
import { requestedChanges } from '../core/domain/plan/change-key.ts';
import type { Change } from '../core/domain/plan/plan.ts';
import type { Restraints } from '../core/domain/plan/restraints.ts';
import type { ResolvedPolicy } from '../core/domain/policy/entitlement.ts';
import type { Revision } from '../core/domain/policy/revision.ts';
import type { AccountRead, RunResult } from '../core/domain/run/run-result.ts';
import { nextBoundary } from './deadlines.ts';

/** What a run read, and the text that it followed. */
export interface ReadingRun {
  /** The first and the last of its whole reads by a right clock: none, one or two. */
  readonly reads: readonly AccountRead[];
  readonly result: RunResult;
  readonly resolved: ResolvedPolicy;
  readonly revision: Revision;
}

/** A run with its first and its last whole read. */
interface ReadRun extends ReadingRun {
  readonly first: AccountRead;
  readonly last: AccountRead;
}

/**
 * What to remember of the accesses after a run. An access on which nothing is left to change settled by this text at this moment.
 * Any other one stays as it is remembered, but for what grantd itself wrote; one that was never seen, or not since grantd wrote
 * it, is remembered as not settled: if it was not there at an earlier whole read, as a newcomer.
 */
export function accessesAfter(before: AccessMemory, reading: ReadingRun): AccessMemory {
  const [first] = reading.reads;
  const last = reading.reads.at(-1);
  if (first === undefined || last === undefined) return before;
  const run: ReadRun = { ...reading, first, last };
  const accesses = run.last.accesses();
  const isMissed = missedAddresses(run);
  const settledBy = momentOf(before.remembered, run);
  const left = new Set(requestedChanges(run.last.plan).map(({ access }) => access));
  const applied = appliedOf(run.result);
  const unseen = unseenOf(run.result);
  const firstAccesses = run.first.accesses();
  const found = [...accesses.values()].map((access): RememberedAccess => {
    const known = before.remembered.get(access.access);
    if (!left.has(access.access)) return { ...asItIs(access, known, isMissed), settledBy };
    if (known !== undefined && unseen.has(access.access)) return unsettled(known);
    return known === undefined
      ? { ...asItIs(access, known, isMissed), ...(isKnownAsNew(before, access) && { isNewcomer: true }) }
      : asWritten(known, access, firstAccesses.get(access.access), applied.get(access.access) ?? []);
  });
  const gone = [...before.remembered.values()].filter((known) => !accesses.has(known.access) && isMissed(known));
  return bounded([...found, ...gone], isMissed);
}

/** A person whose address the policy names and nobody has any more keeps that address: they may have another one now. */
function asItIs(
  access: AccountAccess,
  known: RememberedAccess | undefined,
  isMissed: (known: RememberedAccess) => boolean,
): RememberedAccess {
  return {
    access: access.access,
    emailHash: known !== undefined && isMissed(known) ? known.emailHash : emailHashOf(access),
    rowsHash: rowsHash(access.rows),
    wasAccountAdmin: isAccountAdmin(access.rows),
  };
}

/** As remembered. If nobody else changed its rows since, and a part of its changes is in place, it is as grantd wrote it. */
function asWritten(
  known: RememberedAccess,
  access: AccountAccess,
  first: AccountAccess | undefined,
  applied: readonly Change[],
): RememberedAccess {
  if (first === undefined || applied.length === 0 || rowsHash(first.rows) !== known.rowsHash) return known;
  const written = rowsHash(rowsAfter(first.rows, applied));
  if (rowsHash(access.rows) !== written) return known;
  return { ...known, rowsHash: written, wasAccountAdmin: isAccountAdmin(access.rows) };
}

/** What grantd wrote and could not read since must not pass for drift later: such an access counts as policy until it settles. */
function unsettled({ settledBy: _, ...known }: RememberedAccess): RememberedAccess {
  return known;
}

/** The accesses that grantd may have written, and that no read has shown since. */
function unseenOf(result: RunResult): ReadonlySet<number> {
  const outcomes = result.kind === 'written' ? result.outcomes : [];
  return new Set(
    outcomes.flatMap(({ change, sent, found }) => (sent !== 'not-tried' && found === null ? [change.access] : [])),
  );
}

function appliedOf(result: RunResult): ReadonlyMap<number, readonly Change[]> {
  const applied = new Map<number, Change[]>();
  for (const { change, outcome } of result.kind === 'written' ? result.outcomes : []) {
    if (outcome !== 'applied') continue;
    const changes = applied.get(change.access);
    if (changes) changes.push(change);
    else applied.set(change.access, [change]);
  }
  return applied;
}

/** Whether an access is remembered under an address that the policy protects or grants something, and that nobody has now. */
function missedAddresses({ resolved, last }: ReadRun): (known: RememberedAccess) => boolean {
  const names = [...resolved.policy.protected, ...last.plan.absent.map(({ name }) => name)];
  const missed = new Set(names.flatMap((name) => ('email' in name ? [emailHash(name.email)] : [])));
  if (missed.size > 0) for (const access of last.accesses().values()) missed.delete(emailHashOf(access) ?? '');
  return (known) => known.emailHash !== null && missed.has(known.emailHash);
}

/**
 * The present text and moment. As long as no date of the text lies between, an earlier moment is the same: what is remembered then
 * does not differ from run to run.
 */
function momentOf(before: RememberedAccesses, { resolved, revision: { sha256 }, last }: ReadRun): SettledBy {
  const at = last.plan.now;
  for (const { settledBy } of before.values()) {
    if (settledBy?.sha256 !== sha256) continue;
    const boundary = nextBoundary(resolved, Math.min(settledBy.at, at));
    if (boundary === null || boundary > Math.max(settledBy.at, at)) return settledBy;
  }
  return { sha256, at };
}

/** Those under a missed address come first, then by id: the last ones are left out where there are too many. */
function bounded(all: readonly RememberedAccess[], isMissed: (known: RememberedAccess) => boolean): AccessMemory {
  const rank = (known: RememberedAccess) => (isMissed(known) ? 0 : 1);
  const sorted = [...all].sort((a, b) => rank(a) - rank(b) || a.access - b.access);
  const moments = newestMoments(sorted);
  const remembered = new Map(sorted.map((known) => [known.access, withKnownMoment(known, moments)]));
  return firstRemembered({ remembered, remembersAll: true }, REMEMBERED_MOST);
}

function newestMoments(all: readonly RememberedAccess[]): ReadonlySet<string> {
  const moments = new Map(all.flatMap(({ settledBy }) => (settledBy ? [[momentKey(settledBy), settledBy.at]] : [])));
  return new Set(
    [...moments]
      .sort(([, a], [, b]) => b - a)
      .map(([key]) => key)
      .slice(0, SETTLED_BY_MOST),
  );
}

function withKnownMoment(known: RememberedAccess, moments: ReadonlySet<string>): RememberedAccess {
  const { settledBy, ...rest } = known;
  return settledBy === undefined || moments.has(momentKey(settledBy)) ? known : rest;
}

function momentKey({ sha256, at }: SettledBy): string {
  return `${sha256} ${at}`;
}

/** How many texts of the policy are kept at hand: the present one, and the newest before it by which an access settled. */
const TEXTS_MOST = 2;

/** Texts of the policy, by the SHA-256 of their revision. */
export type KnownTexts = Restraints['texts'];

/** The texts at hand for the next run: the present one, and those of `before` by which something remembered settled. */
export function textsAtHand(
  before: KnownTexts,
  present: { readonly sha256: string; readonly resolved: ResolvedPolicy },
  remembered: RememberedAccesses,
): KnownTexts {
  const used = new Set([...remembered.values()].map(({ settledBy }) => settledBy?.sha256));
  const earlier = [...before].filter(([sha256]) => sha256 !== present.sha256 && used.has(sha256));
  return new Map([[present.sha256, present.resolved] as const, ...earlier].slice(0, TEXTS_MOST));
}
