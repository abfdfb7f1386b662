// What the official client does, one flow after the other, and what Mailtrap is known to answer: the bodies and headers that were
// recorded or documented. Each flow begins with the example account.
import assert from 'node:assert/strict';

const ACCOUNT = { resource_type: 'account', resource_id: 3229, access_level: 100 };
const [OWN_ACCESS, OWNER, ANN, BOB, JUDY, CI] = [5140, 5001, 5004, 5005, 5011, 2496915];
const DOMAIN_UUID = '0b1f7c52-5101-4000-8000-000000005101';
const NO_PERMISSIONS = 'No permissions selected. Please choose at least one.';

/** The flows by name. Each gets the connected client, `refused`, `as` (the same client with other options) and the simulator. */
export const FLOWS = new Map([
  ['accounts', accounts],
  ['account accesses', accesses],
  ['filters of account accesses', filters],
  ['removal of an access', removal],
  ['the tree of resources', resources],
  ['bulk update of each type and level', bulkUpdate],
  ['bulk updates that are refused', refusedUpdates],
  ['API tokens: list and get', readTokens],
  ['API tokens: create', createTokens],
  ['API tokens: reset', resetTokens],
  ['API tokens: delete', deleteTokens],
  ['sub-accounts', subAccounts],
  ['errors', errors],
]);

async function accounts({ client, last }) {
  const list = await client.general.accounts.getAllAccounts();
  assert.deepEqual(list, [{ id: 3229, name: 'Example', access_levels: [100] }]);
  hasHeaders(last);
}

async function accesses({ client, last }) {
  const list = await client.general.accountAccesses.listAccountAccesses();
  hasHeaders(last);
  for (const one of list) {
    assert.deepEqual(Object.keys(one).sort(), ['id', 'permissions', 'resources', 'specifier', 'specifier_type']);
    for (const row of one.resources) assert.ok(Number.isInteger(row.resource_id));
  }
  const find = (id) => list.find((one) => one.id === id);
  const nothing = { can_read: false, can_update: false, can_destroy: false, can_leave: false };
  assert.deepEqual(find(OWNER).resources, [{ resource_type: 'organization', resource_id: 1208, access_level: 1000 }]);
  assert.deepEqual(find(OWNER).permissions, nothing);
  const { specifier_type, specifier, permissions } = find(JUDY);
  assert.deepEqual([specifier_type, specifier], ['Invite', { id: 8001, email: 'judy@example.com' }]);
  assert.deepEqual(permissions, { ...nothing, can_update: true, can_destroy: true });
  const fields = ['email', 'id', 'name', 'two_factor_authentication_enabled'];
  assert.deepEqual(Object.keys(find(ANN).specifier).sort(), fields);
  assert.equal(find(OWN_ACCESS), undefined);
}

async function filters({ client }) {
  const { accountAccesses } = client.general;
  const idsOf = async (filter) => (await accountAccesses.listAccountAccesses(filter)).map(({ id }) => id);
  assert.deepEqual(await idsOf({ projectIds: ['4001'] }), [ANN, BOB, 5007]);
  assert.deepEqual(await idsOf({ inboxIds: ['3809'], projectIds: ['4002'] }), [ANN, 5006, JUDY]);
  assert.deepEqual(await idsOf({ domainUuids: [DOMAIN_UUID] }), []);
  const row = { resourceId: '5101', resourceType: 'sending_domain', accessLevel: 'viewer' };
  await client.general.permissions.bulkPermissionsUpdate(BOB, [row]);
  assert.deepEqual(await idsOf({ domainUuids: [DOMAIN_UUID] }), [BOB]);
}

async function removal({ client, last, refused }) {
  const remove = () => client.general.accountAccesses.removeAccountAccess(BOB);
  assert.deepEqual(await remove(), { id: BOB });
  hasHeaders(last);
  await refused(remove, 404, 'Not Found', { error: 'Not Found' });
}

