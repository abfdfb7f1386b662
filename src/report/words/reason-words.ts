import type { DeferredReason, RowExcluded, Unmanageable } from '../../core/domain/plan/plan.ts';

/** A reason code in words: the cause, and what to do about it. docs/plan.md has the same text for each code; a test compares. */
export interface ReasonWords {
  readonly cause: string;
  readonly remedy: string;
}

/** How an unmanageable row differs from the policy. */
export const UNMANAGEABLE_KINDS: Readonly<Record<Unmanageable['kind'], string>> = {
  excess: 'more than entitled',
  missing: 'less than entitled',
  'without-effect': 'its change has no effect',
};

/** Why grantd can never write a row that differs from the policy. */
export const UNMANAGEABLE_WORDS: Readonly<Record<RowExcluded, ReasonWords>> = {
  owner: {
    cause: 'owners cannot be changed through the API',
    remedy: 'change the owner in Mailtrap, or remove them from the grant',
  },
  'cannot-update': {
    cause: "the account does not let grantd's token change this access",
    remedy: 'use a token with more rights, or change it in Mailtrap',
  },
  'own-token': {
    cause: "this is the access of grantd's own token",
    remedy: 'change it in Mailtrap, or run grantd with another token',
  },
  'own-token-unknown': {
    cause: 'grantd recognizes none of the API tokens as its own, and this may be it, so grantd takes nothing from it',
    remedy: 'run grantd with an API token that Mailtrap lists with its last four digits, or change it in Mailtrap',
  },
  'rows-unreadable': {
    cause: 'Mailtrap lists no API token with the declared id',
    remedy: 'correct `token` under `tokens`',
  },
  'access-of-someone-else': {
    cause: "Mailtrap lists the declared access of the token as someone else's",
    remedy: 'correct `access` under `tokens`',
  },
  'ignored-person': {
    cause: 'the policy ignores this person',
    remedy: 'remove them from `ignore`, or from the grant',
  },
  protected: {
    cause: 'the policy protects this person from losses',
    remedy: 'remove them from `protected`, or grant what they have',
  },
  level: {
    cause: 'grantd leaves undocumented levels alone, and cannot lower viewer+ to viewer',
    remedy: 'change the level in Mailtrap',
  },
  type: {
    cause: 'grantd cannot write rows on this type of resource',
    remedy: 'change it in Mailtrap',
  },
  'not-shown': {
    cause: "grantd's token does not see this resource",
    remedy: 'make the token admin of it; nothing, if the resource is gone',
  },
  'token-below-admin': {
    cause: "grantd's token is not admin of this resource",
    remedy: 'make the token admin of it',
  },
  ignored: {
    cause: 'the policy ignores this resource',
    remedy: 'remove it from `ignore`, or from the grant',
  },
  'outside-manage': {
    cause: '`manage` does not cover this resource',
    remedy: 'add it to `manage`, or remove it from the grant',
  },
  'reaches-from-above': {
    cause: 'a row above it stays in place and gives more anyway',
    remedy: 'find the row above in this plan, and settle its reason',
  },
};

/** Why grantd does not write a change now that the policy asks for and that it could write. */
export const DEFERRED_WORDS: Readonly<Record<DeferredReason, ReasonWords>> = {
  'unresolved-name': {
    cause: 'a name in a grant matches no resource, or several, so no one whom the grant reaches loses anything there',
    remedy: 'correct the name, or use the id',
  },
  'unresolved-except': {
    cause: 'a name in `except` matches no resource, or several, so grantd changes no one whom that grant reaches',
    remedy: 'correct the name, or use the id',
  },
  'unresolved-scope': {
    cause:
      'a name in `manage`, `observe` or `ignore` matches no resource, or several, so grantd changes nothing that it may mean',
    remedy: 'correct the name, or use the id',
  },
  'unresolved-never': {
    cause: 'a name in a `never` rule matches no resource, or several, so grantd raises no one whom the rule names',
    remedy: 'correct the name, or use the id',
  },
  'relies-on-missing': {
    cause: 'a row that the policy grants here, above or below is not in place, and this one may replace it',
    remedy: 'settle the missing row first; this one follows',
  },
  'protected-renamed': {
    cause:
      'somebody with a protected e-mail had this access, and has another e-mail now, so grantd takes nothing from it',
    remedy: 'correct the e-mail under `protected`, or delete it there',
  },
  'protected-unmatched': {
    cause:
      'nobody has an e-mail that the policy protects, so nobody unlisted loses anything, and no person stops being account admin',
    remedy: 'correct the e-mail under `protected`, or delete it there',
  },
  'maybe-renamed': {
    cause: 'this may be a person whom the policy names by another e-mail, which nobody has',
    remedy: 'correct that e-mail in the policy; if it is another person, end or remove its lines',
  },
  contested: {
    cause:
      'grantd wrote it and it was undone, three times within a day or four slots of the schedule, so grantd retries it once a day',
    remedy: 'find who or what changes it back, or make the policy agree with it',
  },
  'pair-disproven': {
    cause: "Mailtrap accepted a raise of this token that did not show: `access` may be someone else's",
    remedy: 'correct the two ids of the token in `tokens`, and check that access',
  },
  'pair-unproven': {
    cause: 'only a raise could confirm that the two ids of this token belong together',
    remedy: 'grant the token one more row, or remove its rows by hand',
  },
  fallback: {
    cause:
      'the policy file is not valid, and the fallback policy only removes access that has ended, and account admin that someone else gave (drift)',
    remedy: 'fix the policy file; run `grantd validate`',
  },
  'put-unproven': {
    cause:
      'they hold rows that the PUT would not name, and grantd has not yet seen that Mailtrap leaves such rows in place',
    remedy:
      'nobody here can go first, so it waits until someone can whose rows grantd can give back; or make these changes in Mailtrap by hand',
  },
};

/** Why an unlisted principal keeps something that `unlisted` would take. */
export const SHIELDED_WORDS = 'a grant that gives it begins within 30 days';
