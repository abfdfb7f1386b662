import { describe, expect, test } from 'vitest';
import { askedDifferences, savedDifferences } from '../../../src/report/plan/differences.ts';
import { planToJson } from '../../../src/report/plan/json.ts';
import { busyWorld } from '../worlds.ts';

const { plan } = busyWorld();

// biome-ignore lint/suspicious/noExplicitAny: an edited document has no type
type Saved = any;

function edited(edit: (saved: Saved) => void): readonly string[] {
  const saved: Saved = JSON.parse(JSON.stringify(planToJson(plan)));
  edit(saved);
  return savedDifferences(saved)(plan);
}

/** Every line of the policy that the document names. */
function moveLines(json: Saved, by: (line: number) => number): void {
  if (typeof json !== 'object' || json === null) return;
  if (typeof json.line === 'number') json.line = by(json.line);
  for (const value of Object.values(json)) moveLines(value, by);
}

describe('a saved plan and a new one', () => {
  test('do not differ if nothing was edited', () => {
    expect(edited(() => {})).toEqual([]);
  });

  test('differ in every part that was edited, by its place in the file', () => {
    const found = edited((saved) => {
      saved.account = 7;
      saved.changes[0].why[0].reason = null;
      saved.idle = [];
      saved.notices[0].message = 'x'.repeat(200);
      delete saved.mode;
    });
    expect(found).toEqual([
      'account: 7 was agreed to, and now it is 3229',
      'changes[0].why[0].reason: null was agreed to, and now it is "OPS-123"',
      'idle: a list of 0 was agreed to, and now it is a list of 1',
      expect.stringMatching(/^notices\[0\]\.message: "x{59}… was agreed to, and now it is "/),
      'mode: nothing was agreed to, and now it is "authoritative"',
    ]);
  });

  test('may differ in lines that all moved by the same number, and in no others', () => {
    expect(edited((saved) => moveLines(saved, (line) => line + 3))).toEqual([]);
    const some = edited((saved) => moveLines(saved, (line) => (line > 55 ? line + 3 : line)));
    expect(some.length).toBeGreaterThan(0);
    for (const line of some) expect(line).toMatch(/\.line: \d+ was agreed to, and now it is \d+$/);
    expect(edited((saved) => (saved.changes[0].why[0].line += 1))).toHaveLength(1);
    expect(edited((saved) => (saved.changes[0].why[0].line = '51'))).toHaveLength(1);
  });

  test('differ where an object became something else', () => {
    expect(edited((saved) => (saved.counts = null))).toEqual([
      expect.stringMatching(/^counts: null was agreed to, and now it is \{"gain":4/),
    ]);
    expect(savedDifferences(null)(plan).length).toBeGreaterThan(10);
  });

  test('after yes differ only in account, mode, changes and held parts', () => {
    const later = { ...plan, idle: [], notices: [] };
    expect(askedDifferences(plan)(later)).toEqual([]);
    const [first, ...others] = plan.changes;
    if (first === undefined) throw new Error('nothing is planned');
    const renamed = { ...first, resource: { ...first.resource, label: 'inbox:Other' } };
    expect(askedDifferences(plan)({ ...later, changes: [renamed, ...others] })).toEqual([
      'changes[0].resource.label: "inbox:Checkout/Staging" was agreed to, and now it is "inbox:Other"',
    ]);
  });
});
