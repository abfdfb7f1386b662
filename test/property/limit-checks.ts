import { expect } from 'vitest';
import type { Change, Plan } from '../../src/core/domain/plan/plan.ts';
import type { Policy } from '../../src/core/domain/policy/policy.ts';
import { partDigest } from '../../src/core/guard/digest.ts';
import type { Snapshot } from '../support/account-snapshot.ts';
import type { LiveCase } from '../support/arbitrary/live-case.ts';
import { ACCOUNT } from '../support/arbitrary/policy.ts';
import { forNever, isForbidden } from '../support/arbitrary/variants.ts';
import type { WatchedRun } from '../support/live-world.ts';
import { effective, keyOf, meant, type RowMap } from '../support/oracle.ts';
import { levelNumber, type Others } from './run-checks.ts';

const ACCOUNT_ROW = keyOf({ type: 'account', id: ACCOUNT });

/** One row of one access that a run moved, by what the account showed. */
export interface Moved {
  readonly access: number;
  readonly key: string;
  readonly before: number;
  readonly after: number;
}

/** What runs before this one left. */
export interface EarlierRuns {
  /** By the digest of an approved part, its rows as `boundText` says them. */
  readonly begun: ReadonlyMap<string, ReadonlySet<string>>;
  /** A loss that counts towards no limit. */
  countsNot(row: Moved): boolean;
  /** What is counted together with the row: each pool has the same limits. */
  poolOf(row: Moved): string;
}

const FIRST_RUN: EarlierRuns = { begun: new Map(), countsNot: () => false, poolOf: () => 'policy' };

/** A change as the digest of a part binds it. */
export function boundText({ access, resource, before, after }: Change): string {
  return `${access} ${keyOf(resource)} ${before} ${after}`;
}

/**
 * Over all rounds of a run, by what the account showed before and after: no more lose or gain anything, and no more are made
 * account admin, than the limits say. What was approved, by exactly its digest, uses up the limits, and alone may exceed them.
 */
export function expectWithinLimits(
  { world, approvedByHand }: Pick<LiveCase, 'world' | 'approvedByHand'>,
  { plan }: { readonly plan: Pick<Plan, 'approved'> },
  start: Snapshot,
  live: WatchedRun,
  others: Others,
  { begun, countsNot, poolOf }: EarlierRuns = FIRST_RUN,
): void {
  const given = new Set([...world.policy.approvals.flatMap(({ digests }) => digests), ...approvedByHand]);
  const approved = new Set<string>();
  for (const { digest, rules, changes, isBegun } of plan.approved) {
    expect(given, 'approved by somebody').toContain(digest);
    if (isBegun) {
      for (const change of changes) expect(begun.get(digest), 'left of what had begun').toContain(boundText(change));
    } else expect(partDigest(ACCOUNT, rules, changes), 'exactly what the digest binds').toBe(digest);
    for (const change of changes) approved.add(rowOf(change));
  }
  const moved = movedRows(start, live, others).filter((row) => !countsNot(row));
  const isFree = ({ access, key }: Moved) => !approved.has(`${access} ${key}`);
  const names = (rows: readonly Moved[]) => new Set(rows.map(({ access }) => start.get(access)?.who.toLowerCase()));
  const expectAtMost = (most: number, rows: readonly Moved[], what: string) => {
    for (const pool of new Set(rows.map(poolOf))) {
      const own = rows.filter((row) => poolOf(row) === pool);
      if (own.some(isFree)) expect(names(own).size, `${what} (${pool}): ${[...names(own)]}`).toBeLessThanOrEqual(most);
    }
  };
  const { revokes, gains, newAdmins } = world.policy.limits;
  // Of those who hold any row, which are no fewer than those who hold one that may be written.
  const holders = new Set([...start.values()].filter(({ rows }) => rows.size > 0).map(({ who }) => who.toLowerCase()));
  const most = Math.max(1, Math.min(revokes.principals, Math.floor((holders.size * revokes.percent) / 100)));
  expectAtMost(
    most,
    moved.filter(({ before, after }) => after < before),
    'who lost something',
  );
  // Of all whom the policy writes, which are no fewer than those whom a begun grant names.
  const share = gains.percent === null ? 1e9 : Math.floor((namesWritten(world.policy).size * gains.percent) / 100);
  expectAtMost(
    Math.max(1, Math.min(gains.principals, share)),
    moved.filter(({ before, after }) => after > before),
    'who gained something',
  );
  expectAtMost(
    newAdmins,
    moved.filter(({ key, before, after }) => key === ACCOUNT_ROW && before < 100 && after >= 100),
    'who was made account admin',
  );
}

function namesWritten({ groups, grants }: Policy): ReadonlySet<string> {
  const members = [...groups.flatMap((group) => group.members), ...grants.flatMap(({ to }) => to)];
  return new Set(members.map(({ member }) => JSON.stringify(member).toLowerCase()));
}

/** Every row of every PUT is one that the plan was to write, with the level that it said, and none that it held. */
export function expectOnlyPlanned({ plan }: { readonly plan: Plan }, { writes }: WatchedRun): void {
  const levels = new Map(plan.changes.map((change) => [rowOf(change), change.after]));
  for (const change of plan.held.flatMap(({ changes }) => changes))
    expect([...levels.keys()]).not.toContain(rowOf(change));
  for (const { access, rows } of writes) {
    for (const { resource, level } of rows)
      expect(levels.get(`${access} ${keyOf(resource)}`), `${access} ${keyOf(resource)}`).toBe(levelNumber(level));
  }
}

/** Nobody is anywhere what a `never` rule forbids who was not at the start, whatever failed in between. */
export function expectNeverHolds(
  { world }: Pick<LiveCase, 'world'>,
  start: Snapshot,
  live: WatchedRun,
  others: Others,
): void {
  const moments = [...live.writes.map(({ after }) => after), live.snapshot()];
  for (const rule of world.policy.never) {
    for (const node of meant(rule.resource, world.actual.tree)) {
      for (const [access, { kind, who, rows }] of start) {
        if (
          kind === 'ApiToken' ||
          !isForbidden(rule, who) ||
          forNever(effective(rows, node), rows) >= 100 ||
          others.reached(access, node)
        )
          continue;
        for (const moment of moments)
          expect(effective(rowsAt(moment, access), node), `${who} on ${keyOf(node)}`).toBeLessThan(100);
      }
    }
  }
}

function movedRows(start: Snapshot, live: WatchedRun, others: Others): readonly Moved[] {
  const whole = [...start.keys()].flatMap((access) => movedBetween(access, start, live.snapshot()));
  const byWrites = live.writes.flatMap(({ access, before, after }) => movedBetween(access, before, after));
  return [...whole, ...byWrites].filter(({ access, key }) => !others.wroteRow(access, key));
}

function movedBetween(access: number, from: Snapshot, to: Snapshot): readonly Moved[] {
  const [had, has] = [rowsAt(from, access), rowsAt(to, access)];
  return [...new Set([...had.keys(), ...has.keys()])].map((key) => ({
    access,
    key,
    before: had.get(key) ?? 0,
    after: has.get(key) ?? 0,
  }));
}

function rowsAt(moment: Snapshot, access: number): RowMap {
  return moment.get(access)?.rows ?? new Map();
}

function rowOf({ access, resource }: Pick<Change, 'access' | 'resource'>): string {
  return `${access} ${keyOf(resource)}`;
}
