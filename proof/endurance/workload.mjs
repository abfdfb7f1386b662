/** An account in which people hold one row each, on one of two projects, and the policy that says which. */

export const LEVELS = { viewer: 10, admin: 100 };
const PROJECTS = { Web: 1, App: 2 };

export const emailOf = (person) => `person${person}@example.com`;

export function seedOf(account, people, token) {
  return {
    account: { id: account, name: `Account ${account}` },
    resources: Object.entries(PROJECTS).map(([name, id]) => ({
      type: 'project',
      id,
      name,
      resources: [{ type: 'inbox', id: 10 * id + 1, name: 'Live' }],
    })),
    accesses: [
      { kind: 'user', access: 1, email: 'owner@example.com', rows: [{ type: 'account', id: account, level: 1000 }] },
      ...Array.from({ length: people }, (_, person) => ({
        kind: 'user',
        access: 100 + person,
        email: emailOf(person),
      })),
    ],
    tokens: [{ ...token, id: 900, access: 9000, rows: [{ type: 'account', id: account, level: 100 }] }],
  };
}

/** What everybody is to hold: a project and a level for each person. */
export class Entitlements {
  #entitled;

  constructor(people) {
    this.#entitled = Array.from({ length: people }, () => ({ project: 'Web', level: 'viewer' }));
  }

  /** Gives one person the other level or the other project, and returns who it was. */
  change(turn) {
    const person = (turn * 7) % this.#entitled.length;
    const { project, level } = this.#entitled[person];
    this.#entitled[person] =
      turn % 2 === 0
        ? { project, level: level === 'viewer' ? 'admin' : 'viewer' }
        : { project: project === 'Web' ? 'App' : 'Web', level };
    return person;
  }

  policyText(account, comment = '') {
    return [
      'version: 1',
      `account: ${account}`,
      'mode: authoritative',
      'protected: [owner@example.com]',
      'limits: { revokes: { principals: 1000, percent: 100 }, gains: { principals: 1000 }, admins: 1 }',
      `grants: # ${comment}`,
      ...this.#entitled.map(
        ({ project, level }, person) =>
          `  - { to: ${emailOf(person)}, resource: "project:${project}", level: ${level} }`,
      ),
      'unlisted: keep',
      'paused: false',
      '',
    ].join('\n');
  }

  isHeld(simulator, account, person) {
    const { project, level } = this.#entitled[person];
    const rows = simulator.rows(emailOf(person), account);
    return Object.keys(rows).length === 1 && rows[`project:${PROJECTS[project]}`] === LEVELS[level];
  }

  /** How many people hold something else. */
  missing(simulator, account) {
    return this.#entitled.filter((_, person) => !this.isHeld(simulator, account, person)).length;
  }
}
