import { apiAddress, type Kind, oneOf, wholeNumber } from './kinds.ts';
import { nameOfAccount } from './kubernetes-kinds.ts';
import { listenAddress } from './listen-address.ts';
import { NOTIFY_KEYS, NOTIFY_SETTINGS, type NotifySettings } from './notify-settings.ts';
import { directoryPath, fileOfAccount, filePath, inputPath } from './path-kinds.ts';
import { REPLICA_KEYS, REPLICA_SETTINGS, type ReplicaSettings } from './replica-settings.ts';
import { cronExpression, timeZone } from './schedule-kinds.ts';

/** All settings of grantd, with their values. Paths are relative to the directory in which grantd was started. */
export interface Settings extends ReplicaSettings, NotifySettings {
  readonly policy: string;
  readonly apiUrl: string;
  readonly apiPaths: 'account' | 'token';
  readonly apiAuth: 'bearer' | 'api-token';
  readonly requestTimeoutMs: number;
  readonly concurrency: number;
  readonly rowsPerPut: number;
  /** A cron expression; `examineSettings` checks it in full. */
  readonly schedule: string;
  readonly timezone: string;
  readonly watch: 'auto' | 'polling';
  readonly pollIntervalMs: number;
  readonly settleMs: number;
  readonly minIntervalMs: number;
  readonly startJitterMs: number;
  readonly runTimeoutMs: number;
  readonly stopTimeoutMs: number;
  /** Null: the state is kept in memory only. */
  readonly stateDir: string | null;
  /** As written, instead of `stateDir`; `{account}` is the account id. */
  readonly stateConfigMap: string | null;
  /** As written; `auditLogPath` says which file that is for an account. */
  readonly auditLog: string | null;
  /** As written; `parseListenAddress` says what it means. */
  readonly httpAddress: string;
  readonly httpTokenFile: string | null;
  /** As written; `{account}` is the account id. */
  readonly mailtrapWebhookSecretFile: string | null;
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
  readonly logFormat: 'json' | 'text' | 'gcp' | 'ecs';
  /** The `accounts` of the settings file; null if `policy` and the token of the environment count. */
  readonly accounts: readonly AccountEntry[] | null;
}

/** A setting that is a flag, a variable and a key of the file. `accounts` is a key of the file only. */
export type SettingKey = Exclude<keyof Settings, 'accounts'>;

/** One row of the table: everything about one setting. */
export interface Setting<T> {
  readonly kind: Kind<T>;
  readonly default: T;
  readonly says: string;
  /** Why a settings file that grantd found by itself may not set it; see docs/decisions/0008. */
  readonly needsNamedFile?: string;
}

/**
 * The table of settings. The names of flags, environment variables and keys of the settings file follow from the key. Tests
 * compare docs/settings.md and schemas/settings.v1.schema.json with it.
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
    says: 'when to run, in addition to changes: cron with 5 fields, or 6 with seconds',
  },
  timezone: { kind: timeZone(), default: 'Etc/UTC', says: 'the time zone of the schedule, by its IANA name' },
  watch: {
    kind: oneOf('auto', 'polling'),
    default: 'auto',
    says: 'how grantd notices changes of the policy: by file system events if available, or by polling',
  },
  pollIntervalMs: {
    kind: wholeNumber(100, 3_600_000),
    default: 15_000,
    says: 'how often the policy file is read again, even without events, in milliseconds',
  },
  settleMs: {
    kind: wholeNumber(0, 60_000),
    default: 200,
    says: 'how long the policy file must stay unchanged before it counts, in milliseconds',
  },
  minIntervalMs: {
    kind: wholeNumber(0, 3_600_000),
    default: 1000,
    says: 'the shortest time between the starts of two runs, in milliseconds',
  },
  startJitterMs: {
    kind: wholeNumber(0, 3_600_000),
    default: 1000,
    says: 'the longest random delay before the first run and scheduled runs, in milliseconds',
  },
  runTimeoutMs: {
    kind: wholeNumber(1000, 86_400_000),
    default: 600_000,
    says: 'how long one run may take, in milliseconds',
  },
  stopTimeoutMs: {
    kind: wholeNumber(0, 600_000),
    default: 20_000,
    says: 'how long work in flight may take to finish when grantd stops, in milliseconds',
  },
  stateDir: {
    kind: directoryPath(),
    default: null,
    says: 'the directory that keeps state across restarts; none: in memory',
    needsNamedFile: 'decides where files are written',
  },
  stateConfigMap: {
    kind: nameOfAccount(),
    default: null,
    says: 'the ConfigMap that keeps the state of an account, instead of stateDir; {account} is the account id',
    needsNamedFile: 'decides where the state is written',
  },
  auditLog: {
    kind: fileOfAccount(),
    default: null,
    says: 'the audit log; {account} is the account id; none: audit-{account}.jsonl in stateDir, if set',
    needsNamedFile: 'decides where files are written',
  },
  httpAddress: {
    kind: listenAddress(),
    default: '127.0.0.1:9911',
    says: 'where grantd serves probes, metrics and the status',
    needsNamedFile: 'decides who can reach grantd',
  },
  httpTokenFile: {
    kind: filePath(),
    default: null,
    says: 'a file with the token that HTTP requests need to see names and to ask for a run',
    needsNamedFile: 'decides who gets in',
  },
  mailtrapWebhookSecretFile: {
    kind: fileOfAccount(),
    default: null,
    says: "a file with the signing secret of Mailtrap's webhook for audit events; {account} is the account id",
    needsNamedFile: 'decides whose events start runs',
  },
  ...NOTIFY_SETTINGS,
  ...REPLICA_SETTINGS,
  logLevel: {
    kind: oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'),
    default: 'info',
    says: 'the lowest level that is logged',
  },
  logFormat: {
    kind: oneOf('json', 'text', 'gcp', 'ecs'),
    default: 'json',
    says: 'how log lines are written: JSON, for people, for Google Cloud, or for Elastic',
  },
};

/** All keys, in the order of the table. */
export const SETTING_KEYS: readonly SettingKey[] = Object.keys(SETTINGS) as SettingKey[];

/** The settings that grantd needs to read an account. */
export const CONNECTION_KEYS = ['apiUrl', 'apiPaths', 'apiAuth', 'requestTimeoutMs'] as const satisfies SettingKey[];

/** The further settings of the daemon. */
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
  'mailtrapWebhookSecretFile',
  ...NOTIFY_KEYS,
  'endsSoonDays',
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
  return `GRANTD_${key.replace(/[A-Z]/g, (capital) => `_${capital}`).toUpperCase()}`;
}

/** `apiUrl` → `--api-url`. */
export function flagOf(key: SettingKey): string {
  return `--${key.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)}`;
}

/** One account of a settings file: its policy, its token file, and the place of the entry. */
export interface AccountEntry {
  readonly policy: string;
  readonly tokenFile: string;
  /** `file:line:column` of the entry. */
  readonly where: string;
}
