/** An account of any size, as Mailtrap would list it, and a policy that it is equal to. */

export const LARGE_ACCOUNT = 3229;

/** The two bodies that a run reads: so many people, each with so many rows, on as many projects. */
export function bodiesOf({ principals, rows }) {
  const projects = Array.from({ length: rows }, (_, index) => ({
    id: 5000 + index,
    name: `Project ${index}`,
    type: 'project',
    access_level: 100,
    resources: [{ id: 90_000 + index, name: 'Staging', type: 'inbox', access_level: 100, resources: [] }],
  }));
  const accesses = Array.from({ length: principals }, (_, index) => ({
    id: 1_000_000 + index,
    specifier_type: 'User',
    specifier: { id: 2_000_000 + index, email: emailOf(index), name: `Person ${index}` },
    resources: projects.map(({ id }) => ({ resource_type: 'project', resource_id: id, access_level: 10 })),
    permissions: { can_read: true, can_update: true, can_destroy: true, can_leave: false },
  }));
  const owner = {
    id: 1,
    specifier_type: 'User',
    specifier: { id: 1, email: 'owner@example.com', name: 'Owner' },
    resources: [{ resource_type: 'account', resource_id: LARGE_ACCOUNT, access_level: 1000 }],
    permissions: { can_read: true, can_update: false, can_destroy: false, can_leave: false },
  };
  return {
    accesses: Buffer.from(JSON.stringify([owner, ...accesses])),
    resources: Buffer.from(
      JSON.stringify([{ id: LARGE_ACCOUNT, name: 'Bench', type: 'account', access_level: 100, resources: projects }]),
    ),
  };
}

/** Everybody is in a team, as large as a group may be at most, and each team gets each project by its name. */
export function largePolicy({ principals, rows }) {
  return [
    'version: 1',
    `account: ${LARGE_ACCOUNT}`,
    'mode: authoritative',
    'protected: [owner@example.com]',
    'limits: { revokes: { principals: 10, percent: 10 }, gains: { principals: 1000000 }, admins: 1 }',
    'groups:',
    ...teamsOf(principals).map((names, team) => `  team-${team}: [${names.join(', ')}]`),
    'grants:',
    ...Array.from(
      { length: rows },
      (_, index) => `  - { to: [${toEverybody(principals)}], resource: "project:Project ${index}", level: viewer }`,
    ),
    'unlisted: keep',
    'paused: false',
    '',
  ].join('\n');
}

const TEAM_SIZE = 5_000;

function teamsOf(principals) {
  const emails = Array.from({ length: principals }, (_, index) => emailOf(index));
  return Array.from({ length: Math.ceil(principals / TEAM_SIZE) }, (_, team) =>
    emails.slice(team * TEAM_SIZE, (team + 1) * TEAM_SIZE),
  );
}

function toEverybody(principals) {
  return teamsOf(principals)
    .map((_, team) => `group:team-${team}`)
    .join(', ');
}

function emailOf(index) {
  return `person${index}@example.com`;
}
