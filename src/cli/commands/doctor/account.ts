import { TOKEN_FILE_VARIABLE, TOKEN_VARIABLE } from '../../../adapters/settings/token.ts';
import { levelName } from '../../../core/domain/account/access-level.ts';
import { GrantdError } from '../../../core/domain/text/error.ts';
import { CLOCK_SKEW_MOST_MS, instantText } from '../../../core/domain/text/instant.ts';
import { counted } from '../../../core/domain/text/text.ts';
import type { AccountLook, DoctorContext } from './context.ts';
import { type DoctorFinding, fail, failFrom, ok, unknown, warn } from './finding.ts';

/** A larger difference means that no one sets this clock. A smaller one may be the time that the answer took. */
const CLOCK_WARN_MS = 30_000;

const DAY_MS = 24 * 60 * 60 * 1000;

/** Replace a token now if it expires within this time. */
const EXPIRY_WARN_MS = 30 * DAY_MS;

/** Whether there is a token, and whether others can read its file. */
export async function checkToken({ token, call }: DoctorContext): Promise<DoctorFinding> {
  if (!token.ok) {
    const found = token.problems.map(({ where, message }) => `${where}: ${message}`).join('; ');
    return fail(found, token.problems.map(({ remedy }) => remedy).join('; '));
  }
  const [warning] = token.warnings;
  if (warning) return warn(`${warning.where}: ${warning.message}`, warning.remedy);
  return ok(`given by ${placeOfToken(call)}; grantd never shows it`);
}

function placeOfToken({ settings, io }: DoctorContext['call']): string {
  if (settings.accounts !== null) return 'the tokenFile of its entry in accounts';
  return io.env[TOKEN_VARIABLE] === undefined ? TOKEN_FILE_VARIABLE : TOKEN_VARIABLE;
}

/** Whether the token administers the account of the policy. Only then do the other checks read the account. */
export async function checkAccount(context: DoctorContext): Promise<DoctorFinding> {
  const look = await context.accountLook();
  if (look.kind === 'unasked') return unknown(`not asked: ${look.why}`);
  if (look.kind === 'refused') return failFrom(look.error);
  const policy = await context.policyLook();
  const account = policy.kind === 'valid' ? ` ${policy.resolved.policy.account}` : '';
  return ok(`the token is admin or owner of account${account}`);
}

/** Whether grantd can write anything with it. */
export async function checkRights(context: DoctorContext): Promise<DoctorFinding> {
  const look = await context.accountLook();
  if (look.kind !== 'read') return unread(look);
  if (look.observed instanceof GrantdError) return failFrom(look.observed);
  const { accesses, tree } = look.observed.actual;
  const writable = accesses.filter(({ canUpdate, isOwnToken }) => canUpdate && !isOwnToken).length;
  const level = tree.root.shown
    ? `${levelName(tree.root.tokenLevel)} on the account`
    : 'the tree does not show the account itself';
  return ok(
    `${level}; ${writable} of ${counted(accesses.length, 'account access', 'account accesses')} may be updated`,
  );
}

/** When the token of grantd expires, if its last four digits are unique among the API tokens. */
export async function checkExpiry(context: DoctorContext): Promise<DoctorFinding> {
  const look = await context.accountLook();
  if (look.kind !== 'read') return unread(look);
  if (look.apiTokens instanceof GrantdError) return unreadTokens(context, look.apiTokens);
  const own = look.apiTokens.filter(({ isOwnToken }) => isOwnToken);
  const [only] = own;
  if (!only) return unknown('the list of API tokens shows none with the same last four digits');
  if (own.length > 1)
    return unknown(`${own.length} API tokens have the same last four digits, so grantd cannot know which is its own`);
  if (only.expiresAt === null) return ok('the token does not expire');
  const leftMs = only.expiresAt - context.call.io.clock.now();
  const found = `the token expires at ${instantText(only.expiresAt)}`;
  if (leftMs > EXPIRY_WARN_MS) return ok(found);
  return warn(
    `${found}, in ${counted(Math.max(0, Math.floor(leftMs / DAY_MS)), 'day')}`,
    'make a new one in Mailtrap under Settings, API Tokens, and replace this one with it',
  );
}

/** A policy that names tokens needs that list. Any other policy only loses the warning. */
async function unreadTokens(context: DoctorContext, error: GrantdError): Promise<DoctorFinding> {
  const policy = await context.policyLook();
  const needs = policy.kind === 'valid' && policy.resolved.policy.tokens.length > 0;
  return needs ? failFrom(error) : unknown(`the API tokens could not be read: ${error.message}`);
}

/** Whether the API refused a request for its rate limit. The API does not say how many requests are left. */
export async function checkRateLimit(context: DoctorContext): Promise<DoctorFinding> {
  const look = await context.accountLook();
  if (look.kind === 'unasked') return unread(look);
  const { answered, refused } = look.requests;
  if (answered === 0) return unknown('no request was answered');
  const rest = 'the API does not say how many are left (documented: 150 in 10 s for each token)';
  if (refused === 0) return ok(`the API refused none of ${counted(answered, 'request')}; ${rest}`);
  return warn(
    `${refused} of ${counted(answered, 'request')} exceeded the rate limit; ${rest}`,
    'find out who else uses this token, and give grantd one of its own',
  );
}

/** Whether this clock is exact enough for the dates of the policy. */
export async function checkClock(context: DoctorContext): Promise<DoctorFinding> {
  const look = await context.accountLook();
  if (look.kind !== 'read') return unread(look);
  if (look.observed instanceof GrantdError) return unknown('the account could not be read');
  const { clockAheadMs } = look.observed;
  if (clockAheadMs === null) return unknown('the answers of the API carried no date');
  const seconds = Math.round(Math.abs(clockAheadMs) / 1000);
  const found = `this clock is ${seconds} s ${clockAheadMs < 0 ? 'behind' : 'ahead of'} that of the API`;
  const remedy = 'set the clock of this machine over the network (NTP)';
  if (Math.abs(clockAheadMs) > CLOCK_SKEW_MOST_MS) return fail(`${found}, so grantd would write nothing`, remedy);
  return Math.abs(clockAheadMs) > CLOCK_WARN_MS ? warn(found, remedy) : ok(found);
}

function unread(look: Exclude<AccountLook, { kind: 'read' }>): DoctorFinding {
  return unknown(look.kind === 'unasked' ? `not asked: ${look.why}` : 'not asked: the account was not confirmed');
}

/** Whether two policies are for one account: each would undo what the other does. */
export async function checkAccounts(contexts: readonly DoctorContext[]): Promise<DoctorFinding> {
  const policies = new Map<number, string>();
  const looks = await Promise.all(contexts.map(async (context) => ({ context, look: await context.policyLook() })));
  for (const { context, look } of looks) {
    if (look.kind !== 'valid') continue;
    const { account } = look.resolved.policy;
    const other = policies.get(account);
    if (other !== undefined) {
      return fail(`${other} and ${context.policy} are both for account ${account}`, 'merge them into one policy');
    }
    policies.set(account, context.policy);
  }
  if (policies.size < contexts.length) {
    return unknown(
      `${contexts.length - policies.size} of ${contexts.length} policies could not be read, so two may be for one account`,
    );
  }
  return ok(contexts.length === 1 ? 'one account' : `${contexts.length} accounts, each with one policy`);
}
