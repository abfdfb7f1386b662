import { describe, expect, it } from 'vitest';
import { emptyMemory, type WrittenChange } from '../../src/core/domain/account/account-memory.ts';
import { CONTESTED_REST_MS, restraintsNow } from '../../src/daemon/remember-run.ts';
import { revision } from './support/readings.ts';

const NOW = Date.UTC(2026, 10, 24);
const NOW_COUNTED = { now: NOW, isCounted: (at: number) => at <= NOW };

function writtenChange(part: Partial<WrittenChange>): WrittenChange {
  return {
    access: 2,
    resource: { type: 'project', id: 4001 },
    after: 10,
    writtenAt: [NOW],
    hasBeenInPlace: false,
    contestedSince: NOW - 3 * CONTESTED_REST_MS,
    triedAt: NOW,
    ...part,
  };
}

/** How many contested changes rest. */
function resting(part: Partial<WrittenChange>): number {
  return restraintsNow({ ...emptyMemory(7), written: [writtenChange(part)] }, NOW_COUNTED, false).contested.length;
}

describe('restraints', () => {
  it('of nothing are none', () => {
    expect(restraintsNow(emptyMemory(7), NOW_COUNTED, false)).toEqual({
      provenPairs: [],
      disprovenPairs: [],
      contested: [],
      knownEnds: [],
      fallback: false,
      pausedSince: null,
      begun: [],
      spent: [],
      staying: [],
      approvedByHand: [],
      approver: null,
      applyFlags: [],
      writtenByApproval: [],
      texts: new Map(),
      remembered: new Map(),
      remembersAll: false,
    });
  });

  it('hand on what is remembered', () => {
    const memory = {
      ...emptyMemory(7),
      policy: { revision: revision('a'), acceptedAt: 5 },
      provenPairs: [{ access: 1, tokenId: 2 }],
      disprovenPairs: [{ access: 3, tokenId: 4 }],
      pausedSince: 6,
      knownEnds: [{ principal: 'a'.repeat(16), end: 9, since: 8 }],
      begun: [{ digest: 'sha256:0', rules: ['revoke-limit' as const], access: 1, changes: [] }],
      spent: [{ digest: 'sha256:1', until: 7 }],
      staying: [{ rule: 'gain-limit' as const, access: 1, rows: [], limit: { principals: 1, percent: null } }],
      remembered: new Map([[2, { access: 2, emailHash: null, rowsHash: '0'.repeat(16), wasAccountAdmin: false }]]),
      remembersAll: true,
    };
    expect(restraintsNow(memory, NOW_COUNTED, true)).toEqual({
      provenPairs: [{ access: 1, tokenId: 2 }],
      disprovenPairs: [{ access: 3, tokenId: 4 }],
      contested: [],
      knownEnds: memory.knownEnds,
      fallback: true,
      pausedSince: 6,
      begun: memory.begun,
      spent: memory.spent,
      staying: memory.staying,
      approvedByHand: [],
      approver: null,
      applyFlags: [],
      writtenByApproval: [],
      texts: new Map(),
      remembered: memory.remembered,
      remembersAll: true,
    });
  });

  it('a contested change rests for a day after each try, to the millisecond', () => {
    expect(resting({ triedAt: NOW })).toBe(1);
    expect(resting({ triedAt: NOW - CONTESTED_REST_MS + 1 })).toBe(1);
    expect(resting({ triedAt: NOW - CONTESTED_REST_MS })).toBe(0);
  });

  it('and says when that day is over', () => {
    const memory = { ...emptyMemory(7), written: [writtenChange({ triedAt: NOW - 5 })] };
    expect(restraintsNow(memory, NOW_COUNTED, false).contested).toMatchObject([
      { retryAt: NOW - 5 + CONTESTED_REST_MS },
    ]);
  });

  it('what is not contested does not rest', () => {
    expect(resting({ contestedSince: null })).toBe(0);
  });

  it('a clock that was set back does not let it rest for longer', () => {
    expect(resting({ triedAt: NOW + 1 })).toBe(0);
  });
});
