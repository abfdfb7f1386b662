import type { ReasonWords } from '../../core/domain/plan/deferred-words.ts';
import type { RowExcluded, Unmanageable } from '../../core/domain/plan/plan.ts';

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

/** Why an unlisted principal keeps something that `unlisted` would take. */
export const SHIELDED_WORDS = 'a grant that gives it begins within 30 days';
