import { resolve } from 'node:path';
import type { Environment } from './environment.ts';
import { ACCOUNT_PLACEHOLDER, filePath } from './path-kinds.ts';
import type { SettingsProblem } from './settings-problem.ts';
import type { AccountEntry } from './settings-table.ts';
import { TOKEN_FILE_VARIABLE, TOKEN_VARIABLE } from './token.ts';
import type { WrittenAccount, WrittenSetting } from './written-settings.ts';
import { besideFile } from './written-settings.ts';

/** What the settings file says of accounts, with what may stand against it. */
export interface AccountsSource {
  readonly file: string;
  readonly named: boolean;
  /** Where grantd was started: relative paths are meant from there. */
  readonly cwd: string;
  readonly accounts: readonly WrittenAccount[];
  /** Spellings of `policy` other than the flag, which chooses among the accounts. */
  readonly policies: readonly WrittenSetting[];
  /** The spelling of `auditLog` that counts. */
  readonly auditLog: WrittenSetting | null;
}

interface JudgedAccounts {
  readonly entries: readonly AccountEntry[];
  readonly problems: readonly SettingsProblem[];
}

/** The entries of `accounts`, their paths meant from the file, and everything that does not go with them. */
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
  ];
  return { entries, problems };
}

/** The entry whose policy a path names. */
export function entryFor(entries: readonly AccountEntry[], policy: string, cwd: string): AccountEntry | undefined {
  return entries.find((entry) => resolve(cwd, entry.policy) === resolve(cwd, policy));
}

/** Tokens of the environment beside those of accounts: nobody could tell which of the two is meant. */
export function secondTokens(env: Environment, file: string): readonly SettingsProblem[] {
  return [TOKEN_VARIABLE, TOKEN_FILE_VARIABLE]
    .filter((name) => env[name] !== undefined)
    .map((name) => ({
      where: name,
      message: `a token is set here, and ${file} has accounts with tokens of their own`,
      remedy: `unset ${name}, or drop accounts and set policy instead`,
    }));
}

function notNamed({ named, file, accounts }: AccountsSource): readonly SettingsProblem[] {
  if (named) return [];
  return [
    {
      where: accounts[0]?.where ?? file,
      message: 'accounts decides which token is used for which policy, and this file was found, not named',
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
    return [{ where, message: `this policy stands at ${before} already`, remedy: 'drop one of the two entries' }];
  });
}

function otherPolicies({ policies, file }: AccountsSource): readonly SettingsProblem[] {
  return policies.map(({ where }) => ({
    where,
    message: `a policy is set here, and ${file} has accounts with policies of their own`,
    remedy: 'drop it, or move it into accounts',
  }));
}

function sharedAuditLog({ accounts, auditLog }: AccountsSource): readonly SettingsProblem[] {
  if (auditLog === null || accounts.length < 2 || auditLog.text.includes(ACCOUNT_PLACEHOLDER)) return [];
  return [
    {
      where: auditLog.where,
      message: `auditLog names one file for ${accounts.length} accounts, and each has a log of its own`,
      remedy: 'put {account} into its name, as in audit-{account}.jsonl',
    },
  ];
}
