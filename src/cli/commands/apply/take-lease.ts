import { objectName } from '../../../adapters/settings/kubernetes-kinds.ts';
import type { AccountLease } from '../../../core/domain/run/daemon-ports.ts';
import type { LeaseEvent, WritePermit } from '../../../core/domain/run/lease.ts';
import { GrantdError } from '../../../core/domain/text/error.ts';
import { fitText } from '../../../report/layout/fit.ts';
import { warningText } from '../../../report/problems/text.ts';
import type { CallContext } from '../../line/command.ts';
import { openCluster } from '../../open/cluster.ts';
import { daemonClock } from '../../process/node-io.ts';

/** A Lease for as long as one apply lasts. */
export interface TakenLease {
  /** Null if the settings have no lease. */
  readonly permit: WritePermit | null;
  giveBack(): Promise<void>;
}

const LOOK_EVERY_MS = 50;

/** How many durations of the Lease apply waits for a holder that does not renew it. Others may want the Lease too. */
const PATIENCE = 2;

/**
 * Takes the Lease of the account if the settings have leases; else warns that someone else may write too. Throws
 * `lease-taken` if another replica leads: that replica applies the policy.
 */
export async function takeLease(call: CallContext, account: number, signal: AbortSignal): Promise<TakenLease> {
  const clock = daemonClock(call.io.clock);
  const { lease } = await openCluster({ ...call, settings: { ...call.settings, stateConfigMap: null } }, clock);
  if (lease === null) {
    const what = 'a daemon or another apply may write to this account at the same time';
    call.io.stderr.write(warningText(what, 'on Kubernetes, `--lease on` prevents it', call.paint.stderr));
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
      if (standing.kind === 'standby' && (standing.hasRenewed || isOver)) throw ledBy(name, standing);
      if (isOver) throw ledBy(name, { holder: null });
      await clock.sleep(LOOK_EVERY_MS, signal);
    }
  } catch (error) {
    await giveBack();
    throw signal.aborted ? signal.reason : error;
  }

  function say(text: string): void {
    call.io.stderr.write(fitText(`${text}\n`, call.paint.stderr));
  }

  function hear(news: LeaseEvent): void {
    if (news.kind === 'unreachable') troubles.push(news.error);
    if (news.kind === 'standby' && news.holder !== null) {
      say(`Waiting to see whether ${news.holder} still leads with the Lease ${name}.`);
    }
    if (news.kind === 'lost') say(`The Lease ${name} is lost (${news.reason}): no further write begins.`);
  }
}

function ledBy(
  name: string,
  { holder }: Pick<Extract<ReturnType<AccountLease['status']>, { kind: 'standby' }>, 'holder'>,
) {
  return new GrantdError(
    'lease-taken',
    `${holder ?? 'another replica'} leads with the Lease ${name} and writes to the account; apply wrote nothing`,
    'change the policy that it reads, and it applies the change; or stop it first, e.g. with `kubectl scale --replicas=0`',
  );
}

function unreached(name: string, { code, message, remedy }: GrantdError): GrantdError {
  return new GrantdError(
    code,
    `apply cannot take the Lease ${name}, so it wrote nothing: ${message}`,
    `${remedy}; or add --lease off: then a daemon may write at the same time`,
  );
}
