import { describe, expect, it } from 'vitest';
import { loadAccountSeed } from '../../src/simulator/account-seed.ts';
import type { AccountSeed } from '../../src/simulator/seed.ts';
import { EXAMPLE, EXAMPLE_TEXT, simulate } from '../support/simulate.ts';
import { ANN, item, put, send } from './account.ts';

const started = (more: Partial<AccountSeed>) => simulate({ seed: { ...EXAMPLE, ...more } });

describe('what a seed can say that nobody documents', () => {
  it('put: replaces removes the rows that a PUT does not name; else they stay', async () => {
    const keeps = await started({});
    const before = keeps.rows(ANN);
    await put(keeps, ANN, item('inbox', '3811'));
    expect(keeps.rows(ANN)).toEqual({ ...before, 'inbox:3811': 10 });
    const replaces = await started({ put: 'replaces' });
    await put(replaces, ANN, item('inbox', '3811'));
    expect(replaces.rows(ANN)).toEqual({ 'inbox:3811': 10 });
    await put(replaces, ANN, item('inbox', '3811'));
    expect(replaces.requests().map(({ changed }) => changed)).toEqual([true, false]);
  });

  it('coveredRows: pruned removes what a PUT covers with as much, and nothing else', async () => {
    const seed: Partial<AccountSeed> = {
      resources: [
        { type: 'project', id: 1, name: 'Web', resources: [{ type: 'inbox', id: 11, name: 'Live' }] },
        { type: 'project', id: 2, name: 'App', resources: [{ type: 'inbox', id: 21, name: 'Live' }] },
      ],
      accesses: [
        {
          access: 7,
          kind: 'user',
          email: 'ann@example.com',
          rows: [
            { type: 'inbox', id: 11, level: 10 },
            { type: 'inbox', id: 21, level: 100 },
          ],
        },
      ],
      tokens: EXAMPLE.tokens.map((token) => ({ ...token, rows: [{ type: 'account', id: 3229, level: 100 }] })),
    };
    const kept = await started(seed);
    await put(kept, 7, item('project', '1'));
    expect(kept.rows(7)).toEqual({ 'inbox:11': 10, 'inbox:21': 100, 'project:1': 10 });
    const pruned = await started({ ...seed, coveredRows: 'pruned' });
    await put(pruned, 7, item('project', '1'), item('project', '2'));
    expect(pruned.rows(7)).toEqual({ 'inbox:21': 100, 'project:1': 10, 'project:2': 10 });
    await put(pruned, 7, { ...item('account', '3229'), access_level: 'admin' });
    expect(pruned.rows(7)).toEqual({ 'account:3229': 100 });
  });

  it('listsLagReads: so many reads show the account as it was before a write', async () => {
    const simulator = await started({ listsLagReads: 2 });
    await put(simulator, ANN, item('inbox', '3811'));
    const shows = async () =>
      JSON.stringify((await send(simulator, 'GET /api/accounts/3229/account_accesses')).json).includes('3811');
    expect([await shows(), await shows(), await shows()]).toEqual([false, false, true]);
  });

  it('refuses other words', () => {
    const loaded = loadAccountSeed(`put: merges\ncoveredRows: 1\nlistsLagReads: -1\n${EXAMPLE_TEXT}`);
    expect('errors' in loaded && loaded.errors.map((error) => error.split(':').slice(2, 4).join(':'))).toEqual([
      ' put: must be one of keeps, replaces; write one of these.',
      ' coveredRows: must be one of kept, pruned; write one of these.',
      expect.stringContaining(' listsLagReads:'),
    ]);
  });
});
