import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SCENARIOS } from '../../../bench/side-by-side/faults.mjs';
import { isScriptInstalled, runTool, SCRIPT_PACKAGE, TOOLS } from '../../../bench/side-by-side/tools.mjs';
import { startSimulator } from '../../../src/simulator/start-simulator.ts';
import { ensureBuilt, ROOT } from '../../support/build.ts';
import { skippedFor } from '../../support/skipped-for.ts';

// What runs tools imports the simulator out of dist, as a user's grantd would be.
ensureBuilt();
const { costOf } = await import('../../../bench/side-by-side/costs.mjs');
const { meet } = await import('../../../bench/side-by-side/incidents.mjs');
const { failuresOf } = await import('../../../bench/side-by-side/side-by-side.mjs');

const REASON = isScriptInstalled() ? null : 'bench/side-by-side has no node_modules; `npm ci` there brings them';
const [GRANTD, SCRIPT, PARALLEL] = TOOLS as [Tool, Tool, Tool];

type Tool = (typeof TOOLS)[number];

function scenario(name: string) {
  const found = SCENARIOS.find((one) => one.name === name);
  if (!found) throw new Error(`no scenario is called ${name}`);
  return found;
}

async function classesOf(name: string, tool: Tool): Promise<readonly string[]> {
  const { first, second } = await meet(scenario(name), tool);
  return [first.class, second.class];
}

describe('grantd in the comparison', () => {
  it('tells when a PUT wrote nothing, and makes the account as it is meant in the next run', async () => {
    expect(await classesOf('a PUT answers 200 and writes nothing', GRANTD)).toEqual(['reported', 'right']);
  });

  it('is counted: three GETs where nothing differs, and no write', async () => {
    expect(await costOf(GRANTD, { situation: 'idle', people: 10 })).toMatchObject({
      exitCode: 0,
      gets: 3,
      puts: 0,
      rows: 0,
      undone: 0,
    });
  });
});

describe('what fails the command', () => {
  const incident = (end: string, more: object = {}) => ({
    scenario: { name: 'some fault', faults: [], ...more },
    tool: GRANTD,
    first: { class: end },
  });
  const ofIncidents = (...incidents: object[]) => failuresOf({ costs: [], limited: null, incidents } as never);

  it('grantd that harmed somebody, or did not report someone', () => {
    expect(ofIncidents(incident('right'), incident('reported'), incident('failed'))).toEqual([]);
    expect(ofIncidents(incident('harm'), incident('silent'))).toEqual([
      'grantd apply, some fault: harm',
      'grantd apply, some fault: silent',
    ]);
    expect(ofIncidents(incident('harm', { unavoidable: 'no transactions' }))).toEqual([]);
    expect(ofIncidents({ ...incident('harm'), tool: SCRIPT })).toEqual([]);
  });

  it('any tool that does not do its work though nothing goes wrong', () => {
    const plain = { ...incident('silent'), scenario: scenario('nothing goes wrong'), tool: SCRIPT };
    expect(ofIncidents(plain)).toEqual(['script, one by one, nothing goes wrong: silent']);
    const costs = [{ situation: 'first', tool: 'script', runs: [{ exitCode: 0, undone: 2 }] }];
    expect(failuresOf({ costs, limited: null, incidents: [] } as never)).toHaveLength(1);
  });
});

describe('the script in the comparison', skippedFor(REASON), () => {
  it('makes the account as it is meant, in both forms', async () => {
    expect(await classesOf('nothing goes wrong', SCRIPT)).toEqual(['right', 'right']);
    expect(await classesOf('nothing goes wrong', PARALLEL)).toEqual(['right', 'right']);
  });

  it('is seen to tell nothing of a PUT that wrote nothing, and to do harm where two projects share a name', async () => {
    expect(await classesOf('a PUT answers 200 and writes nothing', SCRIPT)).toEqual(['silent', 'right']);
    const name = 'a second project of the same name, listed after the first';
    expect(await classesOf(name, SCRIPT)).toEqual(['harm', 'harm']);
  });

  it('writes just the rows that differ, as grantd does', async () => {
    const expected = { exitCode: 0, puts: 3, rows: 3, undone: 0 };
    for (const tool of TOOLS) {
      expect(await costOf(tool, { situation: 'small', people: 10 }), tool.name).toMatchObject(expected);
    }
  });

  it('has to read the tree by itself: getResources() of the client asks for the account accesses', async () => {
    const code = `import { MailtrapClient } from 'mailtrap';
      await new MailtrapClient({ token: 'x', accountId: 1 }).general.permissions.getResources();`;
    const simulator = await startSimulator({
      seed: { account: { id: 1, name: 'A' }, tokens: [{ name: 't', secret: 'x' }] },
    });
    try {
      const probe = {
        ...SCRIPT,
        arguments: () => [...SCRIPT.arguments('', '').slice(0, 2), '--input-type=module', '--eval', code],
      };
      await runTool(probe, { url: simulator.url, policy: '', secret: 'x', directory: SCRIPT_PACKAGE });
      expect(simulator.requests().map(({ path }) => path)).toEqual(['/api/accounts/1/account_accesses']);
    } finally {
      await simulator.close();
    }
  });
});

if (REASON !== null) process.stdout.write(`the script of bench/side-by-side is not tried: ${REASON}\n`);

describe('the command', () => {
  const command = (...args: readonly string[]) => {
    const { status, stderr } = spawnSync(process.execPath, ['bench/side-by-side/main.mjs', ...args], { cwd: ROOT });
    return { status, stderr: stderr.toString() };
  };

  it('names its scenarios where none fits, and records nothing but the whole', () => {
    expect(command('--scenario', 'no such thing')).toEqual({
      status: 1,
      stderr: expect.stringContaining('an unlisted principal has access'),
    });
    expect(command('--quick', '--record')).toEqual({
      status: 1,
      stderr: expect.stringContaining('the whole comparison'),
    });
  });

  it('the page holds every scenario with its ends: that of grantd, and that of the scripts', () => {
    const page = readFileSync(join(ROOT, 'docs/quality/side-by-side.md'), 'utf8');
    const rows = page.split('\n').filter((line) => line.startsWith('| '));
    for (const { name } of SCENARIOS) {
      expect(
        rows.filter((row) => row.startsWith(`| ${name} | `) && row.split(' | ').length === 3),
        name,
      ).toHaveLength(1);
    }
  });
});
