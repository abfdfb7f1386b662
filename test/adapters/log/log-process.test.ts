import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { LOG_EVENTS } from '../../../src/adapters/log/log.ts';
import { ROOT } from '../../support/build.ts';
import { skippedFor } from '../../support/skipped-for.ts';
import { everyEvent, kindsOf, MARK, request } from './support/events.ts';
import { outputOf, startLogProcess } from './support/log-process.ts';

const SCHEMA = JSON.parse(readFileSync(join(ROOT, 'schemas/log.v1.schema.json'), 'utf8'));
const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(SCHEMA);

/** The lines of an output that ends with one, each as the value that it is. */
function linesOf(text: string): readonly Record<string, unknown>[] {
  expect(text.endsWith('\n')).toBe(true);
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

function complaint(line: Record<string, unknown>): string {
  return validate(line) ? '' : `${JSON.stringify(line)}: ${JSON.stringify(validate.errors)}`;
}

const FIFTY = Array.from({ length: 50 }, (_, index) => ({ ...request(), durationMs: index }));

describe('a process that logs to a pipe', () => {
  it('writes a line for every event, each as the schema says, and nothing else', async () => {
    const started = startLogProcess(everyEvent());
    const lines = linesOf(await outputOf(started));
    expect(lines.map(({ event }) => event)).toEqual(everyEvent().map(({ kind }) => kind));
    expect(kindsOf(everyEvent())).toEqual(Object.keys(LOG_EVENTS).sort());
    expect(lines.map(complaint).filter((text) => text !== '')).toEqual([]);
    expect(await started.ended).toEqual({ code: 0, signal: null, stderr: '' });
  });

  it('has written all when it is killed', async () => {
    const started = startLogProcess(FIFTY, { afterwards: 'kill' });
    const lines = linesOf(await outputOf(started));
    expect((await started.ended).signal).toBe('SIGKILL');
    expect(lines.map(({ durationMs }) => durationMs)).toEqual(FIFTY.map(({ durationMs }) => durationMs));
  });

  it('says once that nobody reads any more, does not crash, and lives on', async () => {
    const started = startLogProcess(FIFTY, { afterwards: 'go on' });
    started.child.stdout?.once('data', () => started.child.stdout?.destroy());
    expect(await started.ended).toEqual({ code: 7, signal: null, stderr: 'closed\n' });
  });

  it('waits for a reader who is slow, and loses nothing', async () => {
    const many = Array.from({ length: 40 }, () => everyEvent()).flat();
    const started = startLogProcess(many, { afterwards: 'unread' });
    await new Promise((resolve) => started.child.stderr?.once('data', resolve));
    await sleep(500);
    expect(linesOf(await outputOf(started)).map(({ event }) => event)).toEqual(many.map(({ kind }) => kind));
    expect((await started.ended).code).toBe(0);
  });

  it('does not wait for ever for a reader who never reads', async () => {
    const many = Array.from({ length: 40 }, () => everyEvent()).flat();
    const started = startLogProcess(many, { afterwards: 'unread' });
    await new Promise((resolve) => started.child.once('exit', resolve));
    started.child.stdout?.resume();
    expect(await started.ended).toEqual({ code: 7, signal: null, stderr: 'begins\nclosed\n' });
  });

  it(
    'goes on while the disk behind standard output is full',
    skippedFor(existsSync('/dev/full') ? null : 'there is no /dev/full'),
    async () => {
      const full = openSync('/dev/full', 'w');
      const started = startLogProcess(everyEvent(), { stdout: full });
      expect(await started.ended).toEqual({ code: 0, signal: null, stderr: '' });
      closeSync(full);
    },
  );

  it('tells all of a run under one id', async () => {
    const lines = linesOf(await outputOf(startLogProcess(everyEvent())));
    const ofRuns = lines.filter(({ event }) => /^(run|change)\.|^token\.disproven/.test(String(event)));
    expect(new Set(ofRuns.filter(({ event }) => event !== 'run.asked').map(({ runId }) => runId))).toEqual(
      new Set([MARK.runId]),
    );
  });
});

describe('schemas/log.v1.schema.json', () => {
  it('knows the events of the table, and no other', () => {
    expect([...SCHEMA.properties.event.enum].sort()).toEqual(Object.keys(LOG_EVENTS).sort());
  });

  it('describes only fields that some event has', async () => {
    const lines = linesOf(await outputOf(startLogProcess(everyEvent())));
    const seen = new Set(lines.flatMap((line) => Object.keys(line)));
    expect(Object.keys(SCHEMA.properties).filter((key) => !seen.has(key))).toEqual([]);
  });
});
