import { describe, expect, it } from 'vitest';
import { matchesName, toNamePattern } from '../../../../src/core/domain/policy/name-pattern.ts';
import { covers, coversCertainly, depthOf, meansCertainly } from '../../../../src/core/domain/policy/ref-cover.ts';
import type { ResourceSelector } from '../../../../src/core/domain/policy/resource-ref.ts';
import { foldAscii } from '../../../../src/core/domain/text/text.ts';

const name = (text: string) => toNamePattern(text);
const project = (text: string): ResourceSelector => ({ type: 'project', name: name(text) });
const domain = (text: string): ResourceSelector => ({ type: 'domain', name: name(text) });
const inbox = (of: string, text: string): ResourceSelector => ({ type: 'inbox', project: name(of), name: name(text) });
const byId = (type: 'project' | 'inbox' | 'domain' | 'billing', id: number): ResourceSelector => ({ type, id });
const account: ResourceSelector = { type: 'account' };
const billing: ResourceSelector = { type: 'billing' };
const campaigns: ResourceSelector = { type: 'campaigns' };

/** A resource of a small world, by its names from the account down. */
interface Resource {
  readonly type: ResourceSelector['type'];
  readonly names: readonly string[];
}

const LETTERS = ['a', 'b', 'c'];
const NAMES = ['', ''].reduce<readonly string[]>(
  (words) => [...words, ...words.flatMap((word) => LETTERS.map((letter) => word + letter))],
  LETTERS,
);
const PATTERNS = ['a', 'b', 'ab', '*', '**', 'a*', '*a', '*b', 'a*b', '*a*', 'b*'];

const WORLD: readonly Resource[] = [
  { type: 'account', names: [] },
  { type: 'billing', names: [] },
  { type: 'campaigns', names: [] },
  ...NAMES.flatMap((one): Resource[] => [
    { type: 'project', names: [one] },
    { type: 'domain', names: [one] },
    ...NAMES.map((other): Resource => ({ type: 'inbox', names: [one, other] })),
  ]),
];

const NAMED: readonly ResourceSelector[] = [
  account,
  billing,
  campaigns,
  ...PATTERNS.flatMap((text) => [project(text), domain(text)]),
  ...['a', 'a*', '*', '*b'].flatMap((of) => ['a', '*', 'b*'].map((text) => inbox(of, text))),
];

/** Whether a selector means this resource, judged on the resource itself. */
function meansIt(selector: ResourceSelector, { type, names }: Resource): boolean {
  if (selector.type !== type) return false;
  if ('project' in selector)
    return matchesName(selector.project, names[0] ?? '') && matchesName(selector.name, names[1] ?? '');
  if (!('name' in selector)) return true;
  const [own = ''] = names;
  if (type !== 'domain') return matchesName(selector.name, own);
  return matchesName(name(foldAscii(selector.name.text)), foldAscii(own));
}

function coversIt(selector: ResourceSelector, resource: Resource): boolean {
  const project: Resource = { type: 'project', names: resource.names.slice(0, 1) };
  return (
    selector.type === 'account' ||
    meansIt(selector, resource) ||
    (resource.type === 'inbox' && meansIt(selector, project))
  );
}

const show = (selector: ResourceSelector) =>
  'project' in selector
    ? `inbox:${selector.project.text}/${selector.name.text}`
    : 'name' in selector
      ? `${selector.type}:${selector.name.text}`
      : selector.type;

describe('covers, over every pair of names', () => {
  const meant = new Map(NAMED.map((selector) => [selector, WORLD.filter((resource) => meansIt(selector, resource))]));

  it.each(NAMED.map((selector) => [show(selector), selector] as const))('%s agrees with a world of names', (_, a) => {
    for (const b of NAMED) {
      const among = (meant.get(b) ?? []).map((resource) => coversIt(a, resource));
      const truth = among.every(Boolean) ? 'certain' : among.some(Boolean) ? 'possible' : 'never';
      expect([show(a), show(b), covers(a, b)]).toEqual([show(a), show(b), truth]);
      expect(coversCertainly(a, b)).toBe(truth === 'certain');
      expect(meansCertainly(a, b)).toBe(truth === 'certain' && a.type === b.type);
    }
  });
});

describe('covers, with ids', () => {
  it.each([
    [byId('project', 1), byId('project', 1), 'certain'],
    [byId('project', 1), byId('project', 2), 'never'],
    [byId('project', 1), byId('domain', 1), 'never'],
    [byId('project', 1), project('a'), 'possible'],
    [project('a'), byId('project', 1), 'possible'],
    [project('*'), byId('project', 1), 'certain'],
    [domain('**'), byId('domain', 1), 'certain'],
    [domain(''), byId('domain', 1), 'possible'],
    [domain('a*'), byId('domain', 1), 'possible'],
    [byId('project', 1), byId('inbox', 2), 'possible'],
    [project('*'), byId('inbox', 2), 'possible'],
    [byId('project', 1), inbox('a', 'b'), 'possible'],
    // An inbox might lie in no project: then inbox:*/* does not mean it.
    [inbox('*', '*'), byId('inbox', 2), 'possible'],
    [byId('inbox', 2), inbox('a', 'b'), 'possible'],
    [byId('inbox', 2), byId('project', 1), 'never'],
    [billing, byId('billing', 5), 'certain'],
    [byId('billing', 5), billing, 'possible'],
    [account, byId('inbox', 2), 'certain'],
    [byId('inbox', 2), account, 'never'],
  ] as const)('%j, %j: %s', (a, b, expected) => {
    expect(covers(a, b)).toBe(expected);
    expect(coversCertainly(a, b)).toBe(expected === 'certain');
  });
});

describe('names', () => {
  it('compares domains without case and projects with it', () => {
    expect(covers(domain('EXAMPLE.*'), domain('example.com'))).toBe('certain');
    expect(covers(project('Example'), project('example'))).toBe('never');
  });

  it('compares in NFC', () => {
    expect(covers(project('Caf\u00e9'), project('Cafe\u0301'))).toBe('certain');
  });

  it('orders types by how deep they lie', () => {
    expect([account, billing, project('a'), domain('a'), inbox('a', 'b')].map(depthOf)).toEqual([0, 1, 1, 1, 2]);
  });
});
