import { principalText } from '../../core/domain/account/principal.ts';
import {
  type OpenCanary,
  type PutReplaces,
  withOpenCanary,
  withoutPutProofs,
} from '../../core/domain/account/put-memory.ts';
import type { PutLedger } from '../../core/domain/run/daemon-ports.ts';
import { GrantdError } from '../../core/domain/text/error.ts';
import { type Instant, instantText } from '../../core/domain/text/instant.ts';
import { awaitCanary, type CanarySighting, type SeenAccess } from './await-canary.ts';
import { type GivenBack, giveBack, readTreeNow } from './give-back.ts';
import type { PutWatch } from './put-watch.ts';
import type { ApplyPorts } from './write-batch.ts';

/** A PUT after which its holder has none of the rows that it did not name. */
export interface LostRows {
  readonly canary: OpenCanary;
  readonly seen: SeenAccess;
}

/** How long an open canary is kept whose PUT no read shows, or whose resources no tree shows. */
const KEPT_OPEN_MS = 24 * 60 * 60 * 1000;

/** Reads what became of the canary that this run has sent. Throws `put-replaces` once its rows are given back. */
export async function settleCanary(canary: OpenCanary, ports: ApplyPorts, watch: PutWatch): Promise<void> {
  const sighting = await awaitCanary(canary, ports);
  switch (sighting.kind) {
    case 'stayed':
      return watch.proven(canary);
    case 'some-gone':
      return watch.failed(canary);
    case 'all-gone':
      return settleLoss(canary, sighting.seen, ports, watch);
    case 'no-access':
      watch.giveUp();
      return watch.close(canary);
    case 'unread':
      watch.unread();
      return watch.keep(canary);
    default:
      // It stays open: a later run finishes it.
      watch.giveUp();
      return watch.keep(canary);
  }
}

async function settleLoss(canary: OpenCanary, seen: SeenAccess, ports: ApplyPorts, watch: PutWatch): Promise<void> {
  // Without the tree, nobody knows whether its resources are gone. Then the run ends here, and the next one finishes the canary.
  await giveBackAll([{ canary, seen }], ports, watch);
  // A tree can leave out what is still there. A later run looks again.
  watch.giveUp();
  await watch.keep(canary);
}

/**
 * Finishes what an earlier run, or another process, left open: reads it, and gives back what was taken. Nothing is written
 * before that. Throws `put-replaces` if it gave rows back, or if a PUT was seen to take rows before.
 */
export async function finishCanaries(ports: ApplyPorts, watch: PutWatch): Promise<void> {
  const { ledger } = watch;
  const lost: LostRows[] = [];
  for (const canary of ledger.memory().open.filter(({ api }) => api === ledger.api)) {
    const sighting = await awaitCanary(canary, ports);
    if (sighting.kind === 'all-gone') lost.push({ canary, seen: sighting.seen });
    else if (sighting.kind === 'stayed' && canary.isAnswered) await watch.proven(canary);
    else if (!isWorthKeeping(sighting, canary, ports.clock.now())) await watch.close(canary);
  }
  if (lost.length > 0) await giveBackAll(lost, ports, watch);
  for (const { canary } of lost) if (!isRecent(canary, ports.clock.now())) await watch.close(canary);
  await refuseReplaces(ledger);
}

/** While a PUT is known to take rows that it does not name, nothing is written. Throws `put-replaces`. */
export async function refuseReplaces(ledger: Pick<PutLedger, 'account' | 'clear' | 'readReplaces'>): Promise<void> {
  const found = await ledger.readReplaces();
  if (found === null) return;
  const { foundAt } = found;
  const when = foundAt === null ? 'earlier' : `on ${instantText(foundAt)}`;
  const message = `grantd writes nothing to account ${ledger.account}: ${when}, a PUT took rows${takenFrom(found)}`;
  throw new GrantdError('put-replaces', message, remedyOf(ledger));
}

/** Who lost rows, and what became of these rows. */
function takenFrom({ accesses, holders = [] }: PutReplaces): string {
  const names = new Map(holders.map(({ access, name }) => [access, name]));
  const whose = accesses.map((access) => (names.has(access) ? `${names.get(access)} (${access})` : `${access}`));
  const from = whose.length === 0 ? '' : ` from account access ${whose.join(', ')}`;
  const missing = holders.filter(({ isBack }) => !isBack).map(({ name }) => name);
  if (holders.length === 0) return `${from} that it did not name`;
  return `${from} that it did not name; ${missing.length === 0 ? 'grantd gave them back' : `they may still be missing from ${missing.join(', ')}`}`;
}

