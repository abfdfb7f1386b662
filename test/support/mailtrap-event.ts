import type { MailtrapEvent } from '../../src/core/domain/run/mailtrap-event.ts';

/** What Eve did, as Mailtrap's audit log says it. */
export const MAILTRAP_EVENT: MailtrapEvent = {
  key: 'a',
  at: 0,
  event: 'some.kind',
  description: 'made Bob admin',
  actor: { type: 'user', id: '7', name: 'Eve' },
  resource: null,
  about: null,
};
