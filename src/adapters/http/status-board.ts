import type { Clock } from '../../core/domain/run/ports.ts';
import type { AccountStatus } from '../../core/domain/status/account-status.ts';
import type { DaemonObserver } from '../../core/domain/status/status-update.ts';
import { instantText } from '../../core/domain/text/instant.ts';
import { accountJson } from './account-json.ts';
import { publicStatus } from './public-status.ts';
import { type DaemonStatus, STATUS_VERSION } from './status.ts';

export interface Judgement {
  readonly ok: boolean;
  /** Empty if it is ok. Contains names of policy files, and no other names. */
  readonly reasons: readonly string[];
}

/** What the daemon is doing, as the port serves it. */
export interface StatusBoard {
  readonly observe: DaemonObserver;
  /** Everything, e-mails and names included. */
  status(): DaemonStatus;
  publicStatus(): DaemonStatus;
  /** Whether every account has had a valid policy since the start. Ignores Mailtrap. */
  ready(): Judgement;
}

/** Keeps of the daemon only when it started and how it is set; `accounts` is the status of every account, as of now. */
export function createStatusBoard(options: {
  /** Of grantd. */
  readonly version: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly accounts: () => readonly AccountStatus[];
}): StatusBoard {
  const { version, clock, accounts } = options;
  let daemon: Pick<DaemonStatus, 'startedAt' | 'isStopping' | 'schedule' | 'timezone'> = {
    startedAt: null,
    isStopping: false,
    schedule: null,
    timezone: null,
  };
  const status = (): DaemonStatus => ({
    version: STATUS_VERSION,
    hasNames: true,
    grantd: version,
    time: instantText(clock.now()),
    ...daemon,
    accounts: accounts().map(accountJson),
  });
  return {
    observe: ({ event, at }) => {
      if (event.kind === 'daemon.stopping') daemon = { ...daemon, isStopping: true };
      if (event.kind !== 'daemon.started') return;
      const { schedule, timezone } = event;
      daemon = { startedAt: instantText(at), isStopping: false, schedule, timezone };
    },
    status,
    publicStatus: () => publicStatus(status()),
    ready: () => {
      const reasons = daemon.startedAt === null ? ['the daemon has not started yet'] : unreadyReasons(accounts());
      return { ok: reasons.length === 0, reasons };
    },
  };
}

function unreadyReasons(accounts: readonly AccountStatus[]): readonly string[] {
  return accounts
    .filter(({ revisions }) => revisions.accepted === null)
    .map(({ policy }) => `${policy}: grantd has not read a valid policy since the start`);
}
