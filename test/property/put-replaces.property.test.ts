import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { processLedger } from '../../src/core/domain/run/daemon-ports.ts';
import type { RunEvent, RunResult } from '../../src/core/domain/run/run-result.ts';
import { GrantdError } from '../../src/core/domain/text/error.ts';
import { arbitraryCase, type LiveCase } from '../support/arbitrary/live-case.ts';
import { ACCOUNT } from '../support/arbitrary/policy.ts';
import { openAccount } from '../support/live-account.ts';
import { type LiveWorld, type Write, withLiveWorld } from '../support/live-world.ts';
import { keyOf } from '../support/oracle.ts';
import { ACCOUNT as ACCOUNT_ID, smallSeed } from '../support/small-seed.ts';
import { fromWire } from '../support/wire-types.ts';
import { holdsLive, LIVE_TIMEOUT_MS } from './live-runs.ts';
import { expectSeen, SEED } from './runs.ts';

const API = 'http://127.0.0.1';
const WEB_ROW = { type: 'project', id: 1 };
const APP_ROW = { type: 'project', id: 2 };
const LIVE_ROW = { type: 'inbox', id: 11 };
const TEST_ROW = { type: 'inbox', id: 12 };

async function endOf(run: Promise<RunResult>): Promise<RunResult | GrantdError> {
  try {
    return await run;
  } catch (error) {
    if (error instanceof GrantdError) return error;
    throw error;
  }
}

/** Levels by `type:id`, in the simulator's words. */
type Rows = Readonly<Record<string, number>>;

function everyone({ simulator }: LiveWorld): ReadonlyMap<number, Rows> {
  return new Map(simulator.state(ACCOUNT).accesses.map(({ access }) => [access, simulator.rows(access)]));
}

function inWords(key: string): string {
  const [type = '', id = ''] = key.split(':');
  return `${fromWire(type)}:${id}`;
}

/** Rows that are gone though no PUT removed them. */
function missing(before: Rows, after: Rows, removed: ReadonlySet<string>): readonly string[] {
  return Object.keys(before).filter((key) => after[key] === undefined && !removed.has(inWords(key)));
}

/** What PUTs took on purpose, of one access. */
function removed(writes: readonly Write[], access: number): ReadonlySet<string> {
  const rows = writes.filter((write) => write.access === access).flatMap((write) => write.rows);
  return new Set(rows.filter(({ level }) => level === null).map(({ resource }) => `${resource.type}:${resource.id}`));
}

function run(live: LiveCase, account: LiveWorld, onEvent: (event: RunEvent) => void = () => {}) {
  const { rowsPerPut, concurrency, approvedByHand } = live;
  const ledger = processLedger(ACCOUNT, API);
  return { ledger, end: endOf(account.run({ rowsPerPut, concurrency, approvedByHand, ledger, onEvent })) };
}

describe(`a PUT that takes the rows that it does not name (seed ${SEED})`, { timeout: LIVE_TIMEOUT_MS }, () => {
  it('costs nobody but the canary a row, and the canary has it back at the end', async () => {
    let canaries = 0;
    await holdsLive(arbitraryCase('messy'), async (live) => {
      await withLiveWorld(
        live.world,
        live.isTokenListed,
        async (account) => {
          const before = everyone(account);
          const tried = new Set<string>();
          const { ledger, end } = run(live, account, (event) => {
            if (event.kind === 'canary') tried.add(JSON.stringify(event.principal));
          });
          const ended = await end;
          const after = everyone(account);
          for (const [access, rows] of before) {
            expect(missing(rows, after.get(access) ?? {}, removed(account.writes, access))).toEqual([]);
          }
          // At most one access was ever without a row that nobody meant to take.
          const losers = account.writes.filter(({ access, rows, before: had, after: has }) => {
            const now = has.get(access)?.rows;
            const names = new Set(rows.map(({ resource }) => keyOf(resource)));
            return [...(had.get(access)?.rows.keys() ?? [])].some((key) => now?.has(key) !== true && !names.has(key));
          });
          expect(new Set(losers.map(({ access }) => access)).size).toBeLessThanOrEqual(1);
          expect(tried.size).toBeLessThanOrEqual(1);
          if (tried.size === 1 && !(ended instanceof GrantdError && ended.code === 'stopped')) {
            canaries += 1;
            expect(ended instanceof GrantdError && ended.code).toBe('put-replaces');
            expect(ledger.memory()).toEqual({ proofs: [], open: [] });
            expect(await ledger.readReplaces()).not.toBe(null);
          }
        },
        { put: 'replaces' },
      );
    });
    expectSeen(canaries, 0, 'canaries');
  });

  it.each(['kept', 'pruned'] as const)(
    'is never taken for one where it keeps them, with covered rows %s',
    async (coveredRows) => {
      await holdsLive(arbitraryCase('messy'), async (live) => {
        await withLiveWorld(
          live.world,
          live.isTokenListed,
          async (account) => {
            const { ledger, end } = run(live, account);
            const ended = await end;
            if (ended instanceof GrantdError) expect(ended.code).not.toBe('put-replaces');
            expect(ledger.memory().open).toEqual([]);
            expect(await ledger.readReplaces()).toBe(null);
          },
          { coveredRows },
        );
      });
    },
  );

  it('is not seen where lists lag behind, until they show the PUT', async () => {
    await holdsLive(fc.tuple(arbitraryCase('messy'), fc.integer({ min: 1, max: 9 })), async ([live, listsLagReads]) => {
      await withLiveWorld(
        live.world,
        live.isTokenListed,
        async (account) => {
          const before = everyone(account);
          const { rowsPerPut, concurrency, approvedByHand } = live;
          const ledger = processLedger(ACCOUNT, API);
          for (let runs = 0; runs < 4; runs += 1) {
            await endOf(account.run({ rowsPerPut, concurrency, approvedByHand, ledger }));
          }
          const after = everyone(account);
          for (const [access, rows] of before) {
            expect(missing(rows, after.get(access) ?? {}, removed(account.writes, access))).toEqual([]);
          }
        },
        { put: 'replaces', listsLagReads },
      );
    });
  });
});

