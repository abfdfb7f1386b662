import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, type TestContext } from 'vitest';
import { parse } from 'yaml';
import { METRICS } from '../../../src/adapters/metrics/table.ts';
import { ROOT } from '../../support/build.ts';
import { fedMetrics } from '../../support/observed.ts';
import { skipFor } from '../../support/skipped-for.ts';
import { everyEvent } from '../log/support/events.ts';
import { SCENARIOS } from './support/alert-scenarios.ts';
import { firingAt, STEP_MINUTES, timelineSeries } from './support/rule-test.ts';

const RULES_FILE = join(ROOT, 'config/alerts.yaml');
const PROMTOOL = process.env['PROMTOOL'] || 'promtool';
const isHere = spawnSync(PROMTOOL, ['--version']).status === 0;

const FOLDER = mkdtempSync(join(tmpdir(), 'grantd-alerts-'));
afterAll(() => rmSync(FOLDER, { recursive: true }));

/** With what is expected of each, for the title of its test. */
const TITLED = SCENARIOS.map(
  (scenario) => [`${scenario.name}: ${scenario.fires ?? 'no alert'} fires`, scenario] as const,
);

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

const RULES: readonly Rule[] = parse(readFileSync(RULES_FILE, 'utf8')).groups.flatMap(
  (group: { readonly rules: readonly Rule[] }) => group.rules,
);

function promtool(context: TestContext, args: readonly string[], input = ''): string {
  if (!isHere) skipFor(context, 'promtool is not here: put it into the PATH, or its path into PROMTOOL');
  const { status, stdout, stderr } = spawnSync(PROMTOOL, args, { input, encoding: 'utf8' });
  return status === 0 ? 'ok' : `${stdout}${stderr}`;
}

describe('config/alerts.yaml', () => {
  it.each(RULES)('$alert says how bad it is, what it means and what to do next', ({ labels, annotations }) => {
    expect(['critical', 'warning', 'info']).toContain(labels['severity']);
    expect(Object.keys(annotations)).toEqual(['summary', 'description', 'runbook']);
    expect(annotations['runbook']).toMatch(/`(grantd|curl) |log/);
  });

  it.each(RULES)('$alert asks for metrics that there are', ({ expr }) => {
    const names = [...expr.matchAll(/grantd_[a-z_]+/g)].map(([name]) => name);
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !(name in METRICS))).toEqual([]);
  });

  it('has a row in docs/alerts.md for every alert, with its severity, and no other', () => {
    const page = readFileSync(join(ROOT, 'docs/alerts.md'), 'utf8');
    const rows = [...page.matchAll(/^\| `(Grantd\w+)` \| (\w+) \|/gm)].map(
      ([, alert, severity]) => `${alert} ${severity}`,
    );
    expect(rows.sort()).toEqual(RULES.map(({ alert, labels }) => `${alert} ${labels['severity']}`).sort());
  });

  it('is tried with one trouble for each alert', () => {
    const tried = [...new Set(SCENARIOS.flatMap(({ fires }) => fires ?? []))];
    expect(tried.sort()).toEqual(RULES.map(({ alert }) => alert).sort());
  });
});

describe('by promtool', () => {
  it('a scrape is well formed, and named as Prometheus advises', (context) => {
    const metrics = fedMetrics({ version: '0.1.0' });
    for (const event of everyEvent(' "\\\n')) metrics.observe(event);
    metrics.observe({ kind: 'schedule.missed', policy: 'a "b" \\ c\nd', account: 7 });
    expect(promtool(context, ['check', 'metrics'], metrics.render())).toBe('ok');
  });

  it('the rules are well formed', (context) => {
    expect(promtool(context, ['check', 'rules', RULES_FILE])).toBe('ok');
  });

  it.for(TITLED)('%s', ([, scenario], context) => {
    const file = join(FOLDER, 'rule-test.json');
    const minutes = scenario.minutes ?? 60;
    const test = {
      interval: `${STEP_MINUTES}m`,
      input_series: timelineSeries(minutes, scenario.at),
      promql_expr_test: [firingAt(minutes, scenario.fires ?? null)],
      alert_rule_test: scenario.says
        ? [{ eval_time: `${minutes}m`, alertname: scenario.fires, exp_alerts: [scenario.says] }]
        : [],
    };
    writeFileSync(
      file,
      JSON.stringify({ rule_files: [RULES_FILE], evaluation_interval: `${STEP_MINUTES}m`, tests: [test] }),
    );
    expect(promtool(context, ['test', 'rules', file])).toBe('ok');
  });
});
