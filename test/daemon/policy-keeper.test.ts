import { describe, expect, it } from 'vitest';
import type { PolicyReading } from '../../src/core/domain/run/daemon-ports.ts';
import { PolicyKeeper } from '../../src/daemon/policy-keeper.ts';
import { invalid, missing, valid } from './support/readings.ts';

/** `current a`, `fallback a`, `fallback a paused` or `none`. */
function standingText({ standing }: PolicyKeeper): string {
  if (standing.kind === 'none') return 'none';
  const { sha256, commit } = standing.policy.revision;
  const paused = standing.kind === 'fallback' && standing.saysPaused ? ' paused' : '';
  return `${standing.kind} ${sha256}${commit === null ? '' : `@${commit}`}${paused}`;
}

/** What each reading turned, and what stood then. */
function story(...readings: readonly PolicyReading[]): readonly string[] {
  const keeper = new PolicyKeeper();
  return readings.map((reading) => `${keeper.take(reading).kind}: ${standingText(keeper)}`);
}

function committed(name: string, commit: string): PolicyReading {
  return { ...valid(name), revision: { sha256: name, commit } };
}

describe('which policy stands', () => {
  it('none before the first valid text, whatever the file holds', () => {
    expect(story(missing(), invalid('x'), invalid('y', true), missing())).toEqual([
      'unreadable: none',
      'rejected: none',
      'rejected: none',
      'unreadable: none',
    ]);
  });

  it('the first valid text, also after an invalid one', () => {
    expect(story(invalid('x'), valid('a'))).toEqual(['rejected: none', 'accepted: current a']);
  });

  it('the newest valid text', () => {
    expect(story(valid('a'), valid('b'), valid('a'))).toEqual([
      'accepted: current a',
      'accepted: current b',
      'accepted: current a',
    ]);
  });

  it('the same text is told once, whatever it is', () => {
    expect(story(valid('a'), valid('a'), invalid('x'), invalid('x'), missing(), missing())).toEqual([
      'accepted: current a',
      'same: current a',
      'rejected: fallback a',
      'same: fallback a',
      'unreadable: fallback a',
      'same: fallback a',
    ]);
  });

  it('the last good one stands in until a valid text is back, itself or another', () => {
    expect(story(valid('a'), missing(), valid('a'))).toEqual([
      'accepted: current a',
      'unreadable: fallback a',
      'restored: current a',
    ]);
    expect(story(valid('a'), invalid('x'), valid('b'))).toEqual([
      'accepted: current a',
      'rejected: fallback a',
      'accepted: current b',
    ]);
  });

  it('another invalid text is told anew, and the same one stands in', () => {
    expect(story(valid('a'), invalid('x'), invalid('y'), missing(), missing('other'))).toEqual([
      'accepted: current a',
      'rejected: fallback a',
      'rejected: fallback a',
      'unreadable: fallback a',
      'unreadable: fallback a',
    ]);
  });

  it('a paused line of an invalid text counts, for as long as that text stands there', () => {
    expect(story(valid('a'), invalid('x', true), invalid('x', true), invalid('y'), valid('a'))).toEqual([
      'accepted: current a',
      'rejected: fallback a paused',
      'same: fallback a paused',
      'rejected: fallback a',
      'restored: current a',
    ]);
  });

  it('a paused line counts in a text that is refused for its account, too', () => {
    const refused = { ...missing('of another account'), saysPaused: true };
    expect(story(valid('a'), refused)).toEqual(['accepted: current a', 'unreadable: fallback a paused']);
  });

  it('the same text at another commit is accepted under its new name', () => {
    expect(story(committed('a', 'c1'), committed('a', 'c2'), missing(), committed('a', 'c2'))).toEqual([
      'accepted: current a@c1',
      'accepted: current a@c2',
      'unreadable: fallback a@c2',
      'restored: current a@c2',
    ]);
  });
});
