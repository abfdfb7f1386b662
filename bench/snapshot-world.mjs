/** A saved account of so many people with five rows each, and two policies for it: one that it is equal to, and the next. */

export const SNAPSHOT_ACCOUNT = 3229;

const PROJECTS = 1_000;
const ROWS = 5;
const TEAM_SIZE = 50;
const TAKEN_AT = '2026-11-24T04:00:00Z';

/** A snapshot as `grantd snapshot` writes it. Each project has an inbox; each person has a row on the projects of their team. */
export function snapshotOf(people) {
  const resources = Array.from({ length: PROJECTS }, (_, index) => [
    { type: 'project', id: projectId(index), name: projectName(index), tokenLevel: 100, parent: null },
    {
      type: 'inbox',
      id: 90_000 + index,
      name: 'Staging',
      tokenLevel: 100,
      parent: { type: 'project', id: projectId(index) },
    },
  ]).flat();
  const accesses = Array.from({ length: people }, (_, index) => ({
    access: 1_000_000 + index,
    principal: { kind: 'user', email: emailOf(index) },
    canUpdate: true,
    isOwnToken: false,
    rows: projectsOf(teamOf(index), 0).map((project) => ({ type: 'project', id: projectId(project), level: 10 })),
  }));
  const owner = {
    access: 1,
    principal: { kind: 'user', email: 'owner@example.com' },
    canUpdate: false,
    isOwnToken: false,
    rows: [{ type: 'account', id: SNAPSHOT_ACCOUNT, level: 1000 }],
  };
  return JSON.stringify({
    version: 1,
    takenAt: TAKEN_AT,
    account: SNAPSHOT_ACCOUNT,
    root: { name: 'Bench', tokenLevel: 100 },
    resources,
    accesses: [owner, ...accesses],
    apiTokens: [],
  });
}

/** Each team gets its projects; in the next policy, one project of each is another one. */
export function policiesOf(people) {
  return { old: policyOf(people, 0), next: policyOf(people, 1) };
}

function policyOf(people, moved) {
  const teams = Array.from({ length: Math.ceil(people / TEAM_SIZE) }, (_, team) => team);
  return [
    'version: 1',
    `account: ${SNAPSHOT_ACCOUNT}`,
    'mode: authoritative',
    'protected: [owner@example.com]',
    'limits: { revokes: { principals: 1000000, percent: 100 }, gains: { principals: 1000000 }, admins: 1 }',
    'groups:',
    ...teams.map((team) => `  team-${team}: [${membersOf(team, people).join(', ')}]`),
    'grants:',
    ...teams.map((team) => {
      const resources = projectsOf(team, moved).map((project) => `"project:${projectName(project)}"`);
      return `  - { to: group:team-${team}, resource: [${resources.join(', ')}], level: viewer, reason: OPS-${team} }`;
    }),
    'unlisted: keep',
    'paused: false',
    '',
  ].join('\n');
}

/** The projects of a team, of which so many are other ones than in the account. */
function projectsOf(team, moved) {
  return Array.from({ length: ROWS }, (_, row) => (team * ROWS + row + (row < moved ? PROJECTS / 2 : 0)) % PROJECTS);
}

function teamOf(person) {
  return Math.floor(person / TEAM_SIZE);
}

function membersOf(team, people) {
  const size = Math.min(TEAM_SIZE, people - team * TEAM_SIZE);
  return Array.from({ length: size }, (_, index) => emailOf(team * TEAM_SIZE + index));
}

function projectId(index) {
  return 5_000 + index;
}

function projectName(index) {
  return `Project ${index}`;
}

/** Someone in the middle of the account. */
export function personOf(people) {
  return emailOf(Math.floor(people / 2));
}

/** A project of the first team. */
export const ASKED_PROJECT = `project:${projectName(1)}`;

function emailOf(index) {
  return `person${index}@example.com`;
}
