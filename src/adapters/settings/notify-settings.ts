import { wholeNumber } from './kinds.ts';
import { filePath } from './path-kinds.ts';

/** The settings of notifications. */
export interface NotifySettings {
  readonly webhookUrlFile: string | null;
  readonly webhookSecretFile: string | null;
  readonly slackUrlFile: string | null;
  readonly endsSoonDays: number;
}

/** The rows of the settings table about notifications. */
export const NOTIFY_SETTINGS = {
  webhookUrlFile: {
    kind: filePath(),
    default: null,
    says: 'a file with the URL that events are sent to',
    needsNamedFile: 'decides who learns of changes',
  },
  webhookSecretFile: {
    kind: filePath(),
    default: null,
    says: 'a file with the secret that signs these events',
    needsNamedFile: 'decides what events are signed with',
  },
  slackUrlFile: {
    kind: filePath(),
    default: null,
    says: 'a file with the URL of a Slack incoming webhook',
    needsNamedFile: 'decides who learns of changes',
  },
  endsSoonDays: {
    kind: wholeNumber(0, 30),
    default: 14,
    says: 'how many days before the end of access grantd notifies of it; 0: never',
  },
} as const;

/** The settings that name the receivers of notifications. */
export const NOTIFY_KEYS = ['webhookUrlFile', 'webhookSecretFile', 'slackUrlFile'] as const;
