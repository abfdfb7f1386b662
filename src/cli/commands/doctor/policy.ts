import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { neverChanges } from '../../../adapters/policy-file/never-changes.ts';
import { watchPath } from '../../../adapters/policy-file/watch-path.ts';
import type { ResolvedPolicy } from '../../../core/domain/policy/entitlement.ts';
import type { WatchMode } from '../../../core/domain/run/daemon-ports.ts';
import { instantText } from '../../../core/domain/text/instant.ts';
import { placeText } from '../../../core/domain/text/problem.ts';
import { counted, shellWord } from '../../../core/domain/text/text.ts';
import { nextBoundary } from '../../../daemon/deadlines.ts';
import type { DoctorContext } from './context.ts';
import { type DoctorFinding, fail, failFrom, ok, unknown, warn } from './finding.ts';

const MOUNTS_FILE = '/proc/self/mountinfo';

/** A watch is up within milliseconds. After this time grantd treats it as missing. */
const WATCH_WITHIN_MS = 5_000;

/** Whether the policy is valid, and its account, mode and next date. */
export async function checkPolicyFile(context: DoctorContext): Promise<DoctorFinding> {
  const look = await context.policyLook();
  if (look.kind === 'unreadable') return failFrom(look.error);
  if (look.kind === 'invalid') {
    const [first] = look.errors;
    const where = first ? `, the first at ${placeText(first.at)}: ${first.message}` : '';
    return fail(
      `invalid: ${counted(look.errors.length, 'error')}${where}`,
      `grantd validate ${shellWord(context.policy)}`,
    );
  }
  const found = describePolicy(look.resolved, context.call.io.clock.now());
  if (look.resolved.policy.paused) {
    return warn(`paused, so grantd writes nothing; ${found}`, 'set paused: false when grantd may continue');
  }
  const [warning] = look.warnings;
  if (warning === undefined) return ok(found);
  const first = `${look.warnings.length === 1 ? '' : 'the first '}at ${placeText(warning.at)}: ${warning.message}`;
  return warn(
    `${found}; ${counted(look.warnings.length, 'warning')}, ${first}`,
    `grantd validate ${shellWord(context.policy)}`,
  );
}

function describePolicy(resolved: ResolvedPolicy, now: number): string {
  const { account, mode, grants } = resolved.policy;
  const next = nextBoundary(resolved, now);
  const boundary = next === null ? 'no date in it is ahead' : `the next date in it is ${instantText(next)}`;
  const writes = mode === 'observe' ? 'observe (writes nothing)' : mode;
  return `valid: account ${account}, ${writes}, ${counted(grants.length, 'grant')}; ${boundary}`;
}

/** Whether this path can ever show a changed file. */
export async function checkMount({ policy, call }: DoctorContext): Promise<DoctorFinding> {
  if (policy === '-') return warn('standard input: grantd can read it only once', 'give the daemon a file');
  const canTell = await access(MOUNTS_FILE).then(
    () => true,
    () => false,
  );
  if (!canTell) return unknown('this system does not show how files are mounted');
  const reason = await neverChanges(resolve(call.io.cwd, policy), policy);
  if (reason === null) return ok('grantd will see a new text at this path');
  const cut = reason.lastIndexOf('; ');
  return warn(reason.slice(0, cut), reason.slice(cut + 2));
}

/** How the daemon would notice a change: this sets up the same watch, and removes it. */
export async function checkNoticing({ policy, call }: DoctorContext): Promise<DoctorFinding> {
  const { watch, pollIntervalMs } = call.settings;
  const anyway = `grantd also reads the file every ${pollIntervalMs} ms`;
  if (policy === '-') return unknown('standard input cannot be watched');
  if (watch === 'polling') return ok(`by polling, as the setting watch says; ${anyway}`);
  const mode = await firstMode(resolve(call.io.cwd, policy));
  if (mode === null) return unknown(`no watch was up within ${WATCH_WITHIN_MS} ms; ${anyway}`);
  if (mode.mode === 'polling') {
    return warn(
      `by polling only, because ${mode.reason ?? 'events fail'}; ${anyway}`,
      'fix what the reason names; polling works, but is slower',
    );
  }
  return ok(
    `by inotify: grantd could set up the watch (it cannot know in advance whether this file system reports changes made on other machines); ${anyway}`,
  );
}

interface ReportedMode {
  readonly mode: WatchMode;
  readonly reason: string | null;
}

/** Null if the watch reported nothing in time. */
async function firstMode(path: string): Promise<ReportedMode | null> {
  return new Promise((resolveMode, reject) => {
    const end = (reported: ReportedMode | null) => {
      clearTimeout(timer);
      watch.close().then(() => resolveMode(reported), reject);
    };
    const timer = setTimeout(() => end(null), WATCH_WITHIN_MS);
    const listener = {
      onHint: () => {},
      // Not at once: the report may come before there is a watch to close.
      onMode: (mode: WatchMode, reason: string | null) => queueMicrotask(() => end({ mode, reason })),
    };
    const watch = watchPath(path, listener, { mode: 'auto' });
  });
}
