import { describe, expect, it } from 'vitest';
import type { DaemonEvent } from '../../src/core/domain/run/daemon-event.ts';
import { PolicyController } from '../../src/daemon/policy-controller.ts';
import { policyText } from '../core/validate/policy-text.ts';
import { MemoryPolicy, sha256Of } from './support/memory-policy.ts';
import { MemoryState } from './support/memory-state.ts';
import { STARTS_AT, settled, VirtualClock } from './support/virtual-clock.ts';

const never = new AbortController().signal;
const A = policyText();
const B = policyText('unlisted: revoke');
const OTHER = policyText('', { account: '9' });
const INVALID = 'version: 1\n';

function opened({
  state = new MemoryState(),
  claim = () => true,
  keepsState = () => true,
}: {
  state?: MemoryState;
  claim?: () => boolean;
  keepsState?: () => boolean;
} = {}) {
  const clock = new VirtualClock();
  const source = new MemoryPolicy('policy.yaml', () => clock.now());
  const events: DaemonEvent[] = [];
  const made = new PolicyController({ source, state, clock, claim, keepsState, emit: (event) => events.push(event) });
  const read = (text: string | null, onTransition = () => {}) => {
    source.save(text);
    return made.look('file', never, onTransition);
  };
  return { clock, source, state, events, controller: made, read, kinds: () => events.map(({ kind }) => kind) };
}

describe('the policy controller', () => {
  it('tells what each look turned, once', async () => {
    const { read, kinds, controller: made } = opened();
    expect(await read(null)).toBe(true);
    expect(await read(null)).toBe(false);
    expect(await read(INVALID)).toBe(true);
    expect(await read(A)).toBe(true);
    expect(await read(A)).toBe(false);
    expect(await read(null)).toBe(true);
    expect(await read(A)).toBe(true);
    expect(kinds()).toEqual([
      'policy.unreadable',
      'policy.rejected',
      'policy.accepted',
      'policy.unreadable',
      'policy.restored',
    ]);
    expect(made.version).toBe(5);
  });

  it('says which policy stands in', async () => {
    const { read, events } = opened();
    await read(INVALID);
    await read(A);
    await read(INVALID);
    expect(events.map((event) => ('fallback' in event ? event.fallback : undefined))).toEqual([
      null,
      undefined,
      { sha256: sha256Of(A), commit: null },
    ]);
  });

  it('names its account from the first valid policy on', async () => {
    const { read, controller: made } = opened();
    await read(INVALID);
    expect(made.origin).toEqual({ policy: 'policy.yaml', account: null });
    await read(A);
    expect(made.origin).toEqual({ policy: 'policy.yaml', account: 3229 });
    expect(made.memory.account).toBe(3229);
  });

  it('a policy of another account is refused once that of the first was read, and the one before stands in', async () => {
    const { read, controller: made, events } = opened();
    await read(A);
    made.settle(3229);
    await read(OTHER);
    expect(made.policyState).toMatchObject({ kind: 'fallback', saysPaused: false });
    expect(made.origin.account).toBe(3229);
    expect(events.at(-1)).toMatchObject({ kind: 'policy.unreadable', error: { code: 'account-conflict' } });
  });

  it('a policy of another account that is paused pauses all the same, and that is a turn', async () => {
    const { read, controller: made } = opened();
    await read(A);
    made.settle(3229);
    await read(OTHER);
    expect(await read(OTHER.replace('paused: false', 'paused: true'))).toBe(true);
    expect(made.policyState).toMatchObject({ kind: 'fallback', saysPaused: true });
  });

  it('before that, it becomes the policy of that account, with what is remembered of it', async () => {
    const state = new MemoryState();
    const other = opened({ state });
    await other.read(OTHER);
    await other.clock.advance(1_000);
    const { read, controller: made, kinds, clock } = opened({ state });
    await clock.advance(2_000);
    await read(A);
    made.settle(9);
    await read(OTHER);
    expect(kinds()).toEqual(['policy.accepted', 'policy.accepted']);
    expect(made.origin.account).toBe(9);
    expect(made.memory).toMatchObject({ account: 9, policy: { acceptedAt: STARTS_AT } });
  });

  it('a policy whose account another one keeps stands for nothing', async () => {
    const { read, controller: made, events } = opened({ claim: () => false });
    await read(A);
    expect(made.policyState.kind).toBe('none');
    expect(made.origin.account).toBe(null);
    expect(events).toMatchObject([{ kind: 'policy.unreadable', error: { code: 'account-conflict' } }]);
  });

  it('remembers when a text was first accepted, across restarts and a time as invalid', async () => {
    const state = new MemoryState();
    const first = opened({ state });
    await first.read(A);
    await first.clock.advance(1_000);
    await first.read(INVALID);
    await first.read(A);
    const second = opened({ state });
    await second.clock.advance(5_000);
    await second.read(A);
    expect(second.controller.memory.policy).toEqual({
      revision: { sha256: sha256Of(A), commit: null },
      acceptedAt: STARTS_AT,
    });
    await second.read(B);
    expect(second.controller.memory.policy?.acceptedAt).toBe(STARTS_AT + 5_000);
  });

  it('the same text at another commit keeps the moment of its acceptance', async () => {
    const { read, source, clock, controller: made } = opened();
    source.commit = 'c1';
    await read(A);
    await clock.advance(1_000);
    source.commit = 'c2';
    await read(A);
    expect(made.memory.policy).toEqual({ revision: { sha256: sha256Of(A), commit: 'c2' }, acceptedAt: STARTS_AT });
  });

  it('tells what was lost, and begins anew', async () => {
    const state = new MemoryState();
    state.lost = 'it was torn';
    const { read, kinds, controller: made } = opened({ state });
    await read(A);
    expect(kinds()).toEqual(['state.lost', 'policy.accepted']);
    expect(made.memory.policy?.acceptedAt).toBe(STARTS_AT);
  });

  it('a store that cannot be written is told, and what is remembered holds for the process', async () => {
    const { read, state, kinds, controller: made } = opened();
    state.isBroken = true;
    await read(A);
    expect(kinds()).toEqual(['policy.accepted', 'state.unwritable']);
    expect(made.memory.policy?.acceptedAt).toBe(STARTS_AT);
    expect(made.policyState.kind).toBe('current');
  });

  it('saves one after the other, the newest last, however slow the store is', async () => {
    const { read, state, controller: made } = opened();
    await read(A);
    let open = () => {};
    state.gate = new Promise((resolve) => {
      open = resolve;
    });
    const slow = made.remember({ ...made.memory, provenPairs: [{ access: 1, tokenId: 1 }] });
    await settled();
    state.gate = Promise.resolve();
    const quick = made.remember({ ...made.memory, provenPairs: [{ access: 2, tokenId: 2 }] });
    await settled();
    open();
    await Promise.all([slow, quick]);
    expect(state.saved.at(-1)?.provenPairs).toEqual([{ access: 2, tokenId: 2 }]);
  });

  it('reports the transition before it waits for the store', async () => {
    const { read, state } = opened();
    await read(A);
    state.gate = new Promise(() => {});
    let turns = 0;
    void read(B, () => {
      turns += 1;
    });
    await settled();
    expect(turns).toBe(1);
  });

  it('a look that was called off turns nothing', async () => {
    const { source, controller: made, kinds } = opened();
    const stop = new AbortController();
    source.save(A);
    stop.abort();
    expect(await made.look('file', stop.signal, () => {})).toBe(false);
    expect(made.policyState.kind).toBe('none');
    expect(kinds()).toEqual([]);
  });

  it('looks wait for each other', async () => {
    const { source, controller: made, kinds } = opened();
    source.save(A);
    const looks = await Promise.all([
      made.look('file', never, () => {}),
      made.look('poll', never, () => {}),
      made.look('schedule', never, () => {}),
    ]);
    expect(looks).toEqual([true, false, false]);
    expect(kinds()).toEqual(['policy.accepted']);
  });
});

