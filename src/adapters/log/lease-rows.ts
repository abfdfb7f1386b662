import { errorFields } from './error-fields.ts';
import { originFields } from './fields.ts';
import type { KindOf, LogRows } from './row.ts';

/** Lines about which replica writes to an account. */
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
