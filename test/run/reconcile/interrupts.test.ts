import { describe, expect, it } from 'vitest';
import { NO_RESTRAINTS } from '../../../src/core/domain/plan/restraints.ts';
import { NO_JOURNAL } from '../../../src/core/domain/run/daemon-ports.ts';
import type { AccountReader, AccountWriter } from '../../../src/core/domain/run/ports.ts';
import type { RunEvent, RunResult } from '../../../src/core/domain/run/run-result.ts';
import { resolvePolicy } from '../../../src/core/resolve/resolve-policy.ts';
import { runBounded } from '../../../src/run/apply/run-bounded.ts';
import { reconcile } from '../../../src/run/reconcile/reconcile.ts';
import type { AccessSeed } from '../../../src/simulator/seed.ts';
import { type LiveAccount, liveAccount } from '../../support/live-account.ts';
import { buildPolicy, type PolicySpec } from '../../support/policy-builder.ts';
import { provenLedger } from '../../support/put-ledgers.ts';
import { ACCOUNT } from '../../support/small-seed.ts';

const accesses: readonly AccessSeed[] = [
  { access: 101, kind: 'user', email: 'ann@example.com', rows: [{ type: 'project', id: 2, level: 100 }] },
  { access: 102, kind: 'user', email: 'bob@example.com', rows: [{ type: 'account', id: ACCOUNT, level: 100 }] },
];
const grants: NonNullable<PolicySpec['grants']> = [
  { to: ['ann@example.com', 'bob@example.com'], resource: 'inbox:App/Live' },
];
const limits = { admins: 0 };

interface Ports {
  readonly reader?: Partial<AccountReader>;
  readonly writer?: AccountWriter;
}

/** A run in which some calls are answered by the test instead of the account. */
function runWith(
  live: LiveAccount,
  ports: Ports,
  ends: {
    readonly stop?: AbortController;
    readonly abort?: AbortController;
    readonly onEvent?: (event: RunEvent) => void;
  },
): Promise<RunResult> {
  const { client, clock } = live;
  const reader: AccountReader = {
    confirmAccount: (signal) => client.confirmAccount(signal),
    readResources: (signal) => client.readResources(signal),
    readAccesses: (signal) => client.readAccesses(signal),
    readApiTokens: (signal) => client.readApiTokens(signal),
    ...ports.reader,
  };
  return reconcile(
    { reader, writer: ports.writer ?? client, clock, journal: NO_JOURNAL },
    {
      restraints: NO_RESTRAINTS,
      ledger: provenLedger(ACCOUNT),
      runId: 'run-1',
      revision: null,
      resolved: resolvePolicy(buildPolicy({ grants, limits })),
      agreed: null,
      rowsPerPut: 1,
      concurrency: 1,
      stop: (ends.stop ?? new AbortController()).signal,
      abort: (ends.abort ?? new AbortController()).signal,
      onEvent: ends.onEvent ?? (() => {}),
    },
  );
}

/** The client's own list, with something done by the test before the read of that number. */
function beforeRead(live: LiveAccount, number: number, act: () => void): Partial<AccountReader> {
  let reads = 0;
  return {
    readAccesses: async (signal) => {
      reads += 1;
      if (reads === number) act();
      return live.client.readAccesses(signal);
    },
  };
}

function outcomesOf(result: RunResult): readonly (readonly [number, string, string | null])[] {
  return result.kind === 'written'
    ? result.outcomes.map((one) => [one.change.access, one.outcome, one.reason] as const)
    : [];
}