/** `getResources` of the client asks for the list of accesses, by mistake; so its axios asks for the tree. */
async function resources({ client, last }) {
  assert.equal((await client.general.permissions.getResources())[0].specifier_type, 'User');
  const tree = await client.axios.get('https://mailtrap.io/api/accounts/3229/permissions/resources');
  hasHeaders(last);
  assert.deepEqual([tree.length, tree[0].type, tree[0].name], [1, 'account', 'Account']);
  const open = [...tree];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    assert.deepEqual(Object.keys(node).sort(), ['access_level', 'id', 'name', 'resources', 'type']);
    assert.equal(node.access_level, 100);
    open.push(...node.resources);
  }
}

async function bulkUpdate({ client, last, simulator }) {
  const update = (...rows) => client.general.permissions.bulkPermissionsUpdate(ANN, rows);
  const set = (resourceType, resourceId, accessLevel) => ({ resourceType, resourceId, accessLevel });
  const answer = await update(
    set('account', '3229', 'viewer'),
    set('billing', '3229', 10),
    set('project', '4001', 'admin'),
    set('inbox', '3810', 100),
    set('sending_domain', '5101', '10'),
    set('email_campaign_permission_scope', '3229', '100'),
    { resourceType: 'inbox', resourceId: '3809', destroy: true },
  );
  assert.deepEqual(answer, { message: 'Permissions have been updated!' });
  hasHeaders(last);
  assert.deepEqual(simulator.rows(ANN), {
    'project:4001': 100,
    'account:3229': 10,
    'billing:3229': 10,
    'inbox:3810': 100,
    'sending_domain:5101': 10,
    'email_campaign_permission_scope:3229': 100,
  });
  // Reported of an official client: text destroys, even this one.
  await update({ resourceType: 'inbox', resourceId: '3810', accessLevel: 'admin', destroy: 'false' });
  assert.equal(simulator.rows(ANN)['inbox:3810'], undefined);
}

async function refusedUpdates({ client, refused, simulator }) {
  const update = (access, resourceType, accessLevel) => () =>
    client.general.permissions.bulkPermissionsUpdate(access, [{ resourceId: '3229', resourceType, accessLevel }]);
  const before = simulator.state();
  await refused(update(9, 'account', 'viewer'), 404, 'Not Found', { error: 'Not Found' });
  await refused(update(OWNER, 'account', 'viewer'), 403, 'Access forbidden', { errors: 'Access forbidden' });
  await refused(update(OWN_ACCESS, 'account', 'viewer'), 403, 'Access forbidden', { errors: 'Access forbidden' });
  for (const [type, level] of [
    ['account', 50],
    ['organization', 'viewer'],
    ['email_template_permission_scope', 'viewer'],
  ]) {
    const { errors: found } = await refused(update(ANN, type, level), 422);
    assert.deepEqual([Object.keys(found), Array.isArray(found.base)], [['base'], true]);
  }
  assert.deepEqual(simulator.state(), before);
}

async function readTokens({ client, last, refused }) {
  const { apiTokens } = client.general;
  const list = await apiTokens.getList();
  hasHeaders(last);
  for (const token of list) isToken(token);
  assert.deepEqual(await apiTokens.get(CI), list[1]);
  hasHeaders(last);
  await refused(() => apiTokens.get(9), 404, 'Not Found', { error: 'Not Found' });
}

async function createTokens({ client, last, as, refused }) {
  const { apiTokens } = client.general;
  const create = (rest) => apiTokens.create({ name: 'New', resources: [ACCOUNT], ...rest });
  const { token, ...created } = await create({ expires_at: null });
  hasHeaders(last);
  isToken(created);
  assert.deepEqual([created.name, created.created_by, created.expires_at], ['New', 'grantd', null]);
  assert.deepEqual([created.resources, created.last_4_digits], [[ACCOUNT], token.slice(-4)]);
  assert.equal((await as({ token }).general.accounts.getAllAccounts()).length, 1);
  const end = `${new Date().getUTCFullYear() + 1}-06-01T00:00:00Z`;
  assert.equal((await create({ expires_at: end })).expires_at, end);
  const past = 'Expiration date must be in the future';
  await refused(() => create({ expires_at: '2020-01-01T00:00:00Z' }), 422, past, { errors: { base: [past] } });
  await refused(() => create({ expires_at: '2099-01-01T00:00:00Z' }), 422);
  const none = { errors: { base: [NO_PERMISSIONS] } };
  await refused(() => create({ resources: [] }), 422, NO_PERMISSIONS, none);
  await refused(() => apiTokens.create({ resources: [] }), 422, NO_PERMISSIONS, none);
}

