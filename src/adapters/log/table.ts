import type { DaemonEventKind } from '../../core/domain/run/daemon-event.ts';
import { LEASE_ROWS } from './lease-rows.ts';
import { POLICY_ROWS } from './policy-rows.ts';
import { PROCESS_ROWS } from './process-rows.ts';
import type { LogRows } from './row.ts';
import { RUN_ROWS } from './run-rows.ts';

/** The one table of log lines. docs/logs.md is compared with it, both ways. */
export const LOG_EVENTS: LogRows<DaemonEventKind> = { ...PROCESS_ROWS, ...POLICY_ROWS, ...LEASE_ROWS, ...RUN_ROWS };