/**
 * PUTs took rows that they did not name. Remembers that first, then gives the rows back, and throws `put-replaces`. It returns if
 * none of it need be the doing of a PUT: the tree does not show a resource. Throws another `GrantdError` if it cannot read the tree.
 */
export async function giveBackAll(lost: readonly LostRows[], ports: ApplyPorts, watch: PutWatch): Promise<void> {
  const { ledger } = watch;
  const tree = await readTreeNow(ledger.account, ports.reader);
  const taken = lost.filter(({ canary }) => canary.unnamed.every((row) => tree.find(row)?.shown === true));
  if (taken.length === 0) return;
  await remember(taken, ports, watch);
  const given: (GivenBack & LostRows)[] = [];
  for (const { canary, seen } of taken) {
    const one = await giveBack(canary, seen, tree, ports);
    if (one.failure === null) await watch.close(canary);
    given.push({ ...one, canary });
  }
  await keepAll([() => ledger.saveReplaces(recordOf(ledger, given, ports.clock.now()))]);
  throw takenError(ledger, given);
}

async function remember(taken: readonly LostRows[], { clock }: ApplyPorts, { ledger }: PutWatch): Promise<void> {
  let memory = withoutPutProofs(ledger.memory(), ledger.api);
  // What was given back looks as if it had stayed, and must prove nothing.
  for (const { canary } of taken) memory = withOpenCanary(memory, { ...canary, isAnswered: false });
  const lost = taken.map((one) => ({ ...one, failure: '' }));
  await keepAll([() => ledger.saveReplaces(recordOf(ledger, lost, clock.now())), () => ledger.save(memory)]);
}

/** What cannot be remembered is given back all the same. */
async function keepAll(keeps: readonly (() => Promise<void>)[]): Promise<void> {
  for (const keep of keeps) {
    await keep().catch((error: unknown) => {
      if (!(error instanceof GrantdError)) throw error;
    });
  }
}

function recordOf(
  { account, api }: PutLedger,
  lost: readonly (LostRows & Pick<GivenBack, 'failure'>)[],
  foundAt: Instant,
): PutReplaces {
  return {
    account,
    api,
    foundAt,
    runId: lost[0]?.canary.runId ?? '',
    accesses: lost.map(({ canary }) => canary.access),
    holders: lost.map(({ canary, seen, failure }) => {
      return { access: canary.access, name: principalText(seen.principal), isBack: failure === null };
    }),
  };
}

const ASK = 'ask Mailtrap whether the bulk PUT keeps rows that it does not name; ';

/** What only the process remembers, no other command can clear, and the next process does not know. */
function remedyOf({ clear }: Pick<PutLedger, 'clear'>): string {
  return clear !== null
    ? `${ASK}once it does, run ${clear}`
    : `${ASK}grantd keeps this without --state-dir only until it ends: the next one tries a PUT on one principal again`;
}

function takenError(ledger: PutLedger, given: readonly GivenBack[]): GrantdError {
  const sentences = given.map(({ seen, labels, failure }) => {
    const whose = `${principalText(seen.principal)}: ${labels.join(', ')}`;
    return failure === null ? `grantd gave them back to ${whose}` : `they are missing from ${whose} (${failure})`;
  });
  const missing = given.filter(({ failure }) => failure !== null);
  const first = missing.length === 0 ? '' : 'give the missing rows back in Mailtrap now, or let grantd try again; ';
  return new GrantdError(
    'put-replaces',
    `a PUT took rows that it did not name; ${sentences.join('; ')}; grantd writes nothing more to account ${ledger.account}`,
    `${first}${remedyOf(ledger)}`,
  );
}

/** A list may lag behind, so a PUT that no read shows yet stays open for a day, if its rows are there. */
function isWorthKeeping(sighting: CanarySighting, canary: OpenCanary, now: number): boolean {
  if (sighting.kind === 'unread') return true;
  return sighting.kind === 'unseen' && sighting.isUntouched && isRecent(canary, now);
}

function isRecent({ sentAt }: OpenCanary, now: number): boolean {
  return now - sentAt < KEPT_OPEN_MS;
}