describe('the ends of a policy', () => {
  const ENDING = policyText(
    'grants:\n  - { to: ann@example.com, resource: project:Web, level: viewer, until: 2099-01-01 }',
  );
  const ENDING_TOO = `# the same end\n${ENDING}`;
  const sinceOf = ({ memory }: PolicyController) => memory.knownEnds.map(({ since }) => since);

  it('are known since the first of the accepted texts that set them without a gap', async () => {
    const { read, controller: made, clock, state } = opened();
    await read(ENDING);
    clock.jump(1_000);
    await read(INVALID);
    await read(ENDING_TOO);
    expect(sinceOf(made)).toEqual([STARTS_AT]);
    await read(A);
    expect(sinceOf(made)).toEqual([]);
    await read(ENDING);
    expect(sinceOf(made)).toEqual([STARTS_AT + 1_000]);
    expect(state.kept.get(3229)?.knownEnds).toEqual(made.memory.knownEnds);
  });

  it.each([
    ['as the one before knew them', ENDING, STARTS_AT],
    ['since now, where the one before did not set them', A, STARTS_AT + 2_000],
  ])('are known to a new leader %s', async (_, before, since) => {
    const state = new MemoryState();
    await opened({ state }).read(before);
    let leads = false;
    const { read, controller: made, clock } = opened({ state, keepsState: () => leads });
    clock.jump(1_000);
    await read(ENDING_TOO);
    expect(sinceOf(made)).toEqual([STARTS_AT + 1_000]);
    clock.jump(1_000);
    leads = true;
    await made.takeOver(() => {});
    expect(sinceOf(made)).toEqual([since]);
    expect(state.kept.get(3229)?.knownEnds).toEqual(made.memory.knownEnds);
  });

  it('stay as the leader before knew them, for a replica whose text was superseded', async () => {
    const state = new MemoryState();
    const leader = opened({ state });
    await leader.read(A);
    await leader.read(ENDING);
    let leads = false;
    const { read, controller: made } = opened({ state, keepsState: () => leads });
    await read(A);
    leads = true;
    expect((await made.takeOver(() => {})).superseded).not.toBe(null);
    expect(sinceOf(made)).toEqual([STARTS_AT]);
  });

  it('are what the leader before knew, for a replica that has read no policy', async () => {
    const state = new MemoryState();
    await opened({ state }).read(ENDING);
    const { read, controller: made } = opened({ state });
    await read(INVALID);
    await made.takeOver(() => {});
    expect(made.memory.knownEnds).toEqual([]);
  });
});

describe('what must be saved before grantd goes on', () => {
  it('fails for a replica that no longer leads, since nothing is saved', async () => {
    const state = new MemoryState();
    let leads = true;
    const { read, controller: made } = opened({ state, keepsState: () => leads });
    await read(A);
    await made.rememberFirst(made.memory);
    leads = false;
    await expect(made.rememberFirst(made.memory)).rejects.toMatchObject({
      code: 'state-unwritable',
      message: 'this replica no longer leads the account, so it may not save the state',
    });
  });
});
