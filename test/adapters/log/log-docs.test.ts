import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { LOG_EVENTS } from '../../../src/adapters/log/log.ts';
import type { LogRow } from '../../../src/adapters/log/row.ts';
import type { DaemonEvent } from '../../../src/core/domain/run/daemon-event.ts';
import type { StatusUpdate } from '../../../src/core/domain/status/status-update.ts';
import { ROOT } from '../../support/build.ts';
import { changesOf } from '../../support/observed.ts';
import { everyEvent, NOW } from './support/events.ts';

const PAGE = readFileSync(join(ROOT, 'docs/logs.md'), 'utf8');
const COMMON = ['account', 'policy'];
const OF_RUNS = [...COMMON, 'runId', 'trigger', 'revision'];

function levelsOf({ level }: Pick<LogRow<DaemonEvent>, 'level'>): string {
  return (typeof level === 'string' ? [level] : level.among).join(', ');
}

const CHANGES = changesOf(everyEvent(), () => NOW);

/** The fields of the line of an event, in their order. */
function keysOf({ event, after }: StatusUpdate): readonly string[] {
  const { fields } = LOG_EVENTS[event.kind] as { readonly fields: (...of: readonly unknown[]) => object };
  return Object.keys(fields(event, after));
}

/** What the page calls a change. */
const OF_CHANGES = [
  'change',
  'principal',
  'access',
  'resource',
  'resourceId',
  'before',
  'after',
  'why',
  'whyCount',
  'cause',
];

/** The fields beyond those that the page says for all lines of an account, or of a run. */
function ownFields(kind: string): string {
  const keys = keysOf(CHANGES.find(({ event }) => event.kind === kind) as StatusUpdate);
  const shared = OF_RUNS.every((key) => keys.includes(key)) ? OF_RUNS : keys.includes('policy') ? COMMON : [];
  const isOfChange = OF_CHANGES.every((key) => keys.includes(key));
  const own = keys.filter((key) => !shared.includes(key) && !(isOfChange && OF_CHANGES.includes(key)));
  return [...(isOfChange ? ['a change'] : []), ...own.map((key) => `\`${key}\``)].join(', ');
}

it('docs/logs.md has a row for every event, with its levels, message and fields, and no other', () => {
  const rows = [...PAGE.matchAll(/^\| `([a-z]+\.[a-z-]+)` \| ([a-z, ]+) \| ([^|]+) \|([^|]*)\|/gm)].map(
    ([, kind, levels, message, fields]) => [kind, levels, message, fields?.trim()],
  );
  const expected = Object.entries(LOG_EVENTS).map(([kind, row]) => [
    kind,
    levelsOf(row as Pick<LogRow<DaemonEvent>, 'level'>),
    row.message,
    ownFields(kind),
  ]);
  expect(rows.sort()).toEqual(expected.sort());
});

it('every event of a kind has the same fields', () => {
  const shapes = new Map<string, string>();
  for (const change of CHANGES) {
    const { kind } = change.event;
    const keys = keysOf(change).join(' ');
    expect(shapes.get(kind) ?? keys, kind).toBe(keys);
    shapes.set(kind, keys);
  }
});

it('the line that docs/logs.md shows is one', () => {
  const line = JSON.parse(/```json\n(.+)\n```/.exec(PAGE)?.[1] ?? '');
  const schema = JSON.parse(readFileSync(join(ROOT, 'schemas/log.v1.schema.json'), 'utf8'));
  const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);
  expect(validate(line) || validate.errors).toBe(true);
  expect(line.msg).toBe(LOG_EVENTS['change.applied'].message);
});
