/** A small account in which something can go wrong, its policy, and what whoever wrote the policy means by it. */

export const ACCOUNT = 3229;
export const SECRET = 'bench-token-of-grantd';
export const OWN_TOKEN = { name: 'syncer', access: 9000, id: 900 };

const TEAM = ['ann', 'ben', 'cam', 'dan', 'eve', 'fay'].map(emailOf);
const [WEB, WEB_LIVE, APP] = ['project:1', 'inbox:11', 'project:2'];

/**
 * The people by the order in which the account lists them, with what they hold before and what the policy means for them. Three
 * differ: one is raised, one loses a project, one moves from a project to another.
 */
const PEOPLE = new Map([
  [emailOf('owner'), { before: { [`account:${ACCOUNT}`]: 1000 } }],
  [emailOf('lea'), { before: { [`account:${ACCOUNT}`]: 100 } }],
  [emailOf('leo'), { before: { [`account:${ACCOUNT}`]: 100 } }],
  ...TEAM.map((email) => [email, { before: { [WEB]: 10, [WEB_LIVE]: 100 } }]),
  [emailOf('gus'), { before: { [APP]: 10 }, meant: { [APP]: 100 } }],
  [emailOf('hal'), { before: { [WEB]: 10, [APP]: 100 }, meant: { [WEB]: 10 } }],
  [emailOf('ida'), { before: { [APP]: 10 }, meant: { [WEB]: 10, [WEB_LIVE]: 100 } }],
  ['pat@contractor.example', { before: { [WEB]: 100 } }],
]);

export function emailOf(name) {
  return `${name}@example.com`;
}

/** A seed of the simulator. `held` replaces or adds what people hold before. */
export function seedOf({ held = {}, webName = 'Web', twin } = {}) {
  const rows = new Map([...PEOPLE].map(([email, { before }]) => [email, before]));
  for (const [email, before] of Object.entries(held)) rows.set(email, before);
  const web = { type: 'project', id: 1, name: webName, resources: [{ type: 'inbox', id: 11, name: 'Live' }] };
  const other = { type: 'project', id: 3, name: webName, resources: [{ type: 'inbox', id: 31, name: 'Live' }] };
  const app = { type: 'project', id: 2, name: 'App', resources: [{ type: 'inbox', id: 21, name: 'Live' }] };
  return {
    account: { id: ACCOUNT, name: 'Team' },
    resources: [...(twin === 'before' ? [other] : []), web, app, ...(twin === 'after' ? [other] : [])],
    accesses: [...rows].map(([email, before], index) => ({
      kind: 'user',
      access: 101 + index,
      email,
      rows: rowsOf(before),
    })),
    tokens: [
      {
        name: OWN_TOKEN.name,
        secret: SECRET,
        id: OWN_TOKEN.id,
        access: OWN_TOKEN.access,
        rows: [{ type: 'account', id: ACCOUNT, level: 100 }],
      },
    ],
  };
}

/** The account access id of somebody of `seedOf`. */
export function accessOf(email) {
  return 101 + [...PEOPLE.keys()].indexOf(email);
}

/** What is meant for everybody for whom it is not what they hold: rows by e-mail. `instead` replaces it for some. */
export function meantOf(instead = {}) {
  const meant = new Map([...PEOPLE].flatMap(([email, { meant: rows }]) => (rows ? [[email, rowsOf(rows)]] : [])));
  for (const [email, rows] of Object.entries(instead)) meant.set(email, rowsOf(rows));
  return meant;
}

/** Rows by what somebody holds: levels by `type:id`. */
function rowsOf(levels) {
  return Object.entries(levels).map(([key, level]) => {
    const [type, id] = key.split(':');
    return { type, id: Number(id), level };
  });
}

/** The policy; each part can be said otherwise. */
export function policyOf({ leads = ['lea', 'leo'], web = TEAM, unlisted = 'keep', tokens = '', more = [] } = {}) {
  return [
    'version: 1',
    `account: ${ACCOUNT}`,
    'mode: authoritative',
    `protected: [${emailOf('owner')}]`,
    'limits: { revokes: { principals: 3, percent: 50 }, admins: 2 }',
    'ignore: ["*@contractor.example"]',
    `unlisted: ${unlisted}`,
    ...(tokens ? [`tokens: ${tokens}`] : []),
    'groups:',
    `  leads: [${leads.map(emailOf).join(', ')}]`,
    `  everybody: [${TEAM.join(', ')}]`,
    `  web: [${web.join(', ')}]`,
    'roles:',
    '  web:',
    '    - { resource: "inbox:Web/Live", level: admin }',
    'grants:',
    '  - { to: group:leads, resource: account, level: admin }',
    '  - { to: group:everybody, resource: "project:Web", level: viewer }',
    '  - { to: group:web, role: web }',
    `  - { to: ${emailOf('gus')}, resource: "project:App", level: admin }`,
    `  - { to: ${emailOf('hal')}, resource: "project:Web", level: viewer }`,
    `  - { to: ${emailOf('ida')}, resource: "project:Web", level: viewer }`,
    `  - { to: ${emailOf('ida')}, role: web }`,
    ...more.map((grant) => `  - ${grant}`),
    'paused: false',
    '',
  ].join('\n');
}
