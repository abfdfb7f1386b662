import { createMailtrapClient, type MailtrapOptions } from '../../../../src/adapters/mailtrap/client.ts';
import { createLimiter } from '../../../../src/adapters/mailtrap/transport/limiter.ts';
import type { RequestEvent } from '../../../../src/adapters/mailtrap/transport/request-event.ts';
import type { AccountReader, AccountWriter } from '../../../../src/core/domain/run/ports.ts';
import { FakeJumpClock } from './clocks.ts';
import { ACCOUNT, TOKEN } from './scripted-server.ts';

export interface TestClient {
  readonly client: AccountReader & AccountWriter;
  readonly clock: FakeJumpClock;
  readonly events: readonly RequestEvent[];
}

/** A client whose waits are over at once and whose jitter is always half. */
export function newClient(apiUrl: string, options: Partial<MailtrapOptions> = {}): TestClient {
  const clock = new FakeJumpClock();
  const events: RequestEvent[] = [];
  const client = createMailtrapClient({
    account: ACCOUNT,
    apiUrl,
    token: () => TOKEN,
    limiter: createLimiter({ clock }),
    clock,
    random: () => 0.5,
    version: '0.0.0-test',
    onRequest: (event) => events.push(event),
    ...options,
  });
  return { client, clock, events };
}

export function anySignal(): AbortSignal {
  return new AbortController().signal;
}
