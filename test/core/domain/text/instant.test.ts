import { describe, expect, it } from 'vitest';
import { instantText } from '../../../../src/core/domain/text/instant.ts';

describe('instantText', () => {
  it('leaves out milliseconds where they are zero', () => {
    expect(instantText(Date.UTC(2026, 10, 1))).toBe('2026-11-01T00:00:00Z');
    expect(instantText(Date.UTC(2026, 10, 1, 0, 0, 0, 5))).toBe('2026-11-01T00:00:00.005Z');
  });
});
