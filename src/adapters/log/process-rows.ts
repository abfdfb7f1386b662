import { errorFields } from './error-fields.ts';
import { changeFields, markFields, momentText, originFields } from './fields.ts';
import type { KindOf, LogRows } from './row.ts';

/** How long before the API token expires its line is a warning. */
const EXPIRES_SOON_MS = 14 * 24 * 60 * 60 * 1000;

/** Lines about the process itself and what it relies on. */
export const PROCESS_ROWS: LogRows<
  KindOf<'daemon' | 'http' | 'clock' | 'token' | 'state' | 'audit' | 'api' | 'notify'>
> = {
  'daemon.started': {
    level: 'info',
    message: 'daemon started',
    fields: ({ version, policies, schedule, timezone, stateDir, httpAddress }) => ({
      version,
      policies,
      schedule,
      timezone,
      stateDir,
      httpAddress,
    }),
  },
  'http.other-address': {
    level: 'info',
    message: 'HTTP port on IPv4 only',
    fields: ({ httpAddress, reason }) => ({ httpAddress, reason }),
  },
  'daemon.stopping': { level: 'info', message: 'daemon stopping', fields: ({ reason }) => ({ reason }) },
  'daemon.stopped': { level: 'info', message: 'daemon stopped', fields: () => ({}) },
  'clock.jumped': {
    level: 'warn',
    message: 'clock jumped',
    fields: (event) => ({ ...originFields(event), byMs: event.byMs }),
  },
  'token.expiry': {
    level: {
      among: ['debug', 'warn'],
      pick: ({ expiresAt }, now) => (expiresAt !== null && expiresAt - now < EXPIRES_SOON_MS ? 'warn' : 'debug'),
    },
    message: 'end of the API token',
    fields: (event) => ({ ...originFields(event), expiresAt: momentText(event.expiresAt) }),
  },
  'token.disproven': {
    level: 'warn',
    message: 'token pair disproven',
    fields: (event) => ({ ...markFields(event), ...changeFields(event.change) }),
  },
  'state.lost': {
    level: 'warn',
    message: 'state lost',
    fields: (event) => ({ ...originFields(event), reason: event.reason }),
  },
  'state.left-open': {
    level: {
      among: ['info', 'error'],
      pick: ({ error }) => (error === null ? 'info' : 'error'),
    },
    message: 'PUT of an earlier process read back',
    fields: (event) => ({
      ...originFields(event),
      leftIn: event.leftIn,
      rows: event.rows,
      err: event.error && errorFields(event.error),
    }),
  },
  'state.unwritable': {
    level: 'error',
    message: 'state unwritable',
    fields: (event) => ({ ...originFields(event), err: errorFields(event.error) }),
  },
  'audit.repaired': {
    level: 'warn',
    message: 'audit log repaired',
    fields: (event) => ({ ...originFields(event), bytes: event.bytes }),
  },
  'audit.unknown': {
    level: 'warn',
    message: 'outcome of PUT unknown',
    fields: (event) => ({ ...originFields(event), runId: event.runId, access: event.access }),
  },
  'audit.exposed': {
    level: 'warn',
    message: 'audit log open to all',
    fields: (event) => ({ ...originFields(event), openTo: event.openTo }),
  },
  'api.request': {
    level: 'debug',
    message: 'API request',
    fields: (event) => {
      const { method, route, status, durationMs, waitedMs, retry } = event;
      return { ...originFields(event), method, route, status, durationMs, waitedMs, retry };
    },
  },
  'notify.failed': {
    level: 'warn',
    message: 'notification failed',
    fields: ({ target, reason }) => ({ target, reason }),
  },
  'notify.dropped': {
    level: 'warn',
    message: 'notifications dropped',
    fields: ({ target, count }) => ({ target, count }),
  },
};

/** Lines about which replica leads an account. */
export const LEASE_ROWS: LogRows<KindOf<'lease'>> = {
  'lease.acquired': {
    level: 'info',
    message: 'lease held',
    fields: (event) => ({ ...originFields(event), holder: event.holder, transitions: event.transitions }),
  },
  'lease.lost': {
    level: 'warn',
    message: 'lease lost',
    fields: (event) => ({ ...originFields(event), reason: event.reason }),
  },
  'lease.standby': {
    level: 'info',
    message: 'standing by',
    fields: (event) => ({ ...originFields(event), holder: event.holder }),
  },
  'lease.unreachable': {
    level: 'error',
    message: 'lease unreachable',
    fields: (event) => ({ ...originFields(event), err: errorFields(event.error) }),
  },
  'lease.released': { level: 'info', message: 'lease released', fields: originFields },
  'lease.superseded': {
    level: 'warn',
    message: 'policy lags behind',
    fields: (event) => ({
      ...originFields(event),
      sha256: event.revision.sha256,
      commit: event.revision.commit,
      waitMs: event.waitMs,
    }),
  },
};