describe('asked to stop', () => {
  it('before the first PUT, nobody is looked up any more', async () => {
    const live = await liveAccount({ accesses });
    const result = await live.run({ grants, limits }, { stop: AbortSignal.abort() });
    expect(outcomesOf(result).map(([, outcome, reason]) => `${outcome}: ${reason}`)).toEqual(
      Array.from({ length: 4 }, () => 'not-tried: asked to stop'),
    );
    expect([...live.calls()].sort()).toEqual([
      'GET account_accesses',
      'GET account_accesses',
      'GET permissions/resources',
      'GET permissions/resources',
    ]);
  });

  it('after a failure in passing, no further round begins', async () => {
    const live = await liveAccount({ accesses });
    const stop = new AbortController();
    live.simulator.inject({ kind: 'status', status: 503, match: { method: 'PUT' }, times: 'always' });
    const events: string[] = [];
    const onEvent = ({ kind }: RunEvent) => {
      events.push(kind);
      if (kind === 'confirming') stop.abort();
    };
    await runWith(live, {}, { stop, onEvent });
    expect(events).not.toContain('trying-again');
    expect(live.puts()).toHaveLength(2);
  });

  it('while the admins are counted again, the PUT that waits for it does not begin', async () => {
    const live = await liveAccount({ accesses });
    const stop = new AbortController();
    // Reads of the list: the first, the look at ann's raise, the look at bob's, and the re-read of the admins.
    const result = await runWith(live, { reader: beforeRead(live, 4, () => stop.abort()) }, { stop });
    expect(live.simulator.rows(102)).toEqual({ [`account:${ACCOUNT}`]: 100, 'inbox:21': 10 });
    expect(outcomesOf(result).at(-1)).toEqual([102, 'not-tried', 'asked to stop']);
  });
});

describe('cut off, by a reason that is no error of grantd', () => {
  it('before the account is read back, the result tells what was written', async () => {
    const live = await liveAccount({ accesses });
    const abort = new AbortController();
    const onEvent = ({ kind }: RunEvent) => kind === 'batch-ended' && live.puts().length === 4 && abort.abort('enough');
    const result = await runWith(live, {}, { abort, onEvent });
    expect(outcomesOf(result).map(([access, outcome]) => [access, outcome])).toEqual([
      [101, 'unconfirmed'],
      [101, 'unconfirmed'],
      [102, 'unconfirmed'],
      [102, 'unconfirmed'],
    ]);
    expect(result.kind === 'written' && [result.after, result.unconfirmed?.code]).toEqual([null, 'stopped']);
  });

  it('before a raise is looked for, nothing that it replaces is taken', async () => {
    const live = await liveAccount({ accesses });
    const abort = new AbortController();
    const writer: AccountWriter = {
      writeRows: async (...call) => {
        const receipt = await live.client.writeRows(...call);
        abort.abort('enough');
        return receipt;
      },
    };
    const result = await runWith(live, { writer }, { abort });
    expect(live.puts()).toHaveLength(1);
    expect(live.simulator.rows(101)).toEqual({ 'project:2': 100, 'inbox:21': 10 });
    expect(outcomesOf(result)[1]?.[2]).toBe('grantd could not read the list of account accesses: the run was cut off');
  });
});

describe('a mistake of this program is no failure of one principal', () => {
  const mistake = new TypeError('a mistake');
  const atRead = (number: number) => (live: LiveAccount) => ({
    reader: beforeRead(live, number, () => {
      throw mistake;
    }),
  });
  const inWriter = (): Ports => ({ writer: { writeRows: () => Promise.reject(mistake) } });

  it.each([
    ['in the first read', atRead(1), 0],
    ["in the look at ann's raise", atRead(2), 1],
    ['in the re-read of the admins', atRead(4), 3],
    ['in the read that confirms', atRead(5), 4],
    ['in a write', inWriter, 0],
  ])('%s: the run rejects with it, and no further PUT begins', async (_where, portsFor, puts) => {
    const live = await liveAccount({ accesses });
    await expect(runWith(live, portsFor(live), {})).rejects.toBe(mistake);
    expect(live.puts()).toHaveLength(puts);
  });

  it('jobs that run beside it are waited for, and none begins after it', async () => {
    const ended: number[] = [];
    const run = runBounded([1, 2, 3, 4], 2, async (item) => {
      if (item === 1) throw mistake;
      await new Promise((resolve) => setImmediate(resolve));
      ended.push(item);
    });
    await expect(run).rejects.toBe(mistake);
    expect(ended).toEqual([2]);
  });
});
