import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyMemory } from '../../src/core/domain/account/account-memory.ts';
import type { SpentApproval, StayingPart } from '../../src/core/domain/account/approval-memory.ts';
import { LIMIT_RULES } from '../../src/core/domain/plan/limit-rules.ts';
import type { BegunPart } from '../../src/core/domain/plan/restraints.ts';
import { type ApprovalMemory, withOthers } from '../../src/daemon/others-approvals.ts';
import { SharedState } from '../../src/daemon/shared-state.ts';
import { MemoryState } from './support/memory-state.ts';

const NOTHING: ApprovalMemory = { begun: [], spent: [], staying: [] };
const WEB = { type: 'project', id: 1 } as const;
const OTHER = { type: 'project', id: 2 } as const;
const staying = (access: number, rows: StayingPart['rows'] = [WEB], principals = 1): StayingPart => ({
  rule: 'revoke-limit',
  access,
  rows,
  limit: { principals, percent: null },
});
const begun = (isDone: boolean): BegunPart => ({
  digest: 'sha256:a',
  rules: ['revoke-limit'],
  access: 1,
  changes: [{ resource: WEB, before: 10, after: 0, ...(isDone && { isDone }) }],
});

describe('what another process saved of approvals', () => {
  it('is added, and what this process dropped since it read it is not', () => {
    const stored = { ...NOTHING, staying: [staying(1), staying(2)] };
    expect(withOthers(NOTHING, { ...NOTHING, staying: [staying(1)] }, stored).staying).toEqual([staying(2)]);
    expect(withOthers({ ...NOTHING, staying: [staying(3)] }, stored, NOTHING).staying).toEqual([staying(3)]);
  });

  it('holds the rows of both, by the higher limit; no rows mean all', () => {
    const of = (mine: StayingPart, other: StayingPart) =>
      withOthers({ ...NOTHING, staying: [mine] }, NOTHING, { ...NOTHING, staying: [other] }).staying;
    expect(of(staying(1, [WEB], 1), staying(1, [OTHER], 2))).toEqual([staying(1, [WEB, OTHER], 2)]);
    expect(of(staying(1, [WEB], 3), staying(1, [], 2))).toEqual([staying(1, [], 3)]);
    expect(of(staying(1, [], 1), staying(1, [WEB], 1))).toEqual([staying(1, [], 1)]);
  });

  it('has done what either of them has seen done', () => {
    for (const [mine, other] of [
      [true, false],
      [false, true],
    ] as const) {
      const both = withOthers({ ...NOTHING, begun: [begun(mine)] }, NOTHING, { ...NOTHING, begun: [begun(other)] });
      expect(both.begun).toEqual([begun(true)]);
    }
  });

  it('keeps everything of both that the base had not, whatever they are', () => {
    const part = fc.record({
      rule: fc.constantFrom(...LIMIT_RULES),
      access: fc.integer({ min: 1, max: 4 }),
      rows: fc.subarray([WEB, OTHER]),
      limit: fc.record({ principals: fc.integer({ min: 1, max: 3 }), percent: fc.constant(null) }),
    });
    const spent = fc.record({ digest: fc.constantFrom('a', 'b'), until: fc.integer({ min: 1, max: 2 }) });
    const memory = fc.record({
      begun: fc.constant([]),
      spent: fc.uniqueArray(spent, { selector: (one: SpentApproval) => `${one.digest}${one.until}` }),
      staying: fc.uniqueArray(part, { selector: (one: StayingPart) => `${one.rule}${one.access}` }),
    });
    fc.assert(
      fc.property(memory, memory, (ours, stored) => {
        const both = withOthers(ours, NOTHING, stored);
        expect(both.spent).toEqual(expect.arrayContaining([...ours.spent, ...stored.spent]));
        for (const one of [...ours.staying, ...stored.staying]) {
          const found = both.staying.find(({ rule, access }) => rule === one.rule && access === one.access);
          expect(found?.limit.principals).toBeGreaterThanOrEqual(one.limit.principals);
          if (found?.rows.length !== 0) expect(found?.rows).toEqual(expect.arrayContaining([...one.rows]));
        }
        expect(withOthers(both, NOTHING, stored)).toEqual(both);
      }),
    );
  });
});

describe('a state that apply uses beside a daemon', () => {
  it('keeps what apply saved when the daemon saves what it knew before', async () => {
    const store = new MemoryState();
    const state = new SharedState(store, () => {});
    const known = await state.load(7);
    await store.save({ ...emptyMemory(7), staying: [staying(2)] });
    await state.save(7, (news) => news({ ...known, staying: [staying(1)] }));
    expect((await store.load(7)).memory.staying).toEqual([staying(1), staying(2)]);
    // The daemon releases it later by its own judgement.
    await state.save(7, (news) => news({ ...known, staying: [] }));
    expect((await store.load(7)).memory.staying).toEqual([]);
  });

  it('says once why it cannot be read, and nothing new comes of it', async () => {
    const store = new MemoryState();
    const lost: string[] = [];
    const state = new SharedState(store, (reason) => lost.push(reason));
    const known = await state.load(7);
    store.lost = 'torn';
    for (let times = 0; times < 2; times += 1) {
      await state.hear(7, (news) => expect(news({ ...known, staying: [staying(1)] }).staying).toEqual([staying(1)]));
    }
    expect(lost).toEqual(['torn']);
  });

  it('is of one account: news of another one change nothing', async () => {
    const store = new MemoryState();
    const state = new SharedState(store, () => {});
    await store.save({ ...emptyMemory(7), staying: [staying(1)] });
    await state.hear(7, (news) => expect(news(emptyMemory(8)).staying).toEqual([]));
  });
});
