import { describe, expect, it } from 'vitest';
import { codesIn, POLICY_SCHEMA, policyText, validate } from './policy-text.ts';

type Schema = Readonly<Record<string, unknown>>;

/** Every property, item and value that the schema describes, by its path. */
function* partsOf(schema: Schema, path: string): Iterable<readonly [string, Schema]> {
  for (const [key, part] of Object.entries((schema['properties'] ?? {}) as Record<string, Schema>)) {
    yield [`${path}.${key}`, part];
    yield* partsOf(part, `${path}.${key}`);
  }
  for (const key of ['items', 'additionalProperties']) {
    const part = schema[key];
    if (typeof part !== 'object' || part === null) continue;
    yield [`${path}.${key}`, part as Schema];
    yield* partsOf(part as Schema, `${path}.${key}`);
  }
}

describe('schemas/policy.v1.schema.json', () => {
  it('is draft-07 under its published name', () => {
    expect(POLICY_SCHEMA.$schema).toBe('http://json-schema.org/draft-07/schema#');
    expect(POLICY_SCHEMA.$id).toBe('https://grantd.dev/schemas/policy.v1.schema.json');
  });

  it('describes every part', () => {
    for (const [path, part] of partsOf(POLICY_SCHEMA, '')) {
      const { $ref } = part as { $ref?: string };
      const described = $ref ? POLICY_SCHEMA.definitions[$ref.replace('#/definitions/', '')] : part;
      expect([path, typeof described.description]).toEqual([path, 'string']);
    }
  });

  it('bounds every text, list and map', () => {
    const bounds = { string: ['maxLength', 'enum', 'pattern'], array: ['maxItems'] } as const;
    for (const [path, part] of [
      ...partsOf(POLICY_SCHEMA, ''),
      ...Object.entries(POLICY_SCHEMA.definitions as Record<string, Schema>),
    ]) {
      for (const type of [part['type']].flat()) {
        if (type !== 'string' && type !== 'array') continue;
        expect([path, bounds[type].some((bound) => bound in part)]).toEqual([path, true]);
      }
    }
  });

  it('accepts a policy that uses every key of the language', () => {
    const text = policyText(`
manage: ["project:*", "domain:*", account]
ignore: ["*@contractor.example", "domain:legacy.example.com", "inbox:Sandbox/*"]
unlisted: keep
never:
  - { who: "token:*", resource: account, level: admin }
groups:
  qa: [ann@example.com, bob@example.com]
  leads: [carol@example.com, group:qa]
ends:
  bob@example.com: 2026-12-31
tokens:
  ci: { access: 5142, token: 2496915 }
roles:
  tester:
    - { resource: "project:Checkout", level: viewer }
    - { resource: "inbox:Checkout/Staging", level: admin }
grants:
  - to: group:leads
    role: tester
    reason: OPS-123
  - to: [carol@example.com, token:ci]
    resource: ["project:Mobile *", "domain:example.com"]
    except: ["project:Mobile Legacy"]
    level: admin
    from: 2026-11-01
    until: 2026-12-31T18:00:00Z
tests:
  - { who: ann@example.com, resource: "inbox:Checkout/Staging", expect: admin }
  - { who: ann@example.com, resource: account, expect: none, at: 2027-01-15 }
approvals:
  - { digests: ["sha256:${'0123456789abcdef'.repeat(4)}"], until: 2026-11-30 }
`);
    expect(validate(text).problems.map(({ code }) => code)).toEqual([]);
  });

  it.each([
    ['to: [a@b.c, group:x-1.y_z, token:ci]', 'groups:\n  x-1.y_z: [a@b.c]\ntokens:\n  ci: { access: 1, token: 2 }'],
    ['to: "Ünïcode+tag@exämple.org"', ''],
    ["to: o'neil@example.com", ''],
  ])('accepts what the reader accepts: %s', (to, sections) => {
    expect(codesIn(policyText(`${sections}\ngrants:\n  - { ${to}, resource: account, level: viewer }`))).toEqual([]);
  });
});
