// biome-ignore-all lint/suspicious/noConsole: a script that somebody wrote in an afternoon prints by console.
// Makes a Mailtrap account equal to a policy, over the official client.
//
//   MAILTRAP_API_TOKEN=… node sync.mjs policy.yaml               one person after the other
//   MAILTRAP_API_TOKEN=… node sync.mjs policy.yaml --parallel    all at once
import { readFileSync } from 'node:fs';
import { MailtrapClient } from 'mailtrap';
import { parse } from 'yaml';

const LEVELS = { viewer: 10, admin: 100 };
const LEVEL_NAMES = { 10: 'viewer', 100: 'admin' };

const [file, form] = process.argv.slice(2);
const policy = parse(readFileSync(file, 'utf8'));
if (policy.paused) {
  console.log('the policy is paused');
  process.exit();
}
const client = new MailtrapClient({ token: process.env.MAILTRAP_API_TOKEN, accountId: policy.account });

const [tree, accesses, apiTokens] = await Promise.all([
  readTree(),
  client.general.accountAccesses.listAccountAccesses(),
  policy.tokens ? client.general.apiTokens.getList() : [],
]);
const resources = byName(tree);
const wanted = wantedRows();
const updates = [...peopleUpdates(), ...tokenUpdates()];

let failed = false;
if (form === '--parallel') await Promise.all(updates.map(write));
else for (const update of updates) await write(update);
console.log(`${updates.length} of ${accesses.length} differed`);
if (failed) process.exitCode = 1;

/** client.general.permissions.getResources() of 4.10.0 asks for the account accesses, so this asks for the resources. */
function readTree() {
  return client.axios.get(`https://mailtrap.io/api/accounts/${policy.account}/permissions/resources`);
}

/** Every resource by what the policy calls it: account, project:NAME, inbox:PROJECT/NAME, domain:NAME. */
function byName(nodes, parent = '', found = new Map()) {
  for (const { type, id, name, resources: below } of nodes) {
    const called = { account: 'account', inbox: `inbox:${parent}/${name}`, sending_domain: `domain:${name}` };
    found.set(called[type] ?? `${type}:${name}`, { type, id });
    byName(below, name, found);
  }
  return found;
}

function find(name) {
  if (name.includes('*')) {
    const pattern = new RegExp(`^${name.split('*').map(escaped).join('.*')}$`);
    return [...resources].filter(([key]) => pattern.test(key)).map(([, resource]) => resource);
  }
  const resource = resources.get(name);
  if (!resource) throw new Error(`the account has no ${name}`);
  return [resource];
}

function escaped(text) {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function membersOf(to) {
  return [to].flat().flatMap((who) => (who.startsWith('group:') ? membersOf(policy.groups[who.slice(6)]) : who));
}

/** Who should hold what: levels by type and id, by e-mail or token:NAME. */
function wantedRows() {
  const all = new Map();
  for (const grant of policy.grants) {
    for (const who of membersOf(grant.to).map((name) => name.toLowerCase())) {
      const rows = all.get(who) ?? new Map();
      all.set(who, rows);
      if (!isRunning(grant)) continue;
      for (const { resource, level } of grant.role ? policy.roles[grant.role] : [grant]) {
        for (const { type, id } of [resource].flat().flatMap(find)) {
          rows.set(`${type}:${id}`, Math.max(LEVELS[level], rows.get(`${type}:${id}`) ?? 0));
        }
      }
    }
  }
  return all;
}

/** A bare date of `until` means through that day. */
function isRunning({ from, until }) {
  const end = /^\d{4}-\d\d-\d\d$/.test(until ?? '') ? `${until}T23:59:59.999Z` : until;
  return !(from && new Date(from) > new Date()) && !(end && new Date(end) < new Date());
}

function peopleUpdates() {
  const updates = [];
  const seen = new Set();
  for (const { id, specifier, resources: held, permissions } of accesses) {
    const who = specifier.email?.toLowerCase();
    seen.add(who);
    if (!who || !permissions.can_update || isExcluded(who)) continue;
    if (!wanted.has(who) && policy.unlisted !== 'revoke') {
      if (held.length > 0) console.warn(`${who} is not in the policy`);
      continue;
    }
    updates.push({ who, id, rows: difference(held, wanted.get(who) ?? new Map()) });
  }
  for (const who of wanted.keys()) {
    if (!who.startsWith('token:') && !seen.has(who)) console.warn(`${who} is not in the account`);
  }
  return updates.filter(({ rows }) => rows.length > 0);
}

function isExcluded(who) {
  const patterns = [...policy.protected, ...(policy.ignore ?? [])];
  return patterns.some((pattern) => new RegExp(`^${pattern.split('*').map(escaped).join('.*')}$`, 'i').test(who));
}

/** No endpoint tells the account access id of a token, so the policy gives both ids. */
function tokenUpdates() {
  return Object.entries(policy.tokens ?? {}).flatMap(([name, { access, token }]) => {
    const want = wanted.get(`token:${name}`);
    const held = apiTokens.find(({ id }) => id === token)?.resources;
    if (!want || !held) return [];
    const rows = difference(held, want);
    return rows.length > 0 ? [{ who: `token:${name}`, id: access, rows }] : [];
  });
}

/** Only what differs; what is given before what is taken. */
function difference(held, want) {
  const have = new Map(held.map((row) => [`${row.resource_type}:${row.resource_id}`, row.access_level]));
  const given = [...want].filter(([key, level]) => have.get(key) !== level);
  const taken = [...have.keys()].filter((key) => !want.has(key));
  const row = (key) => ({ resourceType: key.split(':')[0], resourceId: key.split(':')[1] });
  return [
    ...given.map(([key, level]) => ({ ...row(key), accessLevel: LEVEL_NAMES[level] })),
    ...taken.map((key) => ({ ...row(key), destroy: true })),
  ];
}

async function write({ who, id, rows }) {
  try {
    await client.general.permissions.bulkPermissionsUpdate(id, rows);
    console.log(`${who}: ${rows.length} row(s) written`);
  } catch (error) {
    failed = true;
    console.error(`${who}: ${error.message}`);
  }
}
