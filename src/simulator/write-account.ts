import {
  type Access,
  type AccountState,
  rowsByKey,
  type Specifier,
  withAccess,
  withoutAccess,
} from './account-state.ts';
import type { AccountWrite, Who } from './account-write.ts';
import { SimulatorInputError } from './input-error.ts';
import { isResourceOf } from './permission-item.ts';
import { keptType, typedId } from './resource-type.ts';

/** The state after a write of someone else. Throws `SimulatorInputError` for principals or resources that do not exist. */
export function writeAccount(state: AccountState, write: AccountWrite): AccountState {
  switch (write.act) {
    case 'set-row': {
      const access = findAccess(state, write.who);
      requireResource(state, write.type, write.id);
      return withAccess(state, { ...access, rows: new Map([...access.rows, ...rowsByKey([write])]) });
    }
    case 'remove-row':
      return withoutRow(state, findAccess(state, write.who), typedId(write.type, write.id));
    case 'accept-invite':
      return acceptInvite(state, findAccess(state, write.who), write);
    case 'add-member':
      return addMember(state, write);
    case 'remove-member':
      return withoutAccess(state, findAccess(state, write.who).id);
    case 'rename-member':
      return renameMember(state, findAccess(state, write.who), write.email);
    case 'rename-resource': {
      const key = requireResource(state, write.type, write.id);
      const resource = state.resources.get(key);
      if (!resource)
        throw new SimulatorInputError(['The account node is always named "Account"; rename another resource.']);
      return { ...state, resources: new Map(state.resources).set(key, { ...resource, name: write.name }) };
    }
    case 'add-resource':
      return addResource(state, write);
    case 'remove-resource':
      return removeResource(state, requireResource(state, write.type, write.id));
  }
}

/** The access with this id, e-mail or token name. Throws `SimulatorInputError` if there are none or several. */
export function findAccess(state: AccountState, who: Who): Access {
  const found =
    typeof who === 'number'
      ? [state.accesses.get(who)].filter((access) => access !== undefined)
      : [...state.accesses.values()].filter(
          ({ specifier }) => specifierName(specifier).toLowerCase() === who.toLowerCase(),
        );
  const [first, ...others] = found;
  if (!first)
    throw new SimulatorInputError([
      `who: no one in account ${state.id} is ${JSON.stringify(who)}; give an access id, an e-mail or a token name (GET /_sim/state lists them).`,
    ]);
  if (others.length > 0) {
    const ids = found.map(({ id }) => id).join(', ');
    throw new SimulatorInputError([
      `who: ${JSON.stringify(who)} is several accesses of account ${state.id} (${ids}); give one of these ids.`,
    ]);
  }
  return first;
}

/** The name that people use: the e-mail, or the name of a token. */
export function specifierName(specifier: Specifier): string {
  return specifier.kind === 'ApiToken' ? specifier.name : specifier.email;
}

function requireResource(state: AccountState, type: string, id: number): string {
  const key = typedId(type, id);
  if (isResourceOf(state, type, id) || key === typedId('organization', state.organizationId ?? -1)) return key;
  throw new SimulatorInputError([
    `${type} ${id} is not in account ${state.id}; GET /_sim/state lists its resources, and add-resource makes one.`,
  ]);
}

function withoutRow(state: AccountState, access: Access, key: string): AccountState {
  if (!access.rows.has(key))
    throw new SimulatorInputError([
      `${specifierName(access.specifier)} has no row on ${key}; GET /_sim/state lists the rows.`,
    ]);
  const rows = new Map(access.rows);
  rows.delete(key);
  return withAccess(state, { ...access, rows });
}

function acceptInvite(
  state: AccountState,
  invite: Access,
  write: Extract<AccountWrite, { act: 'accept-invite' }>,
): AccountState {
  if (invite.specifier.kind !== 'Invite') {
    throw new SimulatorInputError([`who: ${JSON.stringify(write.who)} is not an invite but ${invite.specifier.kind}.`]);
  }
  const { access = state.nextId, name = '' } = write;
  const rows = [...invite.rows.values()];
  return addMember(withoutAccess(state, invite.id), {
    act: 'add-member',
    email: invite.specifier.email,
    name,
    access,
    rows,
  });
}

function renameMember(state: AccountState, access: Access, email: string): AccountState {
  const { specifier } = access;
  if (specifier.kind === 'ApiToken')
    throw new SimulatorInputError([`who: ${specifier.name} is an API token, and has no e-mail.`]);
  return withAccess(state, { ...access, specifier: { ...specifier, email } });
}

function addMember(state: AccountState, write: Extract<AccountWrite, { act: 'add-member' }>): AccountState {
  const id = write.access ?? state.nextId;
  if (state.accesses.has(id))
    throw new SimulatorInputError([`access: ${id} is taken in account ${state.id}; leave it out to get a free one.`]);
  for (const { type, id: resourceId } of write.rows ?? []) requireResource(state, type, resourceId);
  const { email, name = '' } = write;
  const specifier: Specifier =
    write.kind === 'invite' ? { kind: 'Invite', id, email } : { kind: 'User', id, email, name, twoFactor: false };
  const access = { id, specifier, rows: rowsByKey(write.rows ?? []), listed: true, flags: {} };
  return { ...withAccess(state, access), nextId: Math.max(state.nextId, id + 1) };
}

function addResource(state: AccountState, write: Extract<AccountWrite, { act: 'add-resource' }>): AccountState {
  const { type, id, name, under } = write;
  const key = typedId(type, id);
  if (type === 'account' || type === 'organization') {
    throw new SimulatorInputError([`type: an ${type} is not a resource to add; PUT /_sim/state replaces the account.`]);
  }
  if (isResourceOf(state, type, id))
    throw new SimulatorInputError([`${type} ${id} is already in account ${state.id}; choose another id.`]);
  const parent = under && under.type !== 'account' ? requireResource(state, under.type, under.id) : undefined;
  const resources = new Map(state.resources).set(key, { type: keptType(type), id, name, parent, hidden: false });
  return { ...state, resources, nextId: Math.max(state.nextId, id + 1) };
}

function removeResource(state: AccountState, key: string): AccountState {
  if (!state.resources.has(key))
    throw new SimulatorInputError(['The account itself cannot be removed; PUT /_sim/state replaces it.']);
  const gone = new Set([key]);
  // Parents come before their children, so one pass finds everything below.
  for (const [child, { parent }] of state.resources) if (parent !== undefined && gone.has(parent)) gone.add(child);
  const resources = new Map([...state.resources].filter(([at]) => !gone.has(at)));
  const accesses = new Map(
    [...state.accesses].map(([id, access]) => {
      const rows = new Map([...access.rows].filter(([at]) => !gone.has(at)));
      return [id, rows.size === access.rows.size ? access : { ...access, rows }] as const;
    }),
  );
  return { ...state, resources, accesses };
}
