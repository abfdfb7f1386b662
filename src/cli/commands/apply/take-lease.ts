import { objectName } from '../../../adapters/settings/kubernetes-kinds.ts';
import type { AccountLease } from '../../../core/domain/run/daemon-ports.ts';
import type { LeaseEvent, WritePermit } from '../../../core/domain/run/lease.ts';
import { GrantdError } from '../../../core/domain/text/error.ts';
import type { Call } from '../../line/command.ts';
import { openCluster } from '../../open/cluster.ts';
import { daemonClock } from '../../process/daemon-clock.ts';

/** A Lease for as long as one apply lasts. */
export interface TakenLease {
  /** Null where none is held. */
  readonly permit: WritePermit | null;
  giveBack(): Promise<void>;
}

const LOOK_EVERY_MS = 50;

/** How much longer than the Lease lasts somebody who does not renew it is waited for: others may want it as well. */
const PATIENCE = 2;

/**
 * Takes the Lease of the account where the settings have leases, and says where a second writer is not excluded. Throws
 * `lease-taken` where another replica is alive and holds it: that one does what the policy says.
 */
export async function takeLease(call: Call, account: number, signal: AbortSignal): Promise<TakenLease> {
  const clock = daemonClock(call.io.clock);
  const { lease } = await openCluster({ ...call, settings: { ...call.settings, stateConfigMap: null } }, clock);
  if (lease === null) {
    call.io.stderr.write('No lease is held: a second writer, such as a daemon, is not excluded.\n');
    return { permit: null, giveBack: async () => {} };
  }
  const name = objectName(call.settings.leaseName, account);
  const elected = lease(account);
  const over = new AbortController();
  const troubles: GrantdError[] = [];
  const keeping = elected.keep(over.signal, (news) => hear(news));
  const giveBack = async () => {
    over.abort();
    await keeping;
  };
  try {
    const deadlineMs = clock.monotonicMs() + call.settings.leaseDurationSeconds * 1000 * PATIENCE;
    for (;;) {
      const standing = elected.status();
      if (standing.kind === 'held') return { permit: standing.term.permit, giveBack };
      const [trouble] = troubles;
      if (trouble) throw unreached(name, trouble);
      const isOver = clock.monotonicMs() > deadlineMs;
      if (standing.kind === 'standby' && (standing.hasRenewed || isOver)) throw heldBy(name, standing);
      if (isOver) throw heldBy(name, { holder: null });
      await clock.sleep(LOOK_EVERY_MS, signal);
    }
  } catch (error) {
    await giveBack();
    throw signal.aborted ? signal.reason : error;
  }

  function hear(news: LeaseEvent): void {
    if (news.kind === 'unreachable') troubles.push(news.error);
    if (news.kind === 'standby' && news.holder !== null) {
      call.io.stderr.write(`Waiting to see whether ${news.holder} still holds the Lease ${name}.\n`);
    }
    if (news.kind === 'lost')
      call.io.stderr.write(`The Lease ${name} is lost (${news.reason}): no further write begins.\n`);
  }
}

function heldBy(
  name: string,
  { holder }: Pick<Extract<ReturnType<AccountLease['status']>, { kind: 'standby' }>, 'holder'>,
) {
  return new GrantdError(
    'lease-taken',
    `${holder ?? 'somebody else'} holds the Lease ${name} and writes to the account; nothing was written`,
    'let it do so: change the policy that it reads; or stop it first, as with `kubectl scale --replicas=0`',
  );
}

function unreached(name: string, { code, message, remedy }: GrantdError): GrantdError {
  return new GrantdError(
    code,
    `the Lease ${name} cannot be taken, so nothing was written: ${message}`,
    `${remedy}; or add --lease off, which excludes no second writer`,
  );
}
