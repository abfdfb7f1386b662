import { afterEach } from 'vitest';
import { createMailtrapClient, type MailtrapOptions } from '../../src/adapters/mailtrap/client.ts';
import { createLimiter } from '../../src/adapters/mailtrap/transport/limiter.ts';
import { NO_RESTRAINTS, type Restraints } from '../../src/core/domain/plan/restraints.ts';
import type { Revision } from '../../src/core/domain/policy/revision.ts';
import { NO_JOURNAL, type WriteJournal } from '../../src/core/domain/run/daemon-ports.ts';
import type { AccountReader, AccountWriter, Clock } from '../../src/core/domain/run/ports.ts';
import type { AgreedPlan, RunEvent, RunResult } from '../../src/core/domain/run/run-result.ts';
import { resolvePolicy } from '../../src/core/resolve/resolve-policy.ts';
import { type Preview, preview } from '../../src/run/reconcile/preview.ts';
import { reconcile } from '../../src/run/reconcile/reconcile.ts';
import type { AccountSeed } from '../../src/simulator/seed.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/simulator/start-simulator.ts';
import { buildPolicy, type PolicySpec } from './policy-builder.ts';

export const NOW = Date.UTC(2026, 10, 24, 12);
export const ACCOUNT = 3229;
const SECRET = 'simulator-admin-token';

/** Time that moves only when somebody sleeps: the account and grantd share it, and no test waits. */
export class SteppedClock implements Clock {
  readonly slept: number[] = [];
  #now = NOW;

  now(): number {
    return this.#now;
  }

  async sleep(durationMs: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.slept.push(durationMs);
    this.#now += durationMs;
  }
}

export interface LiveAccount {
  readonly simulator: Simulator;
  readonly client: AccountReader & AccountWriter;
  readonly clock: SteppedClock;
  readonly events: RunEvent[];
  preview(policy: PolicySpec, restraints?: Restraints): Promise<Preview>;
  run(policy: PolicySpec, options?: RunOptions): Promise<RunResult>;
  /** Method and path of every request, without the check of the account. */
  calls(): readonly string[];
  /** The bodies of all bulk PUTs, in the order of arrival. */
  puts(): readonly { readonly access: number; readonly permissions: readonly unknown[] }[];
}

export interface RunOptions {
  readonly agreed?: AgreedPlan | null;
  readonly rowsPerPut?: number;
  readonly concurrency?: number;
  readonly stop?: AbortSignal;
  readonly abort?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
  readonly restraints?: Restraints;
  readonly revision?: Revision | null;
  readonly journal?: WriteJournal;
}

const running: Simulator[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()));
});

/** A simulated account, the real client to it over HTTP, and one stepped clock for both. */
export async function liveAccount(
  seed: Partial<AccountSeed>,
  options: { readonly simulator?: Partial<SimulatorOptions>; readonly client?: Partial<MailtrapOptions> } = {},
): Promise<LiveAccount> {
  const clock = new SteppedClock();
  const simulator = await startSimulator({ seed: fullSeed(seed), now: () => clock.now(), ...options.simulator });
  running.push(simulator);
  const client = createMailtrapClient({
    account: ACCOUNT,
    apiUrl: simulator.url,
    token: () => SECRET,
    limiter: createLimiter({ clock }),
    clock,
    random: () => 0,
    version: 'test',
    ...options.client,
  });
  const events: RunEvent[] = [];
  return {
    simulator,
    client,
    clock,
    events,
    preview: (policy, restraints = NO_RESTRAINTS) =>
      preview(
        { reader: client, clock },
        { resolved: resolvePolicy(buildPolicy(policy)), restraints },
        new AbortController().signal,
        (event) => events.push(event),
      ),
    run: (policy, { journal = NO_JOURNAL, ...run } = {}) =>
      reconcile(
        { reader: client, writer: client, clock, journal },
        {
          restraints: NO_RESTRAINTS,
          runId: 'run-1',
          revision: null,
          resolved: resolvePolicy(buildPolicy(policy)),
          agreed: null,
          rowsPerPut: 100,
          concurrency: 4,
          stop: new AbortController().signal,
          abort: new AbortController().signal,
          onEvent: (event) => events.push(event),
          ...run,
        },
      ),
    calls: () =>
      simulator
        .requests()
        .filter((request) => request.path !== '/api/accounts')
        .map((request) => `${request.method} ${request.path.replace(`/api/accounts/${ACCOUNT}/`, '')}`),
    puts: () =>
      simulator
        .requests()
        .filter((request) => request.method === 'PUT')
        .map((request) => ({
          access: Number(/account_accesses\/(\d+)/.exec(request.path)?.[1]),
          permissions: (request.body as { permissions: unknown[] }).permissions,
        })),
  };
}

/** Two projects with inboxes, a domain, billing; the token of grantd; and whoever the test adds. */
function fullSeed(seed: Partial<AccountSeed>): AccountSeed {
  return {
    account: { id: ACCOUNT, name: 'Example' },
    resources: [
      { type: 'billing', id: 3229, name: 'Billing' },
      {
        type: 'project',
        id: 1,
        name: 'Web',
        resources: [
          { type: 'inbox', id: 11, name: 'Live' },
          { type: 'inbox', id: 12, name: 'Test' },
        ],
      },
      { type: 'project', id: 2, name: 'App', resources: [{ type: 'inbox', id: 21, name: 'Live' }] },
      { type: 'sending_domain', id: 5, name: 'example.com' },
    ],
    accesses: [],
    ...seed,
    tokens: [
      { name: 'grantd', secret: SECRET, id: 900, access: 9000, rows: [{ type: 'account', id: ACCOUNT, level: 100 }] },
      ...(seed.tokens ?? []),
    ],
  };
}
