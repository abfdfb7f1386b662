import { expect, test } from 'vitest';
import { comparisonText } from '../../../src/report/comparison/text.ts';
import { PLAIN } from '../../../src/report/layout/paint.ts';
import { compared } from '../../core/compare/compared.ts';
import { wholeText } from '../../support/whole-text.ts';

function renderComparisonText(...given: Parameters<typeof comparisonText>): string {
  return wholeText(comparisonText(...given));
}

const BOB = { grants: [{ to: 'bob@example.com', resource: 'project:A' }] };
const observe = ['bob@*'];

test('someone who is named no longer and observed is among those who keep their access', () => {
  const text = renderComparisonText(compared(BOB, { unlisted: 'revoke', observe }), PLAIN);
  expect(text).toContain('No longer granted anything, and keeping their access (1)');
  const named = renderComparisonText(compared({ ...BOB, ignore: observe }, { ...BOB, observe }), PLAIN);
  expect(named).toContain('Newly named, or no longer named (1)');
  const stays = renderComparisonText(
    compared(
      { ...BOB, grants: [{ ...BOB.grants[0], from: '2027-01-01', to: 'bob@example.com' }] },
      { ...BOB, observe },
    ),
    PLAIN,
  );
  expect(stays).toContain('`observe` lists them');
});
