import fc from 'fast-check';
import type { GrantLevel } from '../../../src/core/domain/account/access-level.ts';
import { toEmailPattern } from '../../../src/core/domain/account/email.ts';
import type { ResourceTree } from '../../../src/core/domain/account/resource-tree.ts';
import { toNamePattern } from '../../../src/core/domain/policy/name-pattern.ts';
import type {
  Grant,
  GrantedResource,
  MemberRef,
  Mode,
  PeopleAndResources,
  Policy,
  UnlistedRule,
} from '../../../src/core/domain/policy/policy.ts';
import type { ResourceRef, ResourceSelector } from '../../../src/core/domain/policy/resource-ref.ts';
import type { Place } from '../../../src/core/domain/text/problem.ts';

export const ACCOUNT = 7;
export const NOW = Date.UTC(2026, 10, 24);
export const DAY_MS = 86_400_000;
/** Whom accounts hold and policies name. */
export const PEOPLE = ['ann@x.test', 'bob@x.test', 'owner@x.test'];

/** `tame`: every row may be written and every name resolves, so that a brute-force search can say what is best. */
export type Temper = 'tame' | 'messy';

/** Any policy that speaks about such a tree. */
export function arbitraryPolicy(tree: ResourceTree, temper: Temper): fc.Arbitrary<Policy> {
  const ref = arbitraryRef(tree, temper);
  const level = fc.constantFrom<GrantLevel>('viewer', 'admin');
  const granted: fc.Arbitrary<GrantedResource> = fc.record({ resource: ref, level });
  const resources = fc.array(granted, { minLength: 1, maxLength: 3 });
  const person: fc.Arbitrary<MemberRef> = fc
    .constantFrom(...PEOPLE.slice(0, 2), 'ann@x.test', 'bob@x.test', 'absent@x.test')
    .map((email) => ({ member: { email }, at: place(1) }));
  const member: fc.Arbitrary<MemberRef> = fc.oneof(
    { weight: 4, arbitrary: person },
    { weight: 1, arbitrary: fc.constant<MemberRef>({ member: { token: 'ci' }, at: place(1) }) },
    { weight: 2, arbitrary: fc.constantFrom('g1', 'g2').map((group) => ({ member: { group }, at: place(1) })) },
  );
  const moment = fc.option(
    fc.integer({ min: -4, max: 4 }).map((days) => ({ at: NOW + days * DAY_MS, text: `day ${days}` })),
    { nil: null, freq: 3 },
  );
  const grant = fc.record({
    to: fc.array(member, { minLength: 1, maxLength: 3 }),
    gives: fc.oneof(
      resources.map((list) => ({ resources: list })),
      fc.constant({ role: 'r1', at: place(2) }),
    ),
    except: fc.array(ref, { maxLength: temper === 'tame' ? 0 : 1 }),
    from: moment,
    until: moment,
    reason: fc.constant(null),
  });
  const scope: fc.Arbitrary<ResourceRef[]> = fc.array(ref, { maxLength: temper === 'tame' ? 0 : 1 });
  return fc
    .record({
      mode:
        temper === 'tame'
          ? fc.constant<Mode>('authoritative')
          : fc.constantFrom<Mode>('authoritative', 'authoritative', 'additive', 'observe'),
      grants: fc.array(grant, { minLength: temper === 'tame' ? 0 : 1, maxLength: 4 }),
      role: resources,
      g1: fc.array(person, { maxLength: 3 }),
      g2: fc.array(person, { maxLength: 2 }),
      ends: fc.option(fc.integer({ min: -4, max: 4 }), { nil: null }),
      ignored: scope,
      managed: fc.option(fc.array(ref, { minLength: 1, maxLength: 2 }), { nil: null, freq: 4 }),
      ignoresBob: temper === 'tame' ? fc.constant(false) : fc.constantFrom(false, false, false, true),
      isOwnerProtected: fc.boolean(),
      protectsAnn: temper === 'tame' ? fc.constant(false) : fc.constantFrom(false, false, true),
      unlisted: fc.constantFrom<UnlistedRule['revoke']>('nobody', 'nobody', 'everyone', [
        { pattern: toEmailPattern('*b@x.test'), at: place(5) },
      ]),
      neverRef: fc.option(ref, { nil: null, freq: 2 }),
    })
    .map(
      (drawn): Policy => ({
        file: 'policy.yaml',
        teams: [],
        account: ACCOUNT,
        mode: drawn.mode,
        protected: [
          ...(drawn.isOwnerProtected ? [{ email: 'owner@x.test', at: place(2) }] : []),
          ...(drawn.protectsAnn ? [{ email: 'ann@x.test', at: place(2) }] : []),
        ],
        limits: {
          revokes: { principals: 100, percent: 100 },
          gains: { principals: 100, percent: null },
          admins: 0,
          newAdmins: 100,
          at: place(3),
        },
        manage: temper === 'tame' ? null : drawn.managed,
        ignore: {
          people: drawn.ignoresBob ? [{ pattern: toNamePattern('bob@*'), at: place(4) }] : [],
          resources: drawn.ignored,
        },
        observe: temper === 'tame' ? { people: [], resources: [] } : observedIn(drawn),
        unlisted: { revoke: drawn.mode === 'additive' ? 'nobody' : drawn.unlisted, at: place(5) },
        require: [],
        never:
          temper === 'messy' && drawn.neverRef
            ? [
                {
                  who: { kind: 'principal', name: { email: 'ann@x.test' } },
                  whoText: 'ann@x.test',
                  resource: drawn.neverRef,
                  level: 'admin',
                  at: place(6),
                },
              ]
            : [],
        groups: [
          { name: 'g1', members: drawn.g1, at: place(7) },
          { name: 'g2', members: [...drawn.g2, { member: { group: 'g1' }, at: place(8) }], at: place(8) },
        ],
        ends:
          drawn.ends === null
            ? []
            : [
                {
                  email: 'bob@x.test',
                  end: { at: NOW + drawn.ends * DAY_MS, text: `day ${drawn.ends}` },
                  at: place(9),
                },
              ],
        tokens: [{ name: 'ci', access: 500, tokenId: 55, at: place(10) }],
        roles: [{ name: 'r1', resources: drawn.role, at: place(11) }],
        grants: drawn.grants.map((one, index): Grant => ({ ...one, team: null, at: place(20 + index) })),
        tests: [],
        approvals: [],
        paused: false,
      }),
    );
}

