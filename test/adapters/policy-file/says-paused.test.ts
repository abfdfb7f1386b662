import { expect, test } from 'vitest';
import { saysPaused } from '../../../src/adapters/policy-file/policy-source.ts';

test.each([
  'paused: true',
  'version: 1\npaused: true\n',
  'version: 1\r\npaused: true\r\ngrants: [\r\n',
  'paused: true # until Monday',
  'paused:   true   ',
  '{{{ no YAML at all\n\tpaused\npaused: true\n}}}',
  '\uFEFFpaused: true\n',
  'paused: True',
  '"paused": true',
  'paused:true',
  '<<<<<<< HEAD\npaused: false\n=======\npaused: true\n>>>>>>> other\n',
])('%j says so', (text) => {
  expect(saysPaused(text)).toBe(true);
});

test.each([
  '',
  'paused: false',
  ' paused: true',
  '# paused: true',
  'paused: trueish',
  'paused: true#x',
  'unpaused: true',
  'reason: paused: true',
  'paused:\n  true',
  '"paused\': true',
])('%j does not', (text) => {
  expect(saysPaused(text)).toBe(false);
});
