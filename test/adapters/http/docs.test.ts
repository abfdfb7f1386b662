import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  BODY_BYTES_MOST,
  CONNECTIONS_MOST,
  DELIVERIES_MOST,
  DELIVERY_BYTES_MOST,
  HEADER_BYTES_MOST,
} from '../../../src/adapters/http/limits.ts';
import { ROUTES } from '../../../src/adapters/http/routes.ts';
import { RUN_ENDS } from '../../../src/core/domain/run/daemon-event.ts';
import { CONDITION_REASONS, CONDITION_TYPES } from '../../../src/core/domain/status/condition-reasons.ts';
import { ask, serve } from './support/ask.ts';
import { pageBoard } from './support/page-board.ts';
import { schemaJudge } from './support/schema-errors.ts';

const PAGE = readFileSync(new URL('../../../docs/http.md', import.meta.url), 'utf8');

function section(heading: string): string {
  const [, after = ''] = PAGE.split(`\n${heading}\n`);
  return after.split(/\n##/)[0] ?? '';
}

/** The cells of every row whose first cell is code, in the order of the page. */
function rows(text: string): readonly (readonly string[])[] {
  const lines = text.split('\n').filter((line) => /^\| `/.test(line));
  return lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

function blocks(text: string, language: string): readonly string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'))].map(([, block]) => `${block}`);
}

function codes(text: string): readonly string[] {
  return [...text.matchAll(/`([A-Za-z]+)`/g)].map(([, code]) => `${code}`);
}

test('the routes of the page are those that are served', () => {
  const routes = Object.entries(ROUTES).map(([path, { methods }]) => [`\`${path}\``, methods.join(', ')]);
  const shown = rows(PAGE).filter(([first = '']) => first.startsWith('`/'));
  expect(shown.map(([path, methods]) => [path, methods])).toEqual(routes);
});

test('the page has a row for every reason, and says of it what the status says', () => {
  const shown = rows(section('### Conditions')).filter((cells) => cells.length === 2);
  expect(shown.map(([reason]) => reason)).toEqual(Object.keys(CONDITION_REASONS).map((reason) => `\`${reason}\``));
  const sentences = Object.values(CONDITION_REASONS);
  for (const [index, [, means = '']] of shown.entries()) expect(means).toContain(sentences[index]);
});

test('the page knows every condition, and every reason stands with one', () => {
  const shown = rows(section('### Conditions')).filter((cells) => cells.length === 3);
  expect(shown.map(([type]) => type)).toEqual(CONDITION_TYPES.map((type) => `\`${type}\``));
  const named = shown.flatMap(([, whenTrue = '', whenFalse = '']) => codes(`${whenTrue} ${whenFalse}`));
  expect(new Set(named)).toEqual(new Set(Object.keys(CONDITION_REASONS)));
});

test('the page has a row for every end of a run, in its words', () => {
  const shown = rows(section('### How a run ends'));
  expect(shown).toEqual([['`end`', 'means'], ...Object.entries(RUN_ENDS).map(([end, says]) => [`\`${end}\``, says])]);
});

test('the status of the page is what is served', () => {
  const [shown = ''] = blocks(section('## The status'), 'json');
  const status = pageBoard().status();
  expect(JSON.parse(shown)).toEqual(JSON.parse(JSON.stringify(status)));
  expect(schemaJudge('status')(status)).toEqual([]);
});

test('the answer of the page to a request for a run is what is served', async () => {
  const { server } = await serve();
  const { text } = await ask(server.address, '/-/reconcile', { method: 'POST' });
  await server.close();
  expect(blocks(section('## Asking for a run'), 'json')).toEqual([text]);
});

test('the limits of the page are those that are kept', () => {
  expect(section('## Limits')).toContain(`| connections at one time | ${CONNECTIONS_MOST} |`);
  expect(section('## Limits')).toContain(`| request line and headers | ${HEADER_BYTES_MOST / 1024} KiB |`);
  expect(section('## Limits')).toContain(`\`/-/mailtrap/ID\` | ${DELIVERY_BYTES_MOST / 1024} KiB |`);
  expect(section('## Limits')).toContain(`such bodies at one time | ${DELIVERIES_MOST} |`);
  expect(section('## Limits')).toContain(`no route reads | ${BODY_BYTES_MOST / 1024} KiB |`);
});
