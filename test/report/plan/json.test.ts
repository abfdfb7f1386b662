import { describe, expect, test } from 'vitest';
import type { Plan } from '../../../src/core/domain/plan/plan.ts';
import { planToJson } from '../../../src/report/plan/json.ts';
import { agreedFromJson, labelsFromJson } from '../../../src/report/plan/read-json.ts';
import { agreedPlan } from '../../../src/run/reconcile/agreed-plan.ts';
import { NOW, smallWorld } from '../../support/small-world.ts';
import { schemaErrors } from '../schema-check.ts';
import { BUSY_ACCOUNT, busyWorld, hostileWorld } from '../worlds.ts';

const held = () => busyWorld({ limits: { newAdmins: 0 } }).plan;

/** The plan as a file has it, for a test to edit. */
function saved(plan: Plan) {
  return JSON.parse(JSON.stringify(planToJson(plan)));
}

describe('a plan as JSON', () => {
  test('has the shape that the schema promises', () => {
    for (const plan of [busyWorld().plan, held(), hostileWorld().plan, busyWorld({ mode: 'additive' }).plan])
      expect(schemaErrors('plan', planToJson(plan))).toEqual([]);
  });

  test('says levels as words, no row as null, and the cause with its lines', () => {
    expect(planToJson(busyWorld().plan).changes[0]).toMatchInlineSnapshot(`
      {
        "after": "admin",
        "before": null,
        "kind": "create",
        "principal": {
          "access": 2,
          "email": "Ann@example.com",
          "kind": "user",
        },
        "resource": {
          "id": 5001,
          "label": "inbox:Checkout/Staging",
          "type": "inbox",
        },
        "why": [
          {
            "endedBy": null,
            "file": "policy.yaml",
            "groups": [
              {
                "file": "policy.yaml",
                "line": 11,
                "name": "qa",
              },
            ],
            "kind": "grant",
            "level": "admin",
            "line": 51,
            "otherPaths": 0,
            "reason": "OPS-123",
            "resource": "inbox:Checkout/Staging",
            "role": {
              "file": "policy.yaml",
              "line": 41,
              "name": "tester",
            },
            "until": null,
          },
        ],
      }
    `);
    expect(planToJson(busyWorld().plan).changes.at(-1)?.principal).toMatchInlineSnapshot(`
      {
        "access": 5142,
        "kind": "token",
        "name": "ci",
        "tokenId": 2496915,
      }
    `);
  });

  test('omits the access if a held part has no change', () => {
    const plan = held();
    const [part] = plan.held;
    const json = planToJson({ ...plan, held: part ? [{ ...part, changes: [] }] : [] });
    expect(json.held[0]?.principal).toEqual({ kind: 'user', email: 'erin@example.com' });
    expect(schemaErrors('plan', json)).toEqual([]);
  });

  test('writes an undocumented level as its number', () => {
    const { plan } = smallWorld(
      { grants: [{ to: 'ann@example.com', resource: 'project:Checkout' }] },
      { accesses: [{ access: 2, user: 'ann@example.com', rows: { 'project:#4001': 1, 'project:#4002': 70 } }] },
    );
    const json = planToJson(plan);
    expect(json.deferred).toEqual([]);
    expect(json.changes.map(({ before, after }) => [before, after])).toEqual([[1, 'viewer']]);
    expect(json.unmanageable.map(({ actual, entitled }) => [actual, entitled])).toEqual([[70, null]]);
    expect(schemaErrors('plan', json)).toEqual([]);
  });

  test('survives being parsed and printed, byte for byte', () => {
    for (const plan of [busyWorld().plan, held(), hostileWorld().plan]) {
      const text = JSON.stringify(planToJson(plan), null, 2);
      expect(JSON.stringify(JSON.parse(text), null, 2)).toBe(text);
    }
  });

  test('does not depend on the order in which the account lists things, nor on the moment', () => {
    const accesses = [...(BUSY_ACCOUNT.accesses ?? [])].reverse();
    const other = busyWorld({}, { accesses });
    expect(JSON.stringify(planToJson(other.plan))).toBe(JSON.stringify(planToJson(busyWorld().plan)));
    const { plan } = busyWorld();
    expect(planToJson({ ...plan, now: NOW + 1 })).toEqual(planToJson(plan));
  });
});

