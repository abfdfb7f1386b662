import { createMailtrapClient } from '../../src/adapters/mailtrap/client.ts';
import { createLimiter } from '../../src/adapters/mailtrap/transport/limiter.ts';
import type { ResourceType } from '../../src/core/domain/account/resource.ts';
import type { ResourceNode } from '../../src/core/domain/account/resource-tree.ts';
import { NO_RESTRAINTS } from '../../src/core/domain/plan/restraints.ts';
import { NO_JOURNAL } from '../../src/core/domain/run/daemon-ports.ts';
import type { AccountReader, AccountWriter, Clock, RowWrite } from '../../src/core/domain/run/ports.ts';
import type { RunEvent, RunResult } from '../../src/core/domain/run/run-result.ts';
import { resolvePolicy } from '../../src/core/resolve/resolve-policy.ts';
import { reconcile } from '../../src/run/reconcile/reconcile.ts';
import type { AccountSeed, ResourceSeed, RowSeed } from '../../src/simulator/seed.ts';
import { type Simulator, startSimulator } from '../../src/simulator/start-simulator.ts';
import { ACCOUNT, type World } from './arbitrary-world.ts';
import type { RowMap } from './oracle.ts';

/** Who holds what at one moment, as the simulator itself knows it: by account access id, in the domain's words. */
export type Snapshot = ReadonlyMap<
  number,
  { readonly kind: 'User' | 'Invite' | 'ApiToken'; readonly who: string; readonly rows: RowMap }
>;

/** One call of the writer, and the account right before and after it. */
export interface Write {
  readonly access: number;
  readonly rows: readonly RowWrite[];
  readonly before: Snapshot;
  readonly after: Snapshot;
}

export interface LiveWorld {
  readonly simulator: Simulator;
  readonly writes: Write[];
  snapshot(): Snapshot;
  /** Lets time pass, so that whatever was stale shows. */
  passTime(): void;
  run(options?: LiveRun): Promise<RunResult>;
}

/** As much of a world as a check of one run looks at. */
export interface WatchedRun {
  readonly simulator: Pick<Simulator, 'requests'>;
  readonly writes: readonly Write[];
  snapshot(): Snapshot;
}

export interface LiveRun {
  readonly rowsPerPut?: number;
  readonly concurrency?: number;
  readonly approvedByHand?: readonly string[];
  readonly stop?: AbortController;
  readonly abort?: AbortController;
  readonly onEvent?: (event: RunEvent) => void;
}

const SECRET = 'simulator-admin-token';
/** Its last four characters are those of the calling token, so grantd takes it for its own. */
const OWN_LOOKING_SECRET = 'second-admin-token';

const TYPES: readonly (readonly [ResourceType, string])[] = [
  ['domain', 'sending_domain'],
  ['campaigns', 'email_campaign_permission_scope'],
  ['templates', 'email_template_permission_scope'],
  ['other/thing', 'thing'],
];

export function toWire(type: ResourceType): string {
  return TYPES.find(([own]) => own === type)?.[1] ?? type;
}

export function fromWire(type: string): string {
  return TYPES.find(([, wire]) => wire === type)?.[0] ?? type;
}

/** Runs a check against a simulated account that holds the world, the real client to it, and a clock that only sleeping moves. */
export async function withLiveWorld(
  world: World,
  isTokenListed: boolean,
  check: (live: LiveWorld) => Promise<void>,
): Promise<void> {
  let now = world.now;
  const clock: Clock = {
    now: () => now,
    sleep: async (durationMs, signal) => {
      signal.throwIfAborted();
      now += durationMs;
    },
  };
  const simulator = await startSimulator({ seed: toSeed(world, isTokenListed), now: clock.now, rateLimit: 'off' });
  const writes: Write[] = [];
  const over = new AbortController();
  const snapshot = () => snapshotOf(simulator);
  const resolved = resolvePolicy(world.policy);
  try {
    await check({
      simulator,
      writes,
      snapshot,
      passTime: () => {
        now += 600_000;
      },
      run: ({ rowsPerPut = 100, concurrency = 4, approvedByHand = [], stop, abort, onEvent }: LiveRun = {}) => {
        const client = createMailtrapClient({
          account: ACCOUNT,
          apiUrl: simulator.url,
          token: () => SECRET,
          limiter: createLimiter({ clock }),
          clock,
          random: () => 0,
          version: 'test',
        });
        return reconcile(
          { reader: client, writer: watched(client, writes, snapshot), clock, journal: NO_JOURNAL },
          {
            restraints: { ...NO_RESTRAINTS, approvedByHand },
            runId: 'run-1',
            revision: null,
            resolved,
            agreed: null,
            rowsPerPut,
            concurrency,
            stop: (stop ?? over).signal,
            abort: (abort ?? over).signal,
            onEvent: onEvent ?? (() => {}),
          },
        );
      },
    });
  } finally {
    over.abort();
    await simulator.close();
  }
}

function watched(client: AccountReader & AccountWriter, writes: Write[], snapshot: () => Snapshot): AccountWriter {
  return {
    writeRows: async (access, rows, signal) => {
      const before = snapshot();
      try {
        return await client.writeRows(access, rows, signal);
      } finally {
        writes.push({ access, rows, before, after: snapshot() });
      }
    },
  };
}

/** What everybody holds now, whatever stale reads show. */
export function snapshotOf(simulator: Simulator): Snapshot {
  return new Map(
    simulator.state().accesses.map(({ access, kind, who, rows }) => {
      const map: RowMap = new Map(rows.map((row) => [`${fromWire(row.type)}#${row.id}`, row.level]));
      return [access, { kind, who, rows: map }];
    }),
  );
}

/** The world as a seed. What its tree does not show is hidden there; a token level below admin has no counterpart. */
export function toSeed({ actual }: World, isTokenListed: boolean): AccountSeed {
  const { root } = actual.tree;
  const below = (node: ResourceNode): readonly ResourceSeed[] =>
    actual.tree.childrenOf(node).map((child) => ({
      type: toWire(child.type),
      id: child.id,
      name: child.name,
      resources: below(child),
    }));
  const rows = (held: World['actual']['accesses'][number]['rows']): readonly RowSeed[] =>
    held.map(({ type, id, level }) => ({ type: toWire(type), id, level }));
  return {
    account: { id: ACCOUNT, name: 'Example' },
    roots: root.shown ? 'account' : 'projects',
    resources: [...below(root), { type: 'project', id: 999, name: 'Unseen', hidden: true }],
    tokens: [
      { name: 'grantd', secret: SECRET, access: 900, rows: [{ type: 'account', id: ACCOUNT, level: 100 }] },
      ...(actual.apiTokens ?? []).map((token) => ({
        name: token.name,
        secret: token.isOwnToken ? OWN_LOOKING_SECRET : 'secret-of-ci-0001',
        id: token.tokenId,
        access: 500,
        listed: isTokenListed,
        rows: rows(token.rows),
      })),
    ],
    accesses: actual.accesses.flatMap(({ access, principal, canUpdate, ...held }) =>
      principal.kind === 'token'
        ? []
        : [
            {
              access,
              kind: principal.kind,
              email: principal.email,
              rows: rows(held.rows),
              ...(canUpdate ? {} : { permissions: { can_update: false } }),
            },
          ],
    ),
  };
}
