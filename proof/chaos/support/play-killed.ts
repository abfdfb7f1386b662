import { existsSync } from 'node:fs';
import { verifyAuditLog } from '../../../src/adapters/audit/verify-audit-log.ts';
import { seededRandom } from '../../../src/simulator/random.ts';
import { validPolicy } from '../../../test/core/validate/policy-text.ts';
import { KillWorld } from '../../../test/process/support/kill-world.ts';
import { expectNeverHolds } from '../../../test/property/limit-checks.ts';
import { expectNeverLess, expectNothingForbidden, Others } from '../../../test/property/run-checks.ts';
import { sentPut, snapshotOf } from '../../../test/support/account-snapshot.ts';
import { ACCOUNT } from '../../../test/support/arbitrary/policy.ts';
import { toSeed, type WatchedRun, type Write } from '../../../test/support/live-world.ts';
import type { RunningGrantd } from '../../../test/support/process.ts';
import { accountNow } from './account-now.ts';
import type { ChaosCourse } from './arbitrary-course.ts';

const KILLS = 2;
/** Far beyond the boundaries of one run of these small accounts, and then it is not killed. */
const BOUNDARIES = 60;
const ENDED = /"event":"run\.ended"/;

/**
 * The account and the first policy of a course, by real processes of `grantd run` that are killed at random boundaries and
 * started again. Returns how many were killed, and throws where the account or the audit log is not as it must be.
 */
export async function playKilled(seed: number, { live, text, isTokenListed }: ChaosCourse): Promise<number> {
  const random = seededRandom(seed);
  const account = await KillWorld.open(toSeed(live.world, isTokenListed), text);
  const { simulator } = account;
  const ownTokens = new Set(
    (live.world.actual.apiTokens ?? []).filter((one) => one.isOwnToken).map(({ name }) => name),
  );
  const world = { policy: validPolicy(text), actual: accountNow(simulator.state(), ownTokens, []), now: Date.now() };
  const start = snapshotOf(simulator);
  try {
    let kills = 0;
    for (let life = 0; life < KILLS; life += 1) {
      if (await endOf(account.start(1 + Math.floor(random() * BOUNDARIES)))) kills += 1;
    }
    await endOf(account.start(0));
    const writes = simulator.requests().flatMap((request): Write[] => {
      if (request.method !== 'PUT') return [];
      const { access, rows } = sentPut(request);
      const sent = rows.map(({ type, id, level }) => ({
        resource: { type, id },
        level: level === 0 ? null : level === 100 ? ('admin' as const) : ('viewer' as const),
      }));
      return [{ access, rows: sent, before: start, after: snapshotOf(simulator) }];
    });
    const run: WatchedRun = { simulator, writes, snapshot: () => snapshotOf(simulator) };
    const nobody = new Others([]);
    expectNothingForbidden(world, run, nobody);
    expectNeverLess(world, run, nobody);
    expectNeverHolds({ world }, start, run, nobody);
    await expectAccounted(account.auditLog, writes.length);
    return kills;
  } finally {
    await account.close();
  }
}

/** Waits for the end of a run, or of the process by its own SIGKILL; true where it was killed. */
async function endOf(daemon: RunningGrantd): Promise<boolean> {
  const killed = daemon.ended.then(({ signal }) => signal === 'SIGKILL');
  const ran = daemon.printed(ENDED).then(
    () => false,
    () => true,
  );
  await Promise.race([killed, ran]);
  daemon.kill('SIGTERM');
  const { code, signal, stdout, stderr } = await daemon.ended;
  if (signal !== 'SIGKILL' && code !== 0) throw new Error(`grantd run ended with ${code}: ${stdout}${stderr}`);
  return signal === 'SIGKILL';
}

async function expectAccounted(file: string, puts: number): Promise<void> {
  if (!existsSync(file)) {
    if (puts > 0) throw new Error(`${puts} PUTs, and no audit log`);
    return;
  }
  const { account, breaks, intents, withoutOutcome } = await verifyAuditLog(file, null);
  const [first] = breaks;
  if (first) throw new Error(`line ${first.line} of the audit log: ${first.what}`);
  if (intents < puts) throw new Error(`${puts} PUTs reached the account, and the audit log knows ${intents}`);
  if (withoutOutcome.length > 0) throw new Error(`intents without an end: ${withoutOutcome.join()}`);
  if (account !== null && account !== ACCOUNT) throw new Error(`the audit log is of account ${account}`);
}
