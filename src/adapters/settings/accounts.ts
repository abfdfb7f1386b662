import { resolve } from 'node:path';
import type { Environment } from './environment.ts';
import { ACCOUNT_PLACEHOLDER, filePath } from './path-kinds.ts';
import type { SettingsProblem } from './settings-problem.ts';
import type { AccountEntry } from './settings-table.ts';
import { TOKEN_FILE_VARIABLE, TOKEN_VARIABLE } from './token.ts';
import type { WrittenAccount, WrittenSetting } from './written-settings.ts';
import { besideFile } from './written-settings.ts';

/** The accounts of the settings file, and the other settings that may conflict with them. */
export interface AccountsSource {
  readonly file: string;
  readonly named: boolean;
  /** Where grantd was started: relative paths of flags are relative to this directory. */
  readonly cwd: string;
  readonly accounts: readonly WrittenAccount[];
  /** Other places where `policy` is set. The flag is not among them: it chooses one of the accounts. */
  readonly policies: readonly WrittenSetting[];
  /** The value of `auditLog` that counts. */
  readonly auditLog: WrittenSetting | null;
  /** The value of `mailtrapWebhookSecretFile` that counts. */
  readonly mailtrapSecret: WrittenSetting | null;
}

interface JudgedAccounts {
  readonly entries: readonly AccountEntry[];
  readonly problems: readonly SettingsProblem[];
}

/** Resolves the entries of `accounts` from the directory of the file, and reports every conflict. */
export function judgeAccounts(source: AccountsSource): JudgedAccounts {
  const { file, accounts } = source;
  const entries = accounts.map(({ policy, tokenFile, where }) => ({
    policy: besideFile(policy.text, file),
    tokenFile: besideFile(tokenFile.text, file),
    where,
  }));
  const problems = [
    ...notNamed(source),
    ...accounts.flatMap(({ policy, tokenFile }) => [
      ...pathProblems('policy', policy),
      ...pathProblems('tokenFile', tokenFile),
    ]),
    ...repeatedPolicies(source, entries),
    ...otherPolicies(source),
    ...sharedAuditLog(source),
    ...sharedMailtrapSecret(source),
  ];
  return { entries, problems };
}

/** The entry for the policy at a path; undefined if there is none. */
export function entryFor(entries: readonly AccountEntry[], policy: string, cwd: string): AccountEntry | undefined {
  return entries.find((entry) => resolve(cwd, entry.policy) === resolve(cwd, policy));
}

/** Problems with a token in the environment, if the accounts of the file have tokens of their own. */
export function secondTokens(env: Environment, file: string): readonly SettingsProblem[] {
  return [TOKEN_VARIABLE, TOKEN_FILE_VARIABLE]
    .filter((name) => env[name] !== undefined)
    .map((name) => ({
      where: name,
      message: `a token is set here, and ${file} has accounts with their own tokens`,
      remedy: `unset ${name}, or remove accounts and set policy instead`,
    }));
}

function notNamed({ named, file, accounts }: AccountsSource): readonly SettingsProblem[] {
  if (named) return [];
  return [
    {
      where: accounts[0]?.where ?? file,
      message: 'accounts decides which token is used for which policy, and grantd found this file by itself',
      remedy: `name the file with --settings ${file}`,
    },
  ];
}

function pathProblems(key: string, { text, where }: WrittenSetting): readonly SettingsProblem[] {
  const read = filePath().read(text);
  return 'value' in read ? [] : [{ where, message: `${key} ${read.misfit}`, remedy: read.remedy }];
}

function repeatedPolicies(
  { accounts, cwd }: AccountsSource,
  entries: readonly AccountEntry[],
): readonly SettingsProblem[] {
  const seen = new Map<string, string>();
  return entries.flatMap(({ policy }, index) => {
    const path = resolve(cwd, policy);
    const where = accounts[index]?.policy.where ?? '';
    const before = seen.get(path);
    if (before === undefined) {
      seen.set(path, where);
      return [];
    }
    return [{ where, message: `this policy is already listed at ${before}`, remedy: 'remove one of the two entries' }];
  });
}

function otherPolicies({ policies, file }: AccountsSource): readonly SettingsProblem[] {
  return policies.map(({ where }) => ({
    where,
    message: `a policy is set here, and ${file} has accounts with their own policies`,
    remedy: 'remove it, or move it into accounts',
  }));
}

function sharedAuditLog({ accounts, auditLog }: AccountsSource): readonly SettingsProblem[] {
  if (auditLog === null || accounts.length < 2 || auditLog.text.includes(ACCOUNT_PLACEHOLDER)) return [];
  return [
    {
      where: auditLog.where,
      message: `auditLog names one file for ${accounts.length} accounts, and each account needs its own log`,
      remedy: 'put {account} into its name, for example audit-{account}.jsonl',
    },
  ];
}

/** Each webhook has a secret of its own: with a shared one, what is signed for one account would pass for another. */
function sharedMailtrapSecret({ accounts, mailtrapSecret }: AccountsSource): readonly SettingsProblem[] {
  if (mailtrapSecret === null || accounts.length < 2 || mailtrapSecret.text.includes(ACCOUNT_PLACEHOLDER)) return [];
  return [
    {
      where: mailtrapSecret.where,
      message: `mailtrapWebhookSecretFile names one file for ${accounts.length} accounts, and each webhook has its own secret`,
      remedy: 'put {account} into its name, for example mailtrap-{account}',
    },
  ];
}
