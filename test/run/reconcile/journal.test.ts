import { describe, expect, it } from 'vitest';
import type { IntendedPut, PutEnd, WriteJournal } from '../../../src/core/domain/run/daemon-ports.ts';
import type { RunResult } from '../../../src/core/domain/run/run-result.ts';
import { GrantdError } from '../../../src/core/domain/text/error.ts';
import type { AccessSeed } from '../../../src/simulator/seed.ts';
import { type LiveAccount, liveAccount } from '../../support/live-account.ts';
import { ACCOUNT } from '../../support/small-seed.ts';

const project = (id: number, level: number) => ({ type: 'project', id, level });
const user = (access: number, name: string, ...rows: AccessSeed['rows'] & object): AccessSeed => ({
  access,
  kind: 'user',
  email: `${name}@example.com`,
  rows,
});

const accesses = [user(101, 'ann'), user(102, 'bob', project(2, 100))];
const grants = [
  { to: 'ann@example.com', resource: 'project:Web' },
  { to: 'bob@example.com', resource: 'project:App' },
];
const full = () => new GrantdError('audit-unwritable', 'no space is left', 'make room');

/** A journal in memory: what it was told, and how many PUTs the account had seen by then. */
class MemoryJournal implements WriteJournal {
  readonly intended: (IntendedPut & { readonly putsBefore: number })[] = [];
  readonly ended: { readonly access: number; readonly end: PutEnd; readonly putsBefore: number }[] = [];
  readonly #live: LiveAccount;
  readonly #fails: (step: 'intent' | 'outcome', put: IntendedPut) => Error | null;

  constructor(live: LiveAccount, fails: (step: 'intent' | 'outcome', put: IntendedPut) => Error | null = () => null) {
    this.#live = live;
    this.#fails = fails;
  }

