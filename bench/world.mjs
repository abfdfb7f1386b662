/** An account of so many users on one project each, and the policy that says what they hold. */

export const ACCOUNT = 3229;
export const SECRET = 'bench-token-of-grantd';

/** Nobody of the users holds a row yet. */
export function seedOf(users) {
  return {
    account: { id: ACCOUNT, name: 'Bench' },
    resources: [
      { type: 'project', id: 1, name: 'Web', resources: [{ type: 'inbox', id: 11, name: 'Live' }] },
      { type: 'project', id: 2, name: 'App', resources: [{ type: 'inbox', id: 21, name: 'Live' }] },
    ],
    accesses: [
      user(1, 'owner@example.com', [{ type: 'account', id: ACCOUNT, level: 1000 }]),
      ...emailsOf(users).map((email, index) => user(100 + index, email, [])),
    ],
    tokens: [
      { name: 'grantd', secret: SECRET, id: 900, access: 9000, rows: [{ type: 'account', id: ACCOUNT, level: 100 }] },
    ],
  };
}

/** Everybody of the group gets the level on one project. */
export function policyOf(users, level) {
  return [
    'version: 1',
    `account: ${ACCOUNT}`,
    'mode: authoritative',
    'protected: [owner@example.com]',
    'limits: { revokes: { principals: 1000, percent: 100 }, admins: 1 }',
    'groups:',
    `  everybody: [${emailsOf(users).join(', ')}]`,
    'grants:',
    `  - { to: group:everybody, resource: "project:Web", level: ${level} }`,
    'paused: false',
    '',
  ].join('\n');
}

function user(access, email, rows) {
  return { kind: 'user', access, email, rows };
}

function emailsOf(users) {
  return Array.from({ length: users }, (_, index) => `person${index}@example.com`);
}
