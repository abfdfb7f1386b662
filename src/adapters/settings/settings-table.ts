import { apiAddress, type Kind, oneOf, wholeNumber } from './kinds.ts';
import { nameOfAccount } from './kubernetes-kinds.ts';
import { listenAddress } from './listen-address.ts';
import { directoryPath, fileOfAccount, filePath, inputPath } from './path-kinds.ts';
import { REPLICA_KEYS, REPLICA_SETTINGS, type ReplicaSettings } from './replica-settings.ts';
import { cronExpression, timeZone } from './schedule-kinds.ts';

/** How grantd is run, as opposed to what the policy says. Paths are relative to where grantd is started. */
export interface Settings extends ReplicaSettings {
  readonly policy: string;
  readonly apiUrl: string;
  readonly apiPaths: 'account' | 'token';
  readonly apiAuth: 'bearer' | 'api-token';
  readonly requestTimeoutMs: number;
  readonly concurrency: number;
  readonly rowsPerPut: number;
  /** A cron expression; judged whole by `examineSettings`. */
  readonly schedule: string;
  readonly timezone: string;
  readonly watch: 'auto' | 'polling';
  readonly pollIntervalMs: number;
  readonly settleMs: number;
  readonly minIntervalMs: number;
  readonly startJitterMs: number;
  readonly runTimeoutMs: number;
  readonly stopTimeoutMs: number;
  /** Null: remembered in memory only. */
  readonly stateDir: string | null;
  /** As written, instead of `stateDir`; `{account}` is the account id. */
  readonly stateConfigMap: string | null;
  /** As written; `auditLogPath` says which file that is for an account. */
  readonly auditLog: string | null;
  /** As written; `parseListenAddress` says what it means. */
  readonly httpAddress: string;
  readonly httpTokenFile: string | null;
  readonly webhookUrlFile: string | null;
  readonly webhookSecretFile: string | null;
  readonly slackUrlFile: string | null;
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
  readonly logFormat: 'json' | 'text' | 'gcp' | 'ecs';
  /** The accounts of a settings file that has `accounts`; null where `policy` and the token of the environment count. */
  readonly accounts: readonly AccountEntry[] | null;
}

/** A setting that is a flag, a variable and a key of the file; `accounts` is a key of the file only. */
export type SettingKey = Exclude<keyof Settings, 'accounts'>;

/** One row of the table: everything that is said of a setting anywhere. */
export interface Setting<T> {
  readonly kind: Kind<T>;
  readonly default: T;
  readonly says: string;
  /** Why a settings file that was found, and not named, may not set it; see docs/decisions/0008. */
  readonly needsNamedFile?: string;
}

/**
 * The one table of settings. Flags, environment variables and keys of the settings file are spelled after the key;
 * docs/settings.md and schemas/settings.v1.schema.json are compared with it by tests.
 */
