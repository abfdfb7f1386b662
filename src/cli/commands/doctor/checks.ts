import type { CallContext } from '../../line/command.ts';
import {
  checkAccount,
  checkAccounts,
  checkClock,
  checkExpiry,
  checkRateLimit,
  checkRights,
  checkToken,
} from './account.ts';
import { checkCluster } from './cluster.ts';
import type { DoctorContext } from './context.ts';
import type { DoctorFinding } from './finding.ts';
import { checkInotify, checkNode, checkProxy, checkSources } from './machine.ts';
import { checkNames } from './names.ts';
import { checkHttp, checkNotifications } from './outlets.ts';
import { checkPeople } from './people.ts';
import { checkMount, checkNoticing, checkPolicyFile } from './policy.ts';
import { checkPutReplaces } from './put-replaces.ts';
import { checkSchedule } from './schedule.ts';
import { checkAudit, checkState } from './storage.ts';

/** One check of `grantd doctor`; docs/cli.md has a row for each, and a test compares. */
export interface DoctorCheck<On> {
  readonly name: string;
  /** Several findings stand one below the other, each with its own remedy. */
  readonly run: (on: On) => Promise<DoctorFinding | readonly DoctorFinding[]>;
}

/** Checks that run once. */
export const MACHINE_CHECKS: readonly DoctorCheck<CallContext>[] = [
  { name: 'settings', run: checkSources },
  { name: 'node', run: checkNode },
  { name: 'proxy', run: checkProxy },
  { name: 'inotify', run: checkInotify },
  { name: 'schedule', run: checkSchedule },
  { name: 'state', run: checkState },
  { name: 'http', run: checkHttp },
  { name: 'notifications', run: checkNotifications },
];

/** Checks that run once, over all policies. */
export const FLEET_CHECKS: readonly DoctorCheck<readonly DoctorContext[]>[] = [
  { name: 'accounts', run: checkAccounts },
];

/** Checks that run for each policy. */
export const DOCTOR_POLICY_CHECKS: readonly DoctorCheck<DoctorContext>[] = [
  { name: 'policy', run: checkPolicyFile },
  { name: 'mount', run: checkMount },
  { name: 'noticing', run: checkNoticing },
  { name: 'token', run: checkToken },
  { name: 'account', run: checkAccount },
  { name: 'rights', run: checkRights },
  { name: 'people', run: checkPeople },
  { name: 'names', run: checkNames },
  { name: 'expiry', run: checkExpiry },
  { name: 'rate-limit', run: checkRateLimit },
  { name: 'clock', run: checkClock },
  { name: 'audit', run: checkAudit },
  { name: 'put-replaces', run: checkPutReplaces },
  { name: 'cluster', run: checkCluster },
];
