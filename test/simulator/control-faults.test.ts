import { describe, expect, it } from 'vitest';
import { simulate } from '../support/simulate.ts';
import { send } from './account.ts';

function problemsOf(json: unknown): readonly string[] {
  return (json as { problems: readonly string[] }).problems;
}

describe('/_sim/faults', () => {
  it('takes one or several, shows what became of them, and forgets them', async () => {
    const simulator = await simulate();
    const one = { kind: 'status', status: 500, match: { path: { regexp: 'accesses$' } } };
    expect((await send(simulator, 'POST /_sim/faults', { body: one })).json).toEqual({ ids: [1] });
    const two = [
      { kind: 'latency', ms: 0 },
      { kind: 'emptied', times: 'always' },
    ];
    expect((await send(simulator, 'POST /_sim/faults', { body: two })).json).toEqual({ ids: [2, 3] });
    expect(await send(simulator, 'GET /api/account_accesses')).toMatchObject({ status: 500 });
    expect((await send(simulator, 'GET /_sim/faults')).json).toEqual({
      faults: [
        { id: 1, fault: one, fitted: 1, struck: 1, spent: true },
        { id: 2, fault: two[0], fitted: 1, struck: 1, spent: true },
        { id: 3, fault: two[1], fitted: 1, struck: 1, spent: false },
      ],
    });
    expect((await send(simulator, 'DELETE /_sim/faults')).json).toEqual({ cleared: 3 });
    expect((await send(simulator, 'GET /api/account_accesses')).json).not.toEqual([]);
  });

  it.each<[bad: unknown, problem: RegExp]>([
    [3, /^fault is 3; write an object with a "kind"/],
    [{}, /^fault\.kind is missing; write one of "latency", /],
    [{ kind: 'toString' }, /^fault\.kind is "toString"; write one of/],
    [{ kind: 'latency' }, /^fault\.ms is missing; write an integer from 0 to 3600000/],
    [{ kind: 'latency', ms: 1.5 }, /^fault\.ms is 1\.5;/],
    [
      { kind: 'latency', ms: 1, sm: 2 },
      /^fault\.sm is unknown; the fields here are afterRequests, kind, match, ms, probability, times/,
    ],
    [{ kind: 'status', status: 99 }, /^fault\.status is 99; write an integer from 200 to 599/],
    [
      { kind: 'status', status: 500, body: 'xml' },
      /^fault\.body is "xml"; write one of "table", .* or an object of json, or an object of text, type/,
    ],
    [{ kind: 'status', status: 500, retryAfter: 'a\nb' }, /^fault\.retryAfter is "a\\nb";/],
    [{ kind: 'reset', strike: 'later' }, /^fault\.strike is "later"; write one of "before", "after", "midway"/],
    [{ kind: 'header', name: 'a b', value: null }, /^fault\.name is "a b"; write the name of a header/],
    [{ kind: 'stale', reads: 0 }, /^fault\.reads is 0; write an integer of at least 1/],
    [{ kind: 'html', times: 0 }, /^fault\.times is 0; write an integer of at least 1, or one of "always"/],
    [{ kind: 'html', probability: 2 }, /^fault\.probability is 2; write a number from 0 to 1/],
    [{ kind: 'html', match: 'x' }, /^fault\.match is "x"; write an object of method, path, token/],
    [
      { kind: 'html', match: { path: { regexp: '(' } } },
      /^fault\.match\.path is .*valid pattern \(Invalid regular expression/,
    ],
    [{ kind: 'html', match: { path: 3 } }, /^fault\.match\.path is 3; write a part of the path, or/],
    [{ kind: 'html', match: { paht: '/' } }, /^fault\.match\.paht is unknown/],
    [{ kind: 'second-writer' }, /^fault\.write is missing; write what someone else does/],
    [{ kind: 'second-writer', write: { act: 'hack' } }, /^fault\.write\.act is "hack"; write one of "set-row"/],
    [
      { kind: 'second-writer', write: { act: 'set-row', who: '', type: 'inbox', id: 1, level: 1 } },
      /^fault\.write\.who is ""/,
    ],
  ])('refuses %j', async (bad, problem) => {
    const simulator = await simulate();
    const { status, json } = await send(simulator, 'POST /_sim/faults', { body: bad });
    expect(status).toBe(400);
    expect(problemsOf(json)).toEqual([expect.stringMatching(problem)]);
    expect(() => simulator.inject(bad as never)).toThrow(problemsOf(json)[0]);
    expect(simulator.faults()).toEqual([]);
  });

  it('tells every problem of every fault at once, and takes none', async () => {
    const simulator = await simulate();
    const body = [{ kind: 'html' }, { kind: 'latency', ms: -1, times: 0 }, 'x'];
    const { json } = await send(simulator, 'POST /_sim/faults', { body });
    expect(problemsOf(json).map((problem) => problem.split(' is ')[0])).toEqual([
      'fault 1.ms',
      'fault 1.times',
      'fault 2',
    ]);
    expect(simulator.faults()).toEqual([]);
  });
});
