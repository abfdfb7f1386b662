import { apiAddress, type Kind, oneOf, path, wholeNumber } from './kinds.ts';

/** How grantd is run, as opposed to what the policy says. */
export interface Settings {
  readonly policy: string;
  readonly apiUrl: string;
  readonly apiPaths: 'account' | 'token';
  readonly apiAuth: 'bearer' | 'api-token';
  readonly concurrency: number;
  readonly requestTimeoutMs: number;
  readonly rowsPerPut: number;
}

export type SettingKey = keyof Settings;

/** One row of the table: everything that is said of a setting anywhere. */
export interface Setting<T> {
  readonly kind: Kind<T>;
  readonly default: T;
  readonly says: string;
}

/**
 * The one table of settings. Flags, environment variables and keys of the settings file are spelled after the key;
 * docs/settings.md and schemas/settings.v1.schema.json are compared with it by tests.
 */
export const SETTINGS: { readonly [K in SettingKey]: Setting<Settings[K]> } = {
  policy: { kind: path(), default: 'policy.yaml', says: 'the policy file; - reads standard input' },
  apiUrl: {
    kind: apiAddress(),
    default: 'https://mailtrap.io',
    says: 'where the API is; https, or http on loopback',
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
};

export const SETTING_KEYS: readonly SettingKey[] = Object.keys(SETTINGS) as SettingKey[];

/** The settings that reading an account takes. */
export const CONNECTION_KEYS = ['apiUrl', 'apiPaths', 'apiAuth', 'requestTimeoutMs'] as const satisfies SettingKey[];

/** `apiUrl` → `GRANTD_API_URL`. */
export function variableOf(key: SettingKey): string {
  return `GRANTD_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/** `apiUrl` → `--api-url`. */
export function flagOf(key: SettingKey): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
