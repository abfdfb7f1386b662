import type { AccountEvent } from '../../core/domain/run/daemon-event.ts';
import { type Instant, instantText } from '../../core/domain/text/instant.ts';
import type { LeaseStatus } from './status.ts';
import { errorStatus } from './status-parts.ts';

type LeaseEvent = Extract<AccountEvent, { readonly kind: `lease.${string}` }>;

/** How the Lease of an account stands after an event about it. */
export function nextLease(before: LeaseStatus | null, event: LeaseEvent, now: Instant): LeaseStatus {
  const since = instantText(now);
  const fresh = { holder: null, since, waitsUntil: null, error: null };
  switch (event.kind) {
    case 'lease.acquired':
      return { ...fresh, role: 'leader', holder: event.holder };
    case 'lease.standby':
      return { ...fresh, role: 'standby', holder: event.holder };
    case 'lease.unreachable':
      return { ...fresh, role: 'unknown', error: errorStatus(event.error) };
    case 'lease.superseded':
      return { ...(before ?? { ...fresh, role: 'leader' }), waitsUntil: instantText(now + event.waitMs) };
    default:
      return { ...fresh, role: 'standby' };
  }
}
