import type { DaemonEvent } from '../../core/domain/run/daemon-event.ts';
import { type Instant, instantText } from '../../core/domain/text/instant.ts';
import { type AccountState, newAccount } from './account-state.ts';
import { conditionsOf } from './conditions.ts';
import { nextAccount } from './next-account.ts';
import type { DaemonStatus } from './status.ts';

/** What the board knows. Holds as much as there are policies, however long the daemon lives. */
export interface BoardState {
  readonly daemon: Pick<DaemonStatus, 'startedAt' | 'isStopping' | 'schedule' | 'timezone'>;
  /** By policy file, in the order of the settings. */
  readonly accounts: ReadonlyMap<string, AccountState>;
}

export const EMPTY_BOARD: BoardState = {
  daemon: { startedAt: null, isStopping: false, schedule: null, timezone: null },
  accounts: new Map(),
};

/** The board after an event; the same object where the event changes nothing on it. */
export function nextStatus(board: BoardState, event: DaemonEvent, now: Instant): BoardState {
  if (event.kind === 'daemon.started') {
    const { schedule, timezone, policies } = event;
    const fresh = policies.map(
      (policy) => [policy, begun(board.accounts.get(policy) ?? newAccount(policy), now)] as const,
    );
    return {
      daemon: { startedAt: instantText(now), isStopping: false, schedule, timezone },
      accounts: new Map([...fresh, ...board.accounts]),
    };
  }
  if (event.kind === 'daemon.stopping') return { ...board, daemon: { ...board.daemon, isStopping: true } };
  if (!('policy' in event)) return board;
  const before = board.accounts.get(event.policy) ?? newAccount(event.policy);
  const after = nextAccount(before, event, now);
  return after === before ? board : { ...board, accounts: new Map([...board.accounts, [event.policy, after]]) };
}

function begun(state: AccountState, now: Instant): AccountState {
  return { ...state, status: { ...state.status, conditions: conditionsOf(state, now) } };
}
