import { ADMIN_LEVEL, stateFromSeed } from './account-state.ts';
import { answerWithJson, BAD_REQUEST, FORBIDDEN, type RouteOutcome, unprocessable } from './answer.ts';
import { type ApiCall, bodyObject, type Endpoint, isRequestObject } from './api-call.ts';
import { accountLevel } from './effective-level.ts';

/**
 * Documented: the caller must manage the sub-accounts of its own organization. Another organization gets the same 403, whether it
 * exists or not. That an admin of one account of the organization manages them is assumed.
 */
export function managersOnly(endpoint: Endpoint): Endpoint {
  return (call, organizationId) => {
    const { state, caller } = call;
    const mayManage = state.organizationId === organizationId && accountLevel(state, caller) >= ADMIN_LEVEL;
    return mayManage ? endpoint(call, organizationId) : { answer: FORBIDDEN };
  };
}

/** `GET /api/organizations/{id}/sub_accounts`: the accounts of the organization. */
export function getSubAccounts({ accounts }: ApiCall, organizationId: number): RouteOutcome {
  const members = accounts.filter((account) => account.organizationId === organizationId);
  const list = members.map(({ id, name }) => ({ id, name }));
  return { answer: answerWithJson(200, list) };
}

/**
 * `POST /api/organizations/{id}/sub_accounts`: an account without tokens, so that nobody can call it. Recorded: 200, and the empty
 * 400 without any field of `account`. The 422 is documented; that it is about a blank name is assumed.
 */
export function createSubAccount({ accounts, body }: ApiCall, organizationId: number): RouteOutcome {
  const account = bodyObject(body)?.['account'];
  if (!isRequestObject(account) || Object.keys(account).length === 0) return { answer: BAD_REQUEST };
  const { name } = account;
  if (typeof name !== 'string' || name.trim() === '') return { answer: unprocessable('name', ["can't be blank"]) };
  const id = Math.max(...accounts.map((one) => one.id)) + 1;
  const state = stateFromSeed({ account: { id, name }, organization: { id: organizationId }, tokens: [] });
  return { answer: answerWithJson(200, { id, name }), state };
}
