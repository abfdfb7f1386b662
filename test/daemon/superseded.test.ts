import { describe, expect, test } from 'vitest';
import { type AccountMemory, emptyMemory, SUPERSEDED_MOST } from '../../src/core/domain/account/account-memory.ts';
import { knownEndsAfter } from '../../src/core/domain/account/known-ends.ts';
import type { Revision } from '../../src/core/domain/policy/revision.ts';
import { resolvePolicy } from '../../src/core/resolve/resolve-policy.ts';
import type { RunOutcome } from '../../src/daemon/run-account.ts';
import { acceptRevision, dateAcceptance, isSuperseded } from '../../src/daemon/superseded.ts';
import { buildPolicy } from '../support/policy-builder.ts';
import { smallWorld } from '../support/small-world.ts';

/** `a1` is text a at commit 1, `a` the same text at no known commit. */
function revision(name: string): Revision {
  const [text = '', commit] = name;
  return { sha256: text.repeat(64), commit: commit === undefined ? null : commit.repeat(40) };
}

function after(...names: readonly string[]): AccountMemory {
  return names.reduce(
    (memory, name, index) => acceptRevision(memory, revision(name), (index + 1) * 1000),
    emptyMemory(3229),
  );
}

test.each([
  // What was accepted, one after the other; which one a replica has; whether it lags behind.
  [['a', 'b'], 'a', true],
  [['a', 'b'], 'b', false],
  [['a', 'b'], 'c', false],
  [['a'], 'a', false],
  [['a', 'b', 'a'], 'a', false],
  [['a', 'b', 'a'], 'b', true],
  [['a1', 'b2'], 'a1', true],
  // A revert by a new commit is no old text, though its hash is.
  [['a1', 'b2'], 'a3', false],
  [['a1', 'b2', 'a3'], 'b2', true],
  [['a1', 'b2', 'a3'], 'a1', false],
  // A commit that changed something else: the text is the same, and so is what it asks.
  [['a1', 'a2'], 'a1', false],
  // One of the two does not know its commit.
  [['a1', 'b2'], 'a', true],
  [[], 'a', false],
])('after %j, a file that holds %s lags behind: %s', (names, name, isBehind) => {
  expect(isSuperseded(after(...names), revision(name))).toBe(isBehind);
});

test('the same text keeps the moment in which it was first accepted', () => {
  expect(after('a1', 'a2').policy?.acceptedAt).toBe(1000);
  expect(after('a1', 'b2').policy?.acceptedAt).toBe(2000);
});

test('only so many are remembered', () => {
  let memory = emptyMemory(3229);
  for (let index = 0; index < 2 * SUPERSEDED_MOST; index += 1) {
    memory = acceptRevision(memory, { sha256: String(index).padStart(64, '0'), commit: null }, index);
  }
  expect(memory.superseded).toHaveLength(SUPERSEDED_MOST);
});

describe('the ends of a text that a wrong clock may have dated', () => {
  const grants = [{ to: 'ann@example.com', resource: 'account', until: '2099-01-01' }];
  const policy = { revision: revision('a'), resolved: resolvePolicy(buildPolicy({ grants })) };
  const known = (since: number) => knownEndsAfter([], policy.resolved, since);
  const memory: AccountMemory = {
    ...emptyMemory(3229),
    policy: { revision: policy.revision, acceptedAt: 5 },
    knownEnds: known(5),
  };
  const { plan } = smallWorld({}, {});
  const outcome = (code: 'clock-skew' | null): RunOutcome => ({
    end: 'complete',
    result: {
      kind: 'complete',
      plan: { ...plan, notices: code === null ? [] : [{ code, message: '', remedy: '', at: null }] },
    },
    error: null,
  });

  test('are forgotten, and known anew since the first run with a right one', () => {
    const skewed = dateAcceptance(memory, outcome('clock-skew'), policy, 9);
    expect([skewed.policy, skewed.knownEnds]).toEqual([null, []]);
    expect(dateAcceptance(skewed, outcome('clock-skew'), policy, 10)).toBe(skewed);
    expect(dateAcceptance(skewed, outcome(null), policy, 11).knownEnds).toEqual(known(11));
    expect(dateAcceptance(memory, outcome(null), policy, 12)).toBe(memory);
  });
});
