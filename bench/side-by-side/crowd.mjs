/** An account of many people with several rows each on a few projects, for what a run costs. */

const ACCOUNT = 3229;
const TEAMS = 5;
export const SECRET = 'bench-token-of-grantd';

const PROJECTS = ['Web', 'App', 'Shop', 'Data', 'Ops'].map((name, index) => ({
  type: 'project',
  id: index + 1,
  name,
  resources: ['Live', 'Staging', 'QA'].map((inbox, at) => ({ type: 'inbox', id: 10 * (index + 1) + at, name: inbox })),
}));

/** The shape of the account, in words. */
export const CROWD_WORDS = '4 rows each on 5 projects';

/** What each of a team holds: two projects to look at, an inbox of each to administer. */
function rowsOf(index) {
  const first = index % TEAMS;
  const [own, next] = [first, (first + 1) % TEAMS].map((at) => PROJECTS[at]);
  return [
    { type: 'project', id: own.id, level: 10 },
    { type: 'inbox', id: own.resources[0].id, level: 100 },
    { type: 'project', id: next.id, level: 10 },
    { type: 'inbox', id: next.resources[1].id, level: 100 },
  ];
}

/** What of the account differs from the policy when a run begins. */
export const SITUATIONS = {
  first: { title: 'first run', held: () => [] },
  small: { title: '3 people differ', held: (index) => SMALL[index]?.(rowsOf(index)) ?? rowsOf(index) },
  idle: { title: 'nothing differs', held: rowsOf },
};

/** One lacks a row, one has a level too high, one holds a row too many. */
const SMALL = {
  3: (rows) => rows.slice(1),
  5: ([row, ...rows]) => [{ ...row, level: 100 }, ...rows],
  8: (rows) => [...rows, { type: 'inbox', id: PROJECTS[(8 + 3) % TEAMS].resources[2].id, level: 10 }],
};

/** The account of a situation, as a seed of the simulator. */
export function crowdSeed(people, { held }) {
  return {
    account: { id: ACCOUNT, name: 'Crowd' },
    resources: PROJECTS,
    accesses: [
      { kind: 'user', access: 1, email: 'owner@example.com', rows: [{ type: 'account', id: ACCOUNT, level: 1000 }] },
      ...emailsOf(people).map((email, index) => ({ kind: 'user', access: 100 + index, email, rows: held(index) })),
    ],
    tokens: [
      { name: 'grantd', secret: SECRET, id: 90, access: 99, rows: [{ type: 'account', id: ACCOUNT, level: 100 }] },
    ],
  };
}

/** The policy: a group and a role for each team. */
export function crowdPolicy(people) {
  const teams = PROJECTS.map(({ name }) => name.toLowerCase());
  const members = (team) => emailsOf(people).filter((_, index) => index % TEAMS === team);
  return [
    'version: 1',
    `account: ${ACCOUNT}`,
    'mode: authoritative',
    'protected: [owner@example.com]',
    'limits: { revokes: { principals: 5, percent: 20 }, gains: { principals: 1000 }, admins: 1 }',
    'groups:',
    ...teams.map((name, team) => `  ${name}: [${members(team).join(', ')}]`),
    'roles:',
    ...teams.flatMap((name, team) => {
      const [own, next] = [PROJECTS[team].name, PROJECTS[(team + 1) % TEAMS].name];
      return [
        `  ${name}:`,
        `    - { resource: ["project:${own}", "project:${next}"], level: viewer }`,
        `    - { resource: ["inbox:${own}/Live", "inbox:${next}/Staging"], level: admin }`,
      ];
    }),
    'grants:',
    ...teams.map((name) => `  - { to: group:${name}, role: ${name} }`),
    'unlisted: keep',
    'paused: false',
    '',
  ].join('\n');
}

function emailsOf(people) {
  return Array.from({ length: people }, (_, index) => `person${index}@example.com`);
}
