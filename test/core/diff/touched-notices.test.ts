import { describe, expect, test } from 'vitest';
import { listed } from '../../support/account-builder.ts';
import { ANN, annAlone, grantsOf, smallWorld, told } from '../../support/small-world.ts';

const touched = (spec: Parameters<typeof annAlone>[0]) => told(annAlone(spec).notices, 'touches-excluded');

describe('a change above an ignored resource', () => {
  const policy = { ignore: ['inbox:#5001'] };

  test('is told, with what it reaches and for whom', () => {
    expect(touched({ entitled: { 'project:#4001': 'viewer' }, policy })).toEqual([
      'this change of project:Checkout can also change the access of ann@example.com to ignored, observed or unmanaged resources below it: inbox:Checkout/Staging',
    ]);
  });

  test('is told of a loss too', () => {
    expect(touched({ held: { 'project:#4001': 'viewer' }, policy })).toHaveLength(1);
  });

  test('is told two levels above', () => {
    expect(touched({ entitled: { account: 'viewer' }, policy })).toEqual([
      'this change of account can also change the access of ann@example.com to ignored, observed or unmanaged resources below it: inbox:Checkout/Staging',
    ]);
  });

  test('is told of each resource that is changed', () => {
    expect(touched({ entitled: { account: 'viewer', 'project:#4001': 'admin' }, policy })).toHaveLength(2);
  });

  test('names everybody once, and everything below', () => {
    const entitlements = grantsOf({ 'project:#4001': 'viewer' }, [ANN, 'bob@example.com']);
    const accesses = [
      { access: 3, user: 'bob@example.com' },
      { access: 2, user: ANN },
      { access: 4, invite: ANN },
    ];
    const { notices } = smallWorld({ ignore: ['inbox:*/*'], grants: entitlements }, { accesses }).plan;
    expect(told(notices, 'touches-excluded')).toEqual([
      'this change of project:Checkout can also change the access of ann@example.com, ann@example.com (invited), bob@example.com to ignored, observed or unmanaged resources below it: inbox:Checkout/QA, inbox:Checkout/Staging',
    ]);
  });

  test('shows five, and counts the others', () => {
    const inboxes = (count: number) => [...new Array(count)].map((_, id) => listed('inbox', id, `I${id}`));
    const tree = (count: number) => [listed('account', 3229, 'A', [listed('project', 1, 'P', inboxes(count))])];
    const spec = { entitled: { 'project:#1': 'viewer' }, policy: { ignore: ['inbox:P/*'] } } as const;
    expect(touched({ ...spec, account: { tree: tree(5) } })[0]).toMatch(/below it: .*inbox:P\/I4$/);
    expect(touched({ ...spec, account: { tree: tree(7) } })[0]).toMatch(/below it: .*inbox:P\/I4 and 2 more$/);
  });

  test('is told in one order, though two projects share a name', () => {
    const projects = [
      listed('project', 1, 'Web', [listed('inbox', 11, 'Live')]),
      listed('project', 2, 'Web', [listed('inbox', 21, 'Beta')]),
    ];
    const toldOf = (resources: typeof projects) =>
      touched({
        entitled: { 'project:#1': 'viewer', 'project:#2': 'viewer' },
        policy: { ignore: ['inbox:#11', 'inbox:#21'] },
        account: { tree: [listed('account', 3229, 'Account', resources)] },
      });
    expect(toldOf(projects)).toEqual([
      'this change of project:Web can also change the access of ann@example.com to ignored, observed or unmanaged resources below it: inbox:Web/Beta',
      'this change of project:Web can also change the access of ann@example.com to ignored, observed or unmanaged resources below it: inbox:Web/Live',
    ]);
    expect(toldOf([...projects].reverse())).toEqual(toldOf(projects));
  });

  test('comes after the notices of the policy’s text, and says what to do', () => {
    const { notices } = annAlone({ entitled: { 'project:#4001': 'viewer' }, policy });
    const remedy =
      'to leave them unchanged, add `project:Checkout` to `ignore` or `observe`, which then covers everything below it';
    expect(notices.at(-1)).toMatchObject({ code: 'touches-excluded', remedy, at: null });
  });
});

describe('nothing is told of', () => {
  test('a change beside or below what is ignored', () => {
    const policy = { ignore: ['inbox:#5001', 'project:#4002'] };
    expect(touched({ entitled: { 'domain:#7001': 'viewer', 'inbox:#5002': 'viewer' }, policy })).toEqual([]);
  });

  test('a deferred change', () => {
    const never = [{ who: ANN, resource: 'project:Gone', level: 'admin' as const }];
    expect(touched({ entitled: { 'project:#4001': 'viewer' }, policy: { never, ignore: ['inbox:#5001'] } })).toEqual(
      [],
    );
  });

  test('what is not managed, where no managed resource lies above it', () => {
    expect(touched({ entitled: { 'project:#4001': 'viewer' }, policy: { manage: ['project:#4001'] } })).toEqual([]);
  });

  test('an ignored resource below another ignored one, but for what is managed above both', () => {
    const policy = { ignore: ['project:#4001'] };
    expect(touched({ entitled: { account: 'viewer' }, policy })[0]).toContain(
      'below it: inbox:Checkout/QA, inbox:Checkout/Staging, project:Checkout',
    );
  });
});
