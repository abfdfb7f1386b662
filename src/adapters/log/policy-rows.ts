import { errorFields } from './error-fields.ts';
import { momentText, originFields, problemFields, revisionOrNull } from './fields.ts';
import type { KindOf, LogRows } from './row.ts';

/** Lines about the policy file, how grantd watches it, and when the next run is due. */
export const POLICY_ROWS: LogRows<KindOf<'policy' | 'watch' | 'schedule' | 'next'>> = {
  'policy.accepted': {
    level: { among: ['info', 'warn'], pick: ({ problems }) => (problems.length > 0 ? 'warn' : 'info') },
    message: 'policy accepted',
    fields: (event, after) => ({
      ...originFields(event),
      trigger: event.trigger,
      sha256: event.revision.sha256,
      commit: event.revision.commit,
      acceptedAt: momentText(event.acceptedAt),
      mode: event.mode,
      paused: after.validity.isPaused,
      grants: event.grants,
      ...problemFields(event.problems),
    }),
  },
  'policy.rejected': {
    level: 'error',
    message: 'policy rejected',
    fields: (event, after) => ({
      ...originFields(event),
      sha256: event.revision.sha256,
      commit: event.revision.commit,
      paused: after.validity.isPaused,
      fallback: revisionOrNull(event.fallback),
      ...problemFields(event.problems),
    }),
  },
  'policy.unreadable': {
    level: 'error',
    message: 'policy unreadable',
    fields: (event, after) => ({
      ...originFields(event),
      paused: after.validity.isPaused,
      fallback: revisionOrNull(event.fallback),
      err: errorFields(event.error),
    }),
  },
  'policy.restored': {
    level: 'info',
    message: 'policy restored',
    fields: (event, after) => ({
      ...originFields(event),
      sha256: event.revision.sha256,
      commit: event.revision.commit,
      paused: after.validity.isPaused,
    }),
  },
  'policy.never-changes': {
    level: 'warn',
    message: 'policy path never changes',
    fields: (event) => ({ ...originFields(event), reason: event.reason }),
  },
  'watch.mode': {
    level: {
      among: ['info', 'warn'],
      pick: ({ mode, reason }) => (mode === 'polling' && reason !== null ? 'warn' : 'info'),
    },
    message: 'policy watched',
    fields: (event) => ({ ...originFields(event), mode: event.mode, reason: event.reason }),
  },
  'schedule.missed': { level: 'warn', message: 'schedule missed', fields: originFields },
  'next.planned': {
    level: 'debug',
    message: 'next run planned',
    fields: (event) => ({
      ...originFields(event),
      scheduleAt: momentText(event.scheduleAt),
      boundaryAt: momentText(event.boundaryAt),
      retryAt: momentText(event.retryAt),
    }),
  },
};
