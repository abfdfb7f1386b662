import { afterEach, describe, expect, it } from 'vitest';
import { skippedFor } from '../support/skipped-for.ts';
import { ACCOUNTS, type Cluster, openOwnCluster, openRealCluster, whyNoCluster } from './support/cluster.ts';
import { Fleet, LEASE_SECONDS, type LeaseJson, REPLICAS } from './support/fleet.ts';
import { intruders } from './support/one-writer.ts';
import { allLed, MISHAPS, playRound, type Round, until } from './support/rounds.ts';

/** CI plays 20 and more on a real API server, the proof 200. */
const ROUNDS = Number(process.env['GRANTD_CLUSTER_ROUNDS'] ?? 4);
const REASON = whyNoCluster();

let fleet: Fleet | null = null;
let cluster: Cluster | null = null;

afterEach(async () => {
  await fleet?.close();
  await cluster?.close();
  fleet = null;
  cluster = null;
});

describe('three replicas of grantd run over five accounts', () => {
  it(`have one writer for each account at any moment, whoever is killed, frozen or cut off (${MISHAPS.length} rounds on a server of this project)`, async () => {
    await play(openOwnCluster, MISHAPS.length);
  }, 1_800_000);

  it(`have one writer for each account at any moment (${ROUNDS} rounds on a real API server)`, {
    timeout: 7_200_000,
    ...skippedFor(REASON),
  }, async () => {
    await play(openRealCluster, ROUNDS);
  });
});

async function play(open: () => Promise<Cluster>, count: number): Promise<void> {
  cluster = await open();
  fleet = await Fleet.start(cluster);
  const played = fleet;
  await allLed(played);
  const rounds: Round[] = [];
  for (let round = 0; round < count; round += 1) {
    const mishap = MISHAPS[round % MISHAPS.length] ?? 'kill';
    rounds.push(await playRound(played, mishap));
  }
  await allLed(played);
  await expectEqual(played);
  const puts = played.simulator.requests().filter(({ method }) => method === 'PUT');
  const leases = cluster.leases as unknown as readonly LeaseJson[];
  played.leaders();
  expect(intruders(leases, played.simulator.requests(), played.holders, LEASE_SECONDS * 1000)).toEqual([]);
  // Whoever starts first may have them all; of what falls free the others each take a part.
  expect(Math.max(...rounds.map(({ writers }) => writers))).toBeGreaterThan(1);
  // It would prove nothing were there little to see.
  expect(puts.length).toBeGreaterThan(count * ACCOUNTS.length);
  for (const name of REPLICAS) expect(played.process(name).stderr).toBe('');
  process.stderr.write(summary(rounds, puts.length, leases.length));
}

/** Whoever leads now makes the accounts equal: everybody holds what the policy says. */
async function expectEqual(played: Fleet): Promise<void> {
  played.calm();
  await until(played, 'accounts that are as the policies say', () =>
    ACCOUNTS.every((account) => {
      const rows = ['ann', 'bob', 'carol', 'dan'].map((who) => played.simulator.rows(`${who}@example.com`, account));
      return rows.every((held) => JSON.stringify(held) === JSON.stringify({ [`project:${account * 10}`]: 10 }));
    }),
  );
}

function summary(rounds: readonly Round[], puts: number, versions: number): string {
  const lines = MISHAPS.map((mishap) => {
    const times = rounds.filter((round) => round.mishap === mishap).map(({ handoverMs }) => handoverMs);
    times.sort((a, b) => a - b);
    return `  ${mishap.padEnd(6)} ${times.length} rounds, handover ms: ${times[0]} least, ${times[Math.floor(times.length / 2)]} median, ${times.at(-1)} most`;
  });
  const head = `${rounds.length} rounds with Leases of ${LEASE_SECONDS} s: ${puts} PUTs, ${versions} versions of Leases, one writer at any moment`;
  return `${[head, ...lines].join('\n')}\n`;
}
