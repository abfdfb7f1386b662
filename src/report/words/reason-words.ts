import type { DeferredReason, RowExcluded } from '../../core/domain/plan/plan.ts';

/** A reason code in words: what stands in the way, and what to do about it. docs/plan.md has the same for each code. */
export interface ReasonWords {
  readonly cause: string;
  readonly remedy: string;
}

/** Why a row that the policy wants otherwise can never be written. */
export const UNMANAGEABLE_REASONS: Readonly<Record<RowExcluded, ReasonWords>> = {
  owner: {
    cause: 'owners cannot be changed through the API',
    remedy: 'change the owner in Mailtrap, or take them out of the grant',
  },
  'cannot-update': {
    cause: "the account does not let grantd's token change this access",
    remedy: 'use a token with more rights, or change it in Mailtrap',
  },
  'own-token': {
    cause: "this is the access of grantd's own token",
    remedy: 'change it in Mailtrap, or run grantd with another token',
  },
  'rows-unreadable': {
    cause: 'no API token with the declared id is listed, so its rows cannot be read',
    remedy: 'correct `token` under `tokens` in the policy',
  },
  'access-of-somebody-else': {
    cause: 'the declared access of the token is listed as somebody else',
    remedy: 'correct `access` under `tokens` in the policy',
  },
  'ignored-person': {
    cause: 'the policy ignores this person',
    remedy: 'take them out of `ignore`, or out of the grant',
  },
  protected: {
    cause: 'the policy protects this person, who is never lowered',
    remedy: 'take them out of `protected`, or grant what they hold',
  },
  level: {
    cause:
      'this level cannot be changed: viewer+ cannot become viewer, and a level that nobody documents is left alone',
    remedy: 'change the level in Mailtrap, or grant admin instead of viewer',
  },
  type: {
    cause: 'no row on this kind of resource can be written',
    remedy: 'change it in Mailtrap',
  },
  'not-shown': {
    cause: "grantd's token does not see this resource",
    remedy: 'make the token admin of it; if the resource is gone, nothing is to be done',
  },
  'token-below-admin': {
    cause: "grantd's token is not admin of this resource",
    remedy: 'make the token admin of it',
  },
  ignored: {
    cause: 'the policy ignores this resource',
    remedy: 'take it out of `ignore`, or out of the grant',
  },
  'outside-manage': {
    cause: '`manage` leaves this resource out',
    remedy: 'add it to `manage`, or take it out of the grant',
  },
  'reaches-from-above': {
    cause: 'a row above it, which is not taken, gives more anyway',
    remedy: 'look for the row above in this plan: its reason is the one to settle',
  },
};

/** Why a change that the policy wants, and that could be written, is not written now. */
export const DEFERRED_REASONS: Readonly<Record<DeferredReason, ReasonWords>> = {
  'unresolved-name': {
    cause: 'a name in a grant fits no resource, or several, so nobody it reaches loses anything there',
    remedy: 'correct the name, or say the resource by id',
  },
  'unresolved-except': {
    cause: 'a name in `except` fits no resource, or several, so nobody whom that grant reaches is changed',
    remedy: 'correct the name, or say the resource by id',
  },
  'unresolved-scope': {
    cause: 'a name in `manage` or `ignore` fits no resource, or several, so nothing it may mean is changed',
    remedy: 'correct the name, or say the resource by id',
  },
  'unresolved-never': {
    cause: 'a name in a `never` rule fits no resource, or several, so nobody whom the rule names is raised',
    remedy: 'correct the name, or say the resource by id',
  },
  'relies-on-missing': {
    cause: 'a row that is entitled here, above or below is not in place, and this one may stand in for it',
    remedy: 'settle the missing row first; this one then follows by itself',
  },
  contested: {
    cause: 'it was written in three scheduled runs in a row and did not last, so it is tried once a day',
    remedy: 'find who or what changes it back, or let the policy agree with it',
  },
  'pair-disproven': {
    cause: "a raise of this token was answered and did not show on it, so its `access` may be somebody else's",
    remedy: 'correct the two ids of the token in `tokens`, and check that access',
  },
  'pair-unproven': {
    cause: 'nothing proves that the two ids of this token belong together, and only a raise could show it',
    remedy: 'grant the token one row more, or take its rows away by hand',
  },
  fallback: {
    cause: 'the policy file holds no valid text, and the last good one only takes back what ends',
    remedy: 'fix the policy file: `grantd validate` says what is wrong',
  },
};
