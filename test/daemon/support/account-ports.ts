import { createMailtrapClient } from '../../../src/mailtrap/client.ts';
import { createLimiter } from '../../../src/mailtrap/limiter.ts';
import type { WritePorts } from '../../../src/reconcile/reconcile.ts';
import type { DaemonProcess } from './daemon-process.ts';

export const SECRET = 'simulator-admin-token';

/** The real client of one account, and a journal that lasts as long as the world, both reached only while the process lives. */
export async function accountPorts(process: DaemonProcess, account: number, apiUrl: string): Promise<WritePorts> {
  const { life, listener } = process;
  const client = createMailtrapClient({
    account,
    apiUrl,
    token: () => SECRET,
    limiter: createLimiter({ clock: life }),
    clock: life,
    random: () => 0.5,
    version: 'test',
  });
  return life.outside('open', async () => ({
    clock: life,
    reader: {
      confirmAccount: (signal) => life.outside('read', () => client.confirmAccount(signal)),
      readResources: (signal) => life.outside('read', () => client.readResources(signal)),
      readAccesses: (signal) => life.outside('read', () => client.readAccesses(signal)),
      readApiTokens: (signal) => life.outside('read', () => client.readApiTokens(signal)),
    },
    writer: {
      writeRows: (access, rows, signal) =>
        life.outside('put', () => {
          listener.onPut?.(process, access, rows);
          return client.writeRows(access, rows, signal);
        }),
    },
    journal: {
      intend: (put) =>
        life.outside('intend', async () => {
          listener.onIntent?.(process, put);
          return {
            ended: (end) =>
              life.outside('outcome', async () => {
                listener.onOutcome?.(process, put, end);
                return `hash of ${put.runId}`;
              }),
          };
        }),
    },
  }));
}
