import type { MailtrapOptions } from '../../../src/adapters/mailtrap/client.ts';
import type { WritePorts } from '../../../src/run/reconcile/reconcile.ts';
import { connect } from '../../support/live-account.ts';
import type { DaemonProcess } from './daemon-process.ts';
import type { Storage } from './storage.ts';

/** The real client of one account, and the journal of the world, both reached only while the process lives. */
export async function accountPorts(
  process: DaemonProcess,
  account: number,
  place: Pick<MailtrapOptions, 'apiUrl' | 'requestTimeoutMs'>,
  storage: Storage,
): Promise<WritePorts> {
  const { life, listener } = process;
  const client = connect({ account, ...place, clock: life, random: () => 0.5 });
  const journal = await life.outside('open', () => storage.openJournal(account, () => life.now()));
  return {
    clock: life,
    reader: {
      confirmAccount: (signal) => life.outside('read', () => client.confirmAccount(signal)),
      readResources: (signal) => life.outside('read', () => client.readResources(signal)),
      readAccesses: (signal) => life.outside('read', () => client.readAccesses(signal)),
      readApiTokens: (signal) => life.outside('read', () => client.readApiTokens(signal)),
    },
    writer: {
      writeRows: (access, rows, signal, permit) =>
        life.outside('put', () => {
          listener.onPut?.(process, access, rows);
          return client.writeRows(access, rows, signal, permit);
        }),
    },
    journal: {
      intend: (put) =>
        life.outside('intend', async () => {
          listener.onIntent?.(process, put);
          const entry = await journal.intend(put);
          return {
            ended: (end) =>
              life.outside('outcome', () => {
                listener.onOutcome?.(process, put, end);
                return entry.ended(end);
              }),
          };
        }),
    },
  };
}
