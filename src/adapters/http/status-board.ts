import type { DaemonObserver } from '../../core/domain/run/daemon-event.ts';
import type { Clock } from '../../core/domain/run/ports.ts';
import { instantText } from '../../core/domain/text/instant.ts';
import { type BoardState, EMPTY_BOARD, nextStatus } from './next-status.ts';
import { publicStatus } from './public-status.ts';
import { type DaemonStatus, STATUS_VERSION } from './status.ts';

export interface Judgement {
  readonly ok: boolean;
  /** Empty where it is ok. Names policy files, and nobody. */
  readonly reasons: readonly string[];
}

/** What the daemon is doing, made of what it tells and of nothing else. */
export interface StatusBoard {
  readonly observe: DaemonObserver;
  /** Everything, e-mails and names included. */
  status(): DaemonStatus;
  publicStatus(): DaemonStatus;
  /** Whether every account has had a valid policy since the start. Says nothing of Mailtrap. */
  ready(): Judgement;
}

export function createStatusBoard(options: {
  /** Of grantd. */
  readonly version: string;
  readonly clock: Pick<Clock, 'now'>;
}): StatusBoard {
  const { version, clock } = options;
  let board = EMPTY_BOARD;
  const status = (): DaemonStatus => ({
    version: STATUS_VERSION,
    hasNames: true,
    grantd: version,
    time: instantText(clock.now()),
    ...board.daemon,
    accounts: [...board.accounts.values()].map((account) => account.status),
  });
  return {
    observe: (event) => {
      board = nextStatus(board, event, clock.now());
    },
    status,
    publicStatus: () => publicStatus(status()),
    ready: () => judge(unreadyReasons(board)),
  };
}

function unreadyReasons({ daemon, accounts }: BoardState): readonly string[] {
  if (daemon.startedAt === null) return ['the daemon has not begun yet'];
  return [...accounts.values()]
    .filter(({ status }) => status.revisions.accepted === null)
    .map(({ status }) => `${status.policy}: no valid policy has been read since the start`);
}

function judge(reasons: readonly string[]): Judgement {
  return { ok: reasons.length === 0, reasons };
}