  async intend(put: IntendedPut) {
    // A disk takes its time: whoever does not wait for it writes too early.
    await new Promise((resolve) => setImmediate(resolve));
    const failure = this.#fails('intent', put);
    if (failure) throw failure;
    this.intended.push({ ...put, putsBefore: this.#live.puts().length });
    return {
      ended: async (end: PutEnd) => {
        this.ended.push({ access: put.access, end, putsBefore: this.#live.puts().length });
        const failed = this.#fails('outcome', put);
        if (failed) throw failed;
        return `hash-${put.access}-${this.ended.length}`;
      },
    };
  }
}

function told(result: RunResult) {
  if (result.kind !== 'written') return result.kind;
  return result.outcomes.map((one) => [one.change.access, one.outcome, one.reason, one.auditHash]);
}

const oneAtATime = { concurrency: 1 };

describe('each PUT', () => {
  it('is written down before it is sent and after it ended, with what it is and whence', async () => {
    const live = await liveAccount({ accesses });
    const journal = new MemoryJournal(live);
    const revision = { sha256: 'ab'.repeat(32), commit: null };
    const result = await live.run({ grants }, { journal, revision, ...oneAtATime });
    expect(journal.intended.map(({ access, putsBefore }) => [access, putsBefore])).toEqual([
      [101, 0],
      [102, 1],
    ]);
    expect(journal.intended[0]).toMatchObject({ runId: 'run-1', account: ACCOUNT, revision });
    expect(journal.intended[0]?.planDigest).toBe(result.plan.digest);
    expect(journal.intended.flatMap(({ changes }) => changes)).toEqual(result.plan.changes);
    expect(journal.ended.map(({ end, putsBefore }) => [end.kind, putsBefore])).toEqual([
      ['answered', 1],
      ['answered', 2],
    ]);
    expect(journal.ended[0]?.end).toMatchObject({ receipt: { status: 200, requestId: expect.any(String) } });
  });

  it('gives the hash of its outcome to its changes and to whoever watches', async () => {
    const live = await liveAccount({ accesses });
    const result = await live.run({ grants }, { journal: new MemoryJournal(live), ...oneAtATime });
    expect(told(result)).toEqual([
      [101, 'applied', null, 'hash-101-1'],
      [102, 'applied', null, 'hash-102-2'],
    ]);
    const hashes = live.events.flatMap((event) => (event.kind === 'batch-ended' ? [event.outcome.auditHash] : []));
    expect(hashes).toEqual(['hash-101-1', 'hash-102-2']);
  });

  it('that failed is written down as failed, and its hash told too', async () => {
    const live = await liveAccount({ accesses });
    live.simulator.inject({ kind: 'status', status: 403, match: { method: 'PUT' } });
    const journal = new MemoryJournal(live);
    const result = await live.run({ grants }, { journal, ...oneAtATime });
    expect(journal.ended[0]?.end).toMatchObject({ kind: 'failed', error: { code: 'api-forbidden' } });
    expect(told(result)).toMatchObject([
      [101, 'failed', expect.any(String), 'hash-101-1'],
      [102, 'applied', null, 'hash-102-2'],
    ]);
  });

  it('of a later round has a record of its own, and its hash is the one that counts', async () => {
    const live = await liveAccount({ accesses: [user(101, 'ann')] });
    live.simulator.inject({ kind: 'status', status: 503, match: { method: 'PUT' } });
    const journal = new MemoryJournal(live);
    const result = await live.run({ grants: grants.slice(0, 1) }, { journal });
    expect(journal.ended.map(({ end }) => end.kind)).toEqual(['failed', 'answered']);
    expect(told(result)).toEqual([[101, 'applied', null, 'hash-101-2']]);
  });
});

describe('a journal that cannot be written', () => {
  it('before a PUT: it is not sent, and neither is any that follows', async () => {
    const live = await liveAccount({ accesses });
    const journal = new MemoryJournal(live, () => full());
    const result = await live.run({ grants }, { journal, ...oneAtATime });
    expect(live.puts()).toEqual([]);
    expect(told(result)).toEqual([
      [101, 'not-tried', 'no space is left', null],
      [102, 'not-tried', 'grantd cannot write the audit log: no space is left', null],
    ]);
    const errors = live.events.flatMap((event) => (event.kind === 'batch-ended' ? [event.outcome.error?.code] : []));
    expect(errors[0]).toBe('audit-unwritable');
  });

  it('after a PUT: what happened happened, and no further one begins', async () => {
    const live = await liveAccount({ accesses });
    const journal = new MemoryJournal(live, (step) => (step === 'outcome' ? full() : null));
    const result = await live.run({ grants }, { journal, ...oneAtATime });
    expect(live.puts().map(({ access }) => access)).toEqual([101]);
    expect(journal.intended).toHaveLength(1);
    expect(told(result)).toEqual([
      [101, 'applied', null, null],
      [102, 'not-tried', 'grantd cannot write the audit log: no space is left', null],
    ]);
  });

  it('after the first of several PUTs of one principal: the rest is not tried, nor looked for', async () => {
    const live = await liveAccount({ accesses: [user(102, 'bob', project(2, 100))] });
    const journal = new MemoryJournal(live, (step) => (step === 'outcome' ? full() : null));
    const wide = [{ to: 'bob@example.com', resource: ['project:Web', 'domain:example.com'] }];
    const result = await live.run({ grants: wide }, { journal, rowsPerPut: 2 });
    expect(live.puts()).toHaveLength(1);
    expect(live.calls().filter((call) => call.startsWith('GET'))).toHaveLength(4);
    expect(live.simulator.rows(102)).toMatchObject({ 'project:2': 100 });
    const outcomes = result.kind === 'written' ? result.outcomes.map((one) => one.outcome) : [];
    expect(outcomes).toEqual(['applied', 'applied', 'not-tried']);
  });

  it('after a PUT that failed in passing: it is planned again, and not sent again', async () => {
    const live = await liveAccount({ accesses: [user(101, 'ann')] });
    live.simulator.inject({ kind: 'status', status: 503, match: { method: 'PUT' } });
    const journal = new MemoryJournal(live, (step) => (step === 'outcome' ? full() : null));
    const result = await live.run({ grants: grants.slice(0, 1) }, { journal });
    expect(live.puts()).toHaveLength(1);
    expect(told(result)).toMatchObject([[101, 'failed', expect.any(String), null]]);
  });

  it('for one principal, while the intent of another is written: that one is not sent either', async () => {
    const live = await liveAccount({ accesses: [user(101, 'ann'), user(102, 'bob')] });
    let hasBroken = () => {};
    const broken = new Promise<void>((resolve) => {
      hasBroken = resolve;
    });
    const journal = new MemoryJournal(live, (step) => {
      if (step === 'intent') return null;
      setImmediate(hasBroken);
      return full();
    });
    const waiting: WriteJournal = {
      intend: async (put) => {
        if (put.access === 102) await broken;
        return journal.intend(put);
      },
    };
    const result = await live.run({ grants }, { journal: waiting, concurrency: 2 });
    expect(live.puts().map(({ access }) => access)).toEqual([101]);
    expect(journal.ended.map(({ access, end }) => [access, end.kind])).toEqual([
      [101, 'answered'],
      [102, 'failed'],
    ]);
    expect(told(result)).toMatchObject([
      [101, 'applied', null, null],
      [102, 'not-tried', expect.stringContaining('grantd cannot write the audit log'), null],
    ]);
  });

  it('while the admins are counted again: the PUT that waits for it does not begin', async () => {
    const admin = { type: 'account', id: ACCOUNT, level: 100 };
    const live = await liveAccount({ accesses: [user(101, 'ann'), user(102, 'bob', admin), user(103, 'eve', admin)] });
    const journal = new MemoryJournal(live, (step, { access }) =>
      step === 'outcome' && access === 102 ? full() : null,
    );
    const gone = ['bob@example.com', 'eve@example.com'].map((to) => ({ to, resource: 'project:#999' }));
    const result = await live.run({ grants: gone, limits: { admins: 0 } }, { journal });
    expect(live.puts().map(({ access }) => access)).toEqual([102]);
    expect(told(result)).toMatchObject([
      [102, 'applied', null, null],
      [103, 'not-tried', expect.stringContaining('grantd cannot write the audit log'), null],
    ]);
  });

  it.each(['intent', 'outcome'] as const)(
    'by a mistake of this program in the %s: the run rejects with it',
    async (at) => {
      const mistake = new TypeError('a mistake');
      const live = await liveAccount({ accesses });
      const journal = new MemoryJournal(live, (step) => (step === at ? mistake : null));
      await expect(live.run({ grants }, { journal, ...oneAtATime })).rejects.toBe(mistake);
      expect(live.puts()).toHaveLength(at === 'intent' ? 0 : 1);
    },
  );
});