/** Refs that mean something in this tree; in a messy world also names that fit none or several. */
/** Made of what is drawn anyway: another draw would change every world of a seed. */
function observedIn(drawn: {
  readonly role: readonly GrantedResource[];
  readonly grants: readonly unknown[];
}): PeopleAndResources {
  const [first] = drawn.role;
  return {
    people: drawn.grants.length === 4 ? [{ pattern: toNamePattern('ann@*'), at: place(4) }] : [],
    resources: first && drawn.role.length === 2 ? [first.resource] : [],
  };
}

function arbitraryRef(tree: ResourceTree, temper: Temper): fc.Arbitrary<ResourceRef> {
  const selectors: ResourceSelector[] = [{ type: 'account' }];
  for (const node of tree.nodes) {
    if (node.type === 'billing' || node.type === 'campaigns') selectors.push({ type: node.type });
    if (node.type === 'project' || node.type === 'domain') {
      if (!node.name.includes('*')) selectors.push({ type: node.type, name: toNamePattern(node.name) });
      selectors.push({ type: node.type, id: node.id });
    }
    if (node.type === 'inbox' && node.parent && !`${node.name}${node.parent.name}`.match(/[*/]/)) {
      selectors.push({ type: 'inbox', project: toNamePattern(node.parent.name), name: toNamePattern(node.name) });
      selectors.push({ type: 'inbox', project: toNamePattern(node.parent.name), name: toNamePattern('*') });
    }
  }
  if (temper === 'messy') {
    selectors.push({ type: 'project', name: toNamePattern('*') });
    selectors.push({ type: 'project', name: toNamePattern('p*') });
    selectors.push({ type: 'project', name: toNamePattern('gone') });
    selectors.push({ type: 'project', id: 12345 });
    selectors.push({ type: 'inbox', project: toNamePattern('A'), name: toNamePattern('gone') });
    selectors.push({ type: 'billing' }, { type: 'campaigns' });
  }
  return fc.constantFrom(...selectors).map((selector) => ({ text: textOf(selector), selector, at: place(30) }));
}

function textOf(selector: ResourceSelector): string {
  if ('id' in selector) return `${selector.type}:#${selector.id}`;
  if ('project' in selector) return `inbox:${selector.project.text}/${selector.name.text}`;
  return 'name' in selector ? `${selector.type}:${selector.name.text}` : selector.type;
}

function place(line: number): Place {
  return { file: 'policy.yaml', line, column: 1, length: 1 };
}
