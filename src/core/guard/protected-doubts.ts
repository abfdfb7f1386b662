import { type AccountAccess, type ActualState, accessesByEmail } from '../domain/account/actual-state.ts';
import { emailKey } from '../domain/account/email.ts';
import { writtenName } from '../domain/account/principal.ts';
import { emailHash, type RememberedAccess } from '../domain/account/remembered-access.ts';
import { endsAccountAdmin } from '../domain/plan/batch.ts';
import type { Notice } from '../domain/plan/notice.ts';
import type { Change, Deferred } from '../domain/plan/plan.ts';
import type { ProtectedName } from '../domain/policy/policy.ts';
import type { GuardInput } from './guard-input.ts';

/** Which losses of people wait because an e-mail may have changed in Mailtrap, and the notices about it. */
export interface NameDoubts {
  readonly of: (loss: Change) => Pick<Deferred, 'reason' | 'waitsFor'> | null;
  readonly notices: readonly Notice[];
}

type ProtectedEmail = Extract<ProtectedName, { readonly email: string }>;

/**
 * The access that had a protected e-mail is protected in its place. Where nobody has such an e-mail, and no memory says who had it,
 * it may be anybody whom no grant names, or any account admin, but for what others changed since. An access that had it and is gone leaves no doubt.
 */
export function protectedDoubts({ difference, actual, resolved, restraints }: GuardInput): NameDoubts {
  const names = resolved.policy.protected.filter((name): name is ProtectedEmail => 'email' in name);
  const renamed = renamedPeople(names, actual, [...restraints.remembered.values()]);
  const inPlace = new Map(renamed.map(({ access, name }) => [access.access, name]));
  const present = accessesByEmail(actual.accesses);
  const seen = new Set([...restraints.remembered.values()].map((one) => one.emailHash));
  const unmatched = names.find(({ email }) => !present.has(email) && !seen.has(emailHash(email)));
  const unlisted = new Set(difference.unlisted.map(({ access }) => access));
  return {
    of: (loss) => {
      const known = inPlace.get(loss.access);
      if (known) return { reason: 'protected-renamed', waitsFor: waitsFor(known) };
      if (!unmatched || isByOthers(loss) || !(unlisted.has(loss.access) || endsAccountAdmin(loss))) return null;
      return { reason: 'protected-unmatched', waitsFor: waitsFor(unmatched) };
    },
    notices: renamed.map(renamedNotice),
  };
}

/** What somebody else gave since, and who came since: no run ever protected it. */
function isByOthers({ cause }: Change): boolean {
  return cause === 'drift' || cause === 'newcomer';
}

/** An access that had a protected e-mail and has another one now. Somebody else may have that e-mail by now. */
interface RenamedPerson {
  readonly access: AccountAccess;
  readonly email: string;
  readonly name: ProtectedEmail;
}

function renamedPeople(
  names: readonly ProtectedEmail[],
  { accesses }: ActualState,
  remembered: readonly RememberedAccess[],
): readonly RenamedPerson[] {
  const byHash = new Map<string | null, ProtectedEmail>(names.map((name) => [emailHash(name.email), name]));
  const had = new Map(remembered.map((one) => [one.access, byHash.get(one.emailHash)]));
  return accesses.flatMap((access) => {
    const name = had.get(access.access);
    if (access.principal.kind === 'token' || name === undefined) return [];
    const { email } = access.principal;
    return emailKey(email) === name.email ? [] : [{ access, email, name }];
  });
}

function waitsFor(name: ProtectedEmail): string {
  return `${writtenName(name)} in \`protected\``;
}

function renamedNotice({ access, email, name }: RenamedPerson): Notice {
  const old = writtenName(name);
  return {
    code: 'protected-renamed',
    message: `${email} (access ${access.access}) had the protected e-mail ${old} at an earlier run, so grantd takes nothing from this access`,
    remedy: `if it is the same person, write ${email} in place of ${old} under \`protected\`; delete ${old} there only if it is somebody else: grantd then takes at once what the policy does not give them`,
    at: name.at,
    access: access.access,
  };
}