describe('reading a saved plan', () => {
  test('gives what the plan itself is agreed by', () => {
    for (const plan of [busyWorld().plan, held(), hostileWorld().plan])
      expect(agreedFromJson(saved(plan))).toEqual(agreedPlan(plan));
  });

  test('reads undocumented levels, too', () => {
    const { plan } = smallWorld(
      { grants: [{ to: 'ann@example.com', resource: 'project:Checkout' }] },
      { accesses: [{ access: 2, user: 'ann@example.com', rows: { 'project:#4001': 1 } }] },
    );
    expect(agreedFromJson(saved(plan))).toEqual(agreedPlan(plan));
  });

  test('refuses a change that is none of its kind', () => {
    const edited = saved(busyWorld().plan);
    edited.changes[0].kind = 'raise';
    expect(agreedFromJson(edited)).toEqual({ problems: ['changes[0]: is no raise: before and after say create'] });
    edited.changes[0].before = 'viewer';
    edited.changes[0].kind = 'lower';
    expect(agreedFromJson(edited)).toEqual({ problems: ['changes[0]: is no lower: before and after say raise'] });
  });

  test('gives changes of every kind', () => {
    const { plan } = smallWorld(
      { grants: [{ to: 'ann@example.com', resource: ['project:Checkout', 'project:Mobile'] }] },
      {
        accesses: [{ access: 2, user: 'ann@example.com', rows: { 'project:#4001': 'admin', 'domain:#7001': 'admin' } }],
      },
    );
    expect(plan.changes.map(({ kind }) => kind)).toEqual(['create', 'lower', 'remove']);
    expect(agreedFromJson(saved(plan))).toEqual(agreedPlan(plan));
  });

  test('gives something else for a plan whose changes or held parts were edited', () => {
    const edited = saved(busyWorld().plan);
    edited.changes[0].after = 'viewer';
    expect(agreedFromJson(edited)).not.toEqual(agreedPlan(busyWorld().plan));
    const heldEdited = saved(held());
    heldEdited.held[0].changes[0].resource.id = 5002;
    expect(agreedFromJson(heldEdited)).not.toEqual(agreedPlan(held()));
  });

  test('ignores the reasons and words around what is agreed to', () => {
    const edited = saved(busyWorld().plan);
    edited.changes[0].why = [];
    edited.changes[0].resource.label = 'renamed';
    edited.notices = undefined;
    expect(agreedFromJson(edited)).toEqual(agreedPlan(busyWorld().plan));
  });

  test('refuses a version that it does not know, and says nothing else', () => {
    expect(agreedFromJson({ version: 2, changes: 7 })).toEqual({
      problems: ['version: 2 is unknown; this grantd reads 1'],
    });
  });

  test.each([[null], [7], ['plan'], [[]]])('refuses %j', (json) => {
    expect(agreedFromJson(json)).toEqual({ problems: ['it must be an object'] });
  });

  test('reports every problem with its place', () => {
    const bad = saved(held());
    bad.digest = 'sha256:1';
    bad.changes = [
      {
        kind: 'create',
        principal: { kind: 'user', access: 1.5 },
        resource: { type: 'templates', id: 1 },
        before: 'writer',
        after: 10,
      },
      { kind: 'raise', principal: { kind: 'token', access: 1 }, resource: 3, before: null, after: 'viewer' },
      { kind: 'move', principal: 4, resource: { type: 'project', id: 'x' }, before: 'admin', after: 'viewer' },
      {},
    ];
    const [part] = bad.held;
    bad.held = [{ ...part, rules: ['no-rule'] }, { ...part, digest: 7 }, 'x'];
    expect(agreedFromJson(bad)).toMatchInlineSnapshot(`
      {
        "problems": [
          "digest: must be sha256: and 64 hex digits",
          "changes[0].before: must be a level, or null for no row",
          "changes[0].after: must be a level, or null for no row",
          "changes[0].principal.access: must be a whole number from -9007199254740991 to 9007199254740991",
          "changes[0].principal.email: must be a text",
          "changes[0].resource.type: must be one of account, billing, campaigns, project, inbox, domain",
          "changes[1]: is no raise: before and after say create",
          "changes[1].principal.name: must be a text",
          "changes[1].principal.tokenId: must be a whole number from -9007199254740991 to 9007199254740991",
          "changes[1].resource: must be an object",
          "changes[2].kind: must be one of create, raise, lower, remove",
          "changes[2].principal: must be an object",
          "changes[2].principal.email: must be a text",
          "changes[2].resource.id: must be a whole number from -9007199254740991 to 9007199254740991",
          "changes[3]: lacks kind, principal, resource, before, after",
          "changes[3].principal.email: must be a text",
          "held[0].rules[0]: must be one of empty-policy, last-admins, never, revoke-limit, gain-limit, admin-limit",
          "held[1].digest: must be a text",
          "held[2]: must be an object",
        ],
      }
    `);
    expect(agreedFromJson({ version: 1, digest: bad.digest, changes: 'none', held: {} })).toMatchInlineSnapshot(`
      {
        "problems": [
          "digest: must be sha256: and 64 hex digits",
          "changes: must be a list",
          "held: must be a list",
        ],
      }
    `);
  });

  test('reports at most a hundred problems, and how many more there are', () => {
    const bad = { ...saved(held()), changes: new Array(70).fill({}) };
    const answer = agreedFromJson(bad);
    expect('problems' in answer && answer.problems).toHaveLength(101);
    expect('problems' in answer && answer.problems.at(-1)).toMatch(/^and \d+ more problems$/);
  });
});

test('a saved plan shows the labels that it has, and needs none', () => {
  const resource = { type: 'project', id: 4001 };
  const labels = (label: object) => [
    ...labelsFromJson({ changes: [{ resource: { ...resource, ...label } }], held: [] }),
  ];
  expect(labels({ label: 'project:Checkout' })).toEqual([['project:#4001', 'project:Checkout']]);
  expect(labels({})).toEqual([]);
});
