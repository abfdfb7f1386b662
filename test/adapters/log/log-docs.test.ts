import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import type { LogRow } from '../../../src/adapters/log/row.ts';
import { LOG_EVENTS } from '../../../src/adapters/log/table.ts';
import type { DaemonEvent } from '../../../src/core/domain/run/daemon-event.ts';
import { ROOT } from '../../support/build.ts';
import { everyEvent } from './support/events.ts';

const PAGE = readFileSync(join(ROOT, 'docs/logs.md'), 'utf8');
const COMMON = ['account', 'policy'];
const OF_RUNS = [...COMMON, 'runId', 'trigger', 'revision'];

function levelsOf({ level }: LogRow<DaemonEvent>): string {
  return (typeof level === 'string' ? [level] : level.among).join(', ');
}

/** What the page calls a change. */
const OF_CHANGES = ['change', 'principal', 'access', 'resource', 'resourceId', 'before', 'after', 'why', 'whyCount'];

/** The fields beyond those that the page says for all lines of an account, or of a run. */
function ownFields(kind: string): string {
  const event = everyEvent().find((one) => one.kind === kind) as DaemonEvent;
  const keys = Object.keys((LOG_EVENTS[event.kind] as LogRow<DaemonEvent>).fields(event));
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
    levelsOf(row as LogRow<DaemonEvent>),
    row.message,
    ownFields(kind),
  ]);
  expect(rows.sort()).toEqual(expected.sort());
});

it('every event of a kind has the same fields', () => {
  const shapes = new Map<string, string>();
  for (const event of everyEvent()) {
    const keys = Object.keys((LOG_EVENTS[event.kind] as LogRow<DaemonEvent>).fields(event)).join(' ');
    expect(shapes.get(event.kind) ?? keys, event.kind).toBe(keys);
    shapes.set(event.kind, keys);
  }
});

it('the line that docs/logs.md shows is one', () => {
  const line = JSON.parse(/```json\n(.+)\n```/.exec(PAGE)?.[1] ?? '');
  const schema = JSON.parse(readFileSync(join(ROOT, 'schemas/log.v1.schema.json'), 'utf8'));
  const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);
  expect(validate(line) || validate.errors).toBe(true);
  expect(line.msg).toBe(LOG_EVENTS['change.applied'].message);
});