async function resetTokens({ client, last, as, refused }) {
  const { apiTokens } = client.general;
  const old = await apiTokens.get(CI);
  const { token, ...fresh } = await apiTokens.reset(CI);
  hasHeaders(last);
  isToken(fresh);
  assert.deepEqual([fresh.name, fresh.resources], [`${old.name} ${fresh.id}`, old.resources]);
  for (const one of [token, 'simulator-ci-token-0001'])
    assert.equal((await as({ token: one }).general.accounts.getAllAccounts()).length, 1);
  await refused(() => apiTokens.reset(CI), 422);
  const again = await apiTokens.reset(fresh.id, { expires_at: null });
  assert.equal(again.expires_at, null);
  const past = 'Expiration date must be in the future';
  const inThePast = () => apiTokens.reset(again.id, { expires_at: '2020-01-01T00:00:00Z' });
  await refused(inThePast, 422, past, { errors: { base: [past] } });
  await refused(() => apiTokens.reset(9), 404, 'Not Found', { error: 'Not Found' });
}

async function deleteTokens({ client, last, refused }) {
  const { apiTokens } = client.general;
  await apiTokens.delete(CI);
  assert.deepEqual([last.status, last.text], [204, '']);
  await refused(() => apiTokens.delete(CI), 404, 'Not Found', { error: 'Not Found' });
}

async function subAccounts({ client, last, as, refused }) {
  const { subAccounts: api } = client.organizations;
  assert.deepEqual(await api.getList(), [{ id: 3229, name: 'Example' }]);
  const made = await api.create({ name: 'New' });
  hasHeaders(last);
  assert.deepEqual(made, { id: made.id, name: 'New' });
  assert.deepEqual((await api.getList())[1], made);
  await refused(() => api.create({}), 400, 'Request failed with status code 400', '');
  assert.match(last.headers['content-type'], /^text\/html/);
  for (const name of ['x-mailtrap-version', 'x-ratelimit-limit', 'x-ratelimit-remaining'])
    assert.equal(last.headers[name], undefined);
  const wrong = as({ organizationId: 7 }).organizations.subAccounts;
  await refused(() => wrong.getList(), 403, 'Access forbidden', { errors: 'Access forbidden' });
}

async function errors({ client, last, as, refused, simulator }) {
  const stranger = as({ token: 'nobody' }).general.accounts;
  const cause = await refused(() => stranger.getAllAccounts(), 401, 'Incorrect API token', null, 'headers');
  assert.equal(cause['www-authenticate'], 'Token realm="Application"');
  const other = as({ accountId: 1 }).general.accountAccesses;
  const elsewhere = { errors: 'Account access forbidden' };
  await refused(() => other.listAccountAccesses(), 403, 'Account access forbidden', elsewhere);
  simulator.inject({ kind: 'status', status: 429 });
  const list = () => client.general.accountAccesses.listAccountAccesses();
  await refused(list, 429, 'Rate limit exceeded', { errors: 'Rate limit exceeded' });
  assert.deepEqual([last.headers['x-ratelimit-remaining'], last.headers['retry-after']], ['0', undefined]);
}

/** Recorded on every 200, whatever the method. */
function hasHeaders({ status, headers }) {
  assert.equal(status, 200);
  assert.match(headers.etag, /^W\/"[0-9a-f]{32}"$/);
  assert.equal(headers['x-mailtrap-version'], 'v2');
  assert.equal(headers['x-ratelimit-limit'], '150');
  assert.match(headers['x-ratelimit-remaining'], /^\d+$/);
  assert.match(headers['content-type'], /^application\/json/);
}

function isToken(token) {
  const fields = ['created_by', 'expires_at', 'id', 'last_4_digits', 'name', 'resources'];
  assert.deepEqual(Object.keys(token).sort(), fields);
  assert.equal(token.last_4_digits.length, 4);
  assert.match(token.expires_at ?? '2026-01-01T00:00:00Z', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
}
