import type { ResourceNode } from '../../src/core/domain/account/resource-tree.ts';
import { NO_RESTRAINTS } from '../../src/core/domain/plan/restraints.ts';
import type { AccountWriter, RowWrite } from '../../src/core/domain/run/ports.ts';
import type { RunResult } from '../../src/core/domain/run/run-result.ts';
import { resolvePolicy } from '../../src/core/resolve/resolve-policy.ts';
import type { AccountSeed, ResourceSeed, RowSeed } from '../../src/simulator/seed.ts';
import type { Simulator } from '../../src/simulator/start-simulator.ts';
import { type Snapshot, snapshotOf } from './account-snapshot.ts';
import { ACCOUNT } from './arbitrary/policy.ts';
import { GRANTD_TOKEN_ID, type World } from './arbitrary/world.ts';
import { connect, openAccount, type RunOptions, SteppedClock } from './live-account.ts';
import { ADMIN_TOKEN } from './small-seed.ts';
import { toWire } from './wire-types.ts';

/** One call of the writer, and the account right before and after it. */
export interface Write {
  readonly access: number;
  readonly rows: readonly RowWrite[];
  readonly before: Snapshot;
  readonly after: Snapshot;
}

/** As much of a world as a check of one run looks at. */
export interface WatchedRun {
  readonly simulator: Pick<Simulator, 'requests'>;
  readonly writes: readonly Write[];
  snapshot(): Snapshot;
}

export interface LiveWorld extends WatchedRun {
  readonly simulator: Simulator;
  /** Lets time pass, so that whatever was stale shows. */
  passTime(): void;
  run(options?: LiveRun): Promise<RunResult>;
}

export interface LiveRun
  extends Pick<RunOptions, 'rowsPerPut' | 'concurrency' | 'stop' | 'abort' | 'onEvent' | 'ledger'> {
  readonly approvedByHand?: readonly string[];
}

/** Its last four characters are those of the calling token, so grantd takes it for its own. */
const OWN_LOOKING_SECRET = 'second-admin-token';

/** Runs a check against the live account that holds the world, with a new client for each run. */
export async function withLiveWorld(
  world: World,
  isTokenListed: boolean,
  check: (live: LiveWorld) => Promise<void>,
  seed: Partial<AccountSeed> = {},
): Promise<void> {
  const clock = new SteppedClock(world.now);
  const { simulator, runResolved } = await openAccount(
    { ...toSeed(world, isTokenListed), ...seed },
    {
      clock,
      simulator: { rateLimit: 'off' },
    },
  );
  const writes: Write[] = [];
  const snapshot = () => snapshotOf(simulator);
  const resolved = resolvePolicy(world.policy);
  const over = new AbortController();
  try {
    await check({
      simulator,
      writes,
      snapshot,
      passTime: () => clock.pass(600_000),
      run: ({
        rowsPerPut = 100,
        concurrency = 4,
        approvedByHand = [],
        stop,
        abort,
        ledger,
        onEvent = () => {},
      } = {}) => {
        const client = connect({ account: ACCOUNT, apiUrl: simulator.url, clock });
        return runResolved(resolved, {
          reader: client,
          writer: watched(client, writes, snapshot),
          restraints: { ...NO_RESTRAINTS, approvedByHand },
          rowsPerPut,
          concurrency,
          stop: stop ?? over.signal,
          abort: abort ?? over.signal,
          onEvent,
          ...(ledger && { ledger }),
        });
      },
    });
  } finally {
    over.abort();
    await simulator.close();
  }
}

function watched(client: AccountWriter, writes: Write[], snapshot: () => Snapshot): AccountWriter {
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
      {
        name: 'grantd',
        secret: ADMIN_TOKEN,
        id: GRANTD_TOKEN_ID,
        access: 900,
        rows: [{ type: 'account', id: ACCOUNT, level: 100 }],
      },
      ...(actual.apiTokens ?? [])
        .filter(({ tokenId }) => tokenId !== GRANTD_TOKEN_ID)
        .map((token) => ({
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
