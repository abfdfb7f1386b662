import type { ApiToken } from '../../../core/domain/account/actual-state.ts';
import type { ResolvedPolicy } from '../../../core/domain/policy/entitlement.ts';
import { GrantdError } from '../../../core/domain/text/error.ts';
import type { Problem } from '../../../core/domain/text/problem.ts';
import { resolvePolicy } from '../../../core/resolve/resolve-policy.ts';
import { type Observation, observeAccount } from '../../../run/observe/observe-account.ts';
import type { CallContext } from '../../line/command.ts';
import { InvalidSettings } from '../../line/errors.ts';
import type { PolicyWithToken } from '../../line/one-account.ts';
import { type AccountPorts, connect } from '../../open/connect.ts';
import { checkPolicy } from '../../open/policy.ts';
import { NEVER } from '../../process/node-io.ts';

/** The policy file: valid, invalid or unreadable. */
export type PolicyLook =
  | { readonly kind: 'valid'; readonly resolved: ResolvedPolicy; readonly warnings: readonly Problem[] }
  | { readonly kind: 'invalid'; readonly errors: readonly Problem[] }
  | { readonly kind: 'unreadable'; readonly error: GrantdError };

/** What the API answered, as far as grantd asked. */
export type AccountLook =
  | { readonly kind: 'unasked'; readonly why: string }
  /** The token does not administer this account, or the API did not answer. grantd asked nothing further. */
  | { readonly kind: 'refused'; readonly error: GrantdError; readonly requests: RequestCount }
  | {
      readonly kind: 'read';
      readonly observed: Observation | GrantdError;
      readonly apiTokens: readonly ApiToken[] | GrantdError;
      readonly requests: RequestCount;
    };

/** How many requests the API answered, whatever the status. */
export interface RequestCount {
  readonly answered: number;
  /** Answered with 429. */
  readonly refused: number;
}

/** One policy with its token and its account. Each is read once, however many checks use it. */
export class DoctorContext {
  readonly call: CallContext;
  readonly policy: string;
  readonly token: PolicyWithToken['token'];
  #policyLook: Promise<PolicyLook> | null = null;
  #accountLook: Promise<AccountLook> | null = null;

  constructor(call: CallContext, { policy, token }: PolicyWithToken) {
    this.call = { ...call, settings: { ...call.settings, policy }, token };
    this.policy = policy;
    this.token = token;
  }

  policyLook(): Promise<PolicyLook> {
    this.#policyLook ??= lookAtPolicy(this.call);
    return this.#policyLook;
  }

  accountLook(): Promise<AccountLook> {
    this.#accountLook ??= this.policyLook().then((look) => lookAtAccount(this, look));
    return this.#accountLook;
  }
}

async function lookAtPolicy(call: CallContext): Promise<PolicyLook> {
  try {
    const { checked } = await checkPolicy(call);
    if (checked.ok) return { kind: 'valid', resolved: resolvePolicy(checked.value), warnings: checked.problems };
    return { kind: 'invalid', errors: checked.problems.filter(({ severity }) => severity === 'error') };
  } catch (error) {
    return { kind: 'unreadable', error: asGrantdError(error) };
  }
}

async function lookAtAccount({ call, token }: DoctorContext, policy: PolicyLook): Promise<AccountLook> {
  if (policy.kind !== 'valid') return { kind: 'unasked', why: 'no valid policy says which account it is' };
  if (!token.ok) return { kind: 'unasked', why: 'there is no token to ask with' };
  const { account } = policy.resolved.policy;
  const count = { answered: 0, refused: 0 };
  const { token: read } = token;
  try {
    const ports = await connect(call.io, {
      account,
      token: () => {
        const secret = read();
        call.secrets.add(secret);
        return secret;
      },
      settings: call.settings,
      onRequest: ({ status }) => {
        if (status !== null) count.answered += 1;
        if (status === 429) count.refused += 1;
      },
    });
    return await readAccount(ports, account, count);
  } catch (error) {
    if (error instanceof InvalidSettings)
      return { kind: 'unasked', why: 'a proxy variable of the environment cannot be used' };
    throw error;
  }
}

async function readAccount(ports: AccountPorts, account: number, requests: RequestCount): Promise<AccountLook> {
  const { reader, clock } = ports;
  try {
    await reader.confirmAccount(NEVER);
  } catch (error) {
    return { kind: 'refused', error: asGrantdError(error), requests };
  }
  const [observed, apiTokens] = await Promise.all([
    observeAccount(reader, clock, { account, needsTokens: false, signal: NEVER }).catch(asGrantdError),
    reader.readApiTokens(NEVER).then(({ value }) => value, asGrantdError),
  ]);
  return { kind: 'read', observed, apiTokens, requests };
}

/** Any other error is an internal one, and no check reports it as its finding. */
function asGrantdError(error: unknown): GrantdError {
  if (error instanceof GrantdError) return error;
  throw error;
}
