import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { neverChanges } from '../../../adapters/policy-file/never-changes.ts';
import { watchPath } from '../../../adapters/policy-file/watch-path.ts';
import type { ResolvedPolicy } from '../../../core/domain/policy/entitlement.ts';
import type { WatchMode } from '../../../core/domain/run/daemon-ports.ts';
import { instantText } from '../../../core/domain/text/instant.ts';
import { placeText } from '../../../core/domain/text/problem.ts';
import { nextBoundary } from '../../../daemon/deadlines.ts';
import { counted } from '../../../report/words/phrase.ts';
import { type Finding, fail, failFrom, ok, unknown, warn } from './finding.ts';
import type { Patient } from './patient.ts';

const MOUNTS_FILE = '/proc/self/mountinfo';

/** A watch is up within milliseconds; whoever has to wait for this long has none. */
const WATCH_WITHIN_MS = 5_000;

/** The policy's text: whether it is valid, and what it is. */
export async function checkPolicyText(patient: Patient): Promise<Finding> {
  const look = await patient.policyLook();
  if (look.kind === 'unreadable') return failFrom(look.error);
  if (look.kind === 'invalid') {
    const [first] = look.errors;
    const where = first ? `, the first at ${placeText(first.at)}: ${first.message}` : '';
    return fail(`invalid: ${counted(look.errors.length, 'error')}${where}`, `grantd validate ${patient.policy}`);
  }
  const found = describePolicy(look.resolved, patient.call.io.clock.now());
  if (look.resolved.policy.paused) {
    return warn(`paused, so nothing is written; ${found}`, 'write paused: false when grantd may go on');
  }
  if (look.warnings.length === 0) return ok(found);
  return warn(`${found}; ${counted(look.warnings.length, 'warning')}`, `grantd validate ${patient.policy}`);
}

function describePolicy(resolved: ResolvedPolicy, now: number): string {
  const { account, mode, grants } = resolved.policy;
  const next = nextBoundary(resolved, now);
  const boundary = next === null ? 'none of its dates is ahead' : `the next of its dates is ${instantText(next)}`;
  const writes = mode === 'observe' ? 'observe (writes nothing)' : mode;
  return `valid: account ${account}, ${writes}, ${counted(grants.length, 'grant')}; ${boundary}`;
}

/** Whether the path can show another text at all. */
export async function checkMount({ policy, call }: Patient): Promise<Finding> {
  if (policy === '-') return warn('standard input: it is read once', 'give the daemon a file');
  const canTell = await access(MOUNTS_FILE).then(
    () => true,
    () => false,
  );
  if (!canTell) return unknown('this system does not tell how files are mounted');
  const reason = await neverChanges(resolve(call.io.cwd, policy), policy);
  if (reason === null) return ok('a new text at this path is seen');
  const cut = reason.lastIndexOf('; ');
  return warn(reason.slice(0, cut), reason.slice(cut + 2));
}

/** How the daemon would notice a change: it sets up the same watch, and takes it down. */
export async function checkNoticing({ policy, call }: Patient): Promise<Finding> {
  const { watch, pollIntervalMs } = call.settings;
  const anyway = `the text is read again every ${pollIntervalMs} ms in any case`;
  if (policy === '-') return unknown('standard input cannot be watched');
  if (watch === 'polling') return ok(`by looking, as the setting watch says; ${anyway}`);
  const mode = await firstMode(resolve(call.io.cwd, policy));
  if (mode === null) return unknown(`no watch was up within ${WATCH_WITHIN_MS} ms; ${anyway}`);
  if (mode.mode === 'polling') {
    return warn(
      `by looking only, since ${mode.reason ?? 'events fail'}; ${anyway}`,
      'see what the reason names; polling works, and is slower',
    );
  }
  return ok(
    `by inotify: the watch was set up (whether this file system tells of changes made elsewhere shows only then); ${anyway}`,
  );
}

interface ToldMode {
  readonly mode: WatchMode;
  readonly reason: string | null;
}

/** Null where the watch told nothing in time. */
async function firstMode(path: string): Promise<ToldMode | null> {
  return new Promise((resolveMode, reject) => {
    const end = (told: ToldMode | null) => {
      clearTimeout(timer);
      watch.close().then(() => resolveMode(told), reject);
    };
    const timer = setTimeout(() => end(null), WATCH_WITHIN_MS);
    const listener = {
      onHint: () => {},
      // Not at once: it may be told before there is a watch to close.
      onMode: (mode: WatchMode, reason: string | null) => queueMicrotask(() => end({ mode, reason })),
    };
    const watch = watchPath(path, listener, { mode: 'auto' });
  });
}