export const SETTINGS: { readonly [K in SettingKey]: Setting<Settings[K]> } = {
  policy: { kind: inputPath(), default: 'policy.yaml', says: 'the policy file; - reads standard input' },
  apiUrl: {
    kind: apiAddress(),
    default: 'https://mailtrap.io',
    says: 'where the API is; https, or http on loopback',
    needsNamedFile: 'decides where the token is sent',
  },
  apiPaths: {
    kind: oneOf('account', 'token'),
    default: 'account',
    says: 'whether paths name the account, or the token implies it',
  },
  apiAuth: {
    kind: oneOf('bearer', 'api-token'),
    default: 'bearer',
    says: 'the header that carries the token: Authorization or Api-Token',
  },
  requestTimeoutMs: {
    kind: wholeNumber(100, 600_000),
    default: 30_000,
    says: 'how long one request may take, in milliseconds',
  },
  concurrency: {
    kind: wholeNumber(1, 32),
    default: 4,
    says: 'how many principals are written at the same time',
  },
  rowsPerPut: { kind: wholeNumber(1, 1000), default: 100, says: 'how many rows one bulk PUT carries at most' },
  schedule: {
    kind: cronExpression(),
    default: '*/15 * * * *',
    says: 'when to run besides on changes: 5 fields of cron, or 6 with seconds',
  },
  timezone: { kind: timeZone(), default: 'Etc/UTC', says: 'the time zone of the schedule, by its IANA name' },
  watch: {
    kind: oneOf('auto', 'polling'),
    default: 'auto',
    says: 'how changes of the policy are noticed: by events where there are any, or by looking',
  },
  pollIntervalMs: {
    kind: wholeNumber(100, 3_600_000),
    default: 15_000,
    says: 'how often the policy is read again, whatever the events say, in milliseconds',
  },
  settleMs: {
    kind: wholeNumber(0, 60_000),
    default: 200,
    says: 'how long a text of the policy must stay the same before it counts, in milliseconds',
  },
  minIntervalMs: {
    kind: wholeNumber(0, 3_600_000),
    default: 1000,
    says: 'the least time between the starts of two runs, in milliseconds',
  },
  startJitterMs: {
    kind: wholeNumber(0, 3_600_000),
    default: 1000,
    says: 'how much later the first run and scheduled ones may begin, in milliseconds',
  },
  runTimeoutMs: {
    kind: wholeNumber(1000, 86_400_000),
    default: 600_000,
    says: 'how long one run may take, in milliseconds',
  },
  stopTimeoutMs: {
    kind: wholeNumber(0, 600_000),
    default: 20_000,
    says: 'how long what is in flight may take to end when grantd is stopped, in milliseconds',
  },
  stateDir: {
    kind: directoryPath(),
    default: null,
    says: 'where to remember accounts across restarts; none: in memory',
    needsNamedFile: 'decides where files are written',
  },
  stateConfigMap: {
    kind: nameOfAccount(),
    default: null,
    says: 'the ConfigMap to remember an account in, instead of stateDir; {account} is the account id',
    needsNamedFile: 'decides where the state is written',
  },
  auditLog: {
    kind: fileOfAccount(),
    default: null,
    says: 'the audit log; {account} is the account id; none: audit-{account}.jsonl in stateDir, if that is set',
    needsNamedFile: 'decides where files are written',
  },
  httpAddress: {
    kind: listenAddress(),
    default: '127.0.0.1:9911',
    says: 'where probes, metrics and the status are served',
    needsNamedFile: 'decides who can reach grantd',
  },
  httpTokenFile: {
    kind: filePath(),
    default: null,
    says: 'a file with the token that HTTP requests must show for names, and to ask for a run',
    needsNamedFile: 'decides who is let in',
  },
  webhookUrlFile: {
    kind: filePath(),
    default: null,
    says: 'a file with the URL that events are sent to',
    needsNamedFile: 'decides who is told of changes',
  },
  webhookSecretFile: {
    kind: filePath(),
    default: null,
    says: 'a file with the secret that signs what is sent there',
    needsNamedFile: 'decides what events are signed with',
  },
  slackUrlFile: {
    kind: filePath(),
    default: null,
    says: 'a file with the URL of an incoming webhook of Slack',
    needsNamedFile: 'decides who is told of changes',
  },
  ...REPLICA_SETTINGS,
  logLevel: {
    kind: oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'),
    default: 'info',
    says: 'the least that is logged',
  },
  logFormat: {
    kind: oneOf('json', 'text', 'gcp', 'ecs'),
    default: 'json',
    says: 'how log lines are written: JSON, for people, for Google Cloud, or for Elastic',
  },
};

export const SETTING_KEYS: readonly SettingKey[] = Object.keys(SETTINGS) as SettingKey[];

/** The settings that reading an account takes. */
export const CONNECTION_KEYS = ['apiUrl', 'apiPaths', 'apiAuth', 'requestTimeoutMs'] as const satisfies SettingKey[];

/** What the daemon takes besides. */
export const DAEMON_KEYS = [
  'schedule',
  'timezone',
  'watch',
  'pollIntervalMs',
  'settleMs',
  'minIntervalMs',
  'startJitterMs',
  'runTimeoutMs',
  'stopTimeoutMs',
  'stateDir',
  'stateConfigMap',
  'auditLog',
  'httpAddress',
  'httpTokenFile',
  'webhookUrlFile',
  'webhookSecretFile',
  'slackUrlFile',
  ...REPLICA_KEYS,
  'logLevel',
  'logFormat',
] as const satisfies SettingKey[];

/** The default as help texts and docs show it. */
export function defaultText(key: SettingKey): string {
  return String(SETTINGS[key].default ?? 'none');
}

/** `apiUrl` → `GRANTD_API_URL`. */
export function variableOf(key: SettingKey): string {
  return `GRANTD_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/** `apiUrl` → `--api-url`. */
export function flagOf(key: SettingKey): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** One account of a settings file: its policy, the file of its token, and where the entry stands. */
export interface AccountEntry {
  readonly policy: string;
  readonly tokenFile: string;
  /** `file:line:column` of the entry. */
  readonly where: string;
}