/** People with several rows each, who all get one row more. */
const crowd = fc.array(
  fc.uniqueArray(
    fc.record({ at: fc.constantFrom(WEB_ROW, APP_ROW, LIVE_ROW, TEST_ROW), level: fc.constantFrom(10, 100) }),
    { minLength: 2, maxLength: 4, selector: ({ at }) => at.id },
  ),
  { minLength: 1, maxLength: 5 },
);

describe(`a second writer in the middle of the canary (seed ${SEED})`, { timeout: LIVE_TIMEOUT_MS }, () => {
  it('gets nothing undone: nobody gets back what that writer took', async () => {
    await holdsLive(fc.tuple(crowd, fc.nat(), fc.boolean()), async ([rowsOf, pick, isAfter]) => {
      const accesses = rowsOf.map((rows, index) => ({
        access: 101 + index,
        kind: 'user' as const,
        email: `p${index}@example.com`,
        rows: rows.map(({ at, level }) => ({ ...at, level })),
      }));
      const account = await openAccount(smallSeed({ accesses }));
      try {
        const taken: { readonly access: number; readonly key: string }[] = [];
        const ledger = processLedger(ACCOUNT_ID, API);
        const grants = [{ to: accesses.map(({ email }) => email), resource: 'domain:example.com' }];
        const onEvent = (event: RunEvent) => {
          if (event.kind !== 'canary' || event.principal.kind === 'token') return;
          const { email } = event.principal;
          const holder = accesses.find((one) => one.email === email);
          if (holder === undefined) throw new Error(`nobody is ${email}`);
          // Who loses everything in that very moment cannot be told from a PUT that replaces, so the writer leaves one row.
          for (const row of holder.rows.slice(1 + (pick % (holder.rows.length - 1)))) {
            taken.push({ access: holder.access, key: `${row.type}:${row.id}` });
            const write = { act: 'remove-row' as const, who: holder.access, type: row.type, id: row.id };
            if (isAfter)
              account.simulator.inject({ kind: 'second-writer', write, strike: 'after', match: { method: 'PUT' } });
            else account.simulator.writeAsSomebodyElse(write);
          }
        };
        const end = await endOf(account.run({ mode: 'additive', grants, limits: { admins: 1 } }, { ledger, onEvent }));
        expect(end instanceof GrantdError).toBe(false);
        for (const { access, key } of taken) expect(account.simulator.rows(access)[key]).toBe(undefined);
        for (const { access, rows } of accesses) {
          const gone = new Set(taken.filter((one) => one.access === access).map(({ key }) => key));
          const left = rows.map(({ type, id }) => `${type}:${id}`).filter((key) => !gone.has(key));
          for (const key of left) expect(account.simulator.rows(access)[key]).toBeDefined();
        }
        // Three that prove nothing are enough for one run.
        expect(new Set(taken.map(({ access }) => access)).size).toBeLessThanOrEqual(3);
        expect(ledger.memory().open).toEqual([]);
        expect(await ledger.readReplaces()).toBe(null);
      } finally {
        await account.simulator.close();
      }
    });
  });
});
