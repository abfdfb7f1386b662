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
      { name: 'ci', secret: 'bench-token-of-ci', id: 901, access: 9001, rows: [{ type: 'project', id: 1, level: 10 }] },
    ],
  };
}

/**
 * Everybody gets the level on one project; the first few also get another project. A policy that names a token has one read
 * more in each run.
 */
export function policyOf(users, level, { more = 0, namesToken = false } = {}) {
  const emails = emailsOf(users);
  return [
    'version: 1',
    `account: ${ACCOUNT}`,
    'mode: authoritative',
    'protected: [owner@example.com]',
    'limits: { revokes: { principals: 1000, percent: 100 }, gains: { principals: 1000 }, admins: 1 }',
    ...(namesToken ? ['tokens:', '  ci: { access: 9001, token: 901 }'] : []),
    'groups:',
    `  everybody: [${emails.join(', ')}]`,
    'grants:',
    `  - { to: group:everybody, resource: "project:Web", level: ${level} }`,
    ...(more > 0 ? [`  - { to: [${emails.slice(0, more).join(', ')}], resource: "project:App", level: viewer }`] : []),
    ...(namesToken ? ['  - { to: "token:ci", resource: "project:Web", level: viewer }'] : []),
    'unlisted: keep',
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
