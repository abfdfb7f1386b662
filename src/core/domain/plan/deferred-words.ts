import type { DeferredReason } from './plan.ts';

/** A reason code in words: the cause, and what to do about it. docs/plan.md has the same text for each code; a test compares. */
export interface ReasonWords {
  readonly cause: string;
  readonly remedy: string;
}

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
    remedy:
      'correct the e-mail under `protected`; delete it there only if this is somebody else: grantd then takes at once what the policy does not give them',
  },
  'protected-unmatched': {
    cause:
      'nobody has an e-mail that the policy protects, so nobody unlisted loses anything, and no person stops being account admin',
    remedy:
      'correct the e-mail under `protected`; delete it there only if that person is gone: what waits then follows at once',
  },
  'maybe-renamed': {
    cause: 'this may be a person whom the policy names by another e-mail, which nobody has',
    remedy: 'correct that e-mail in the policy; if it is another person, end or remove its lines',
  },
  contested: {
    cause:
      'grantd wrote it and it was undone, three times within a day or four slots of the schedule, so grantd retries it once a day',
    remedy: 'find who or what changes it back, or make the policy agree with it; `grantd apply` tries it at once',
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
