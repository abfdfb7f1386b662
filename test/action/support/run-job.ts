import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { ensureBuilt, ROOT } from '../../support/build.ts';
import { workplace } from '../../support/workplace.ts';

interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly shell?: string;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
  readonly env?: Readonly<Record<string, string>>;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}

/** What a runner of GitHub knows of a job. */
export interface Runner {
  readonly workspace: string;
  readonly eventName: string;
  readonly event: unknown;
  readonly ref: string;
  readonly apiUrl: string;
  /** What `secrets.NAME` gives; empty for a fork. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Where caches are kept from one job to the next. */
  readonly caches: string;
  /** What the runner itself has set. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface JobEnd {
  readonly code: number;
  readonly log: string;
  readonly summary: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** The environment of each `run:` step, as bash had it. */
  readonly environments: readonly Readonly<Record<string, string>>[];
}

/**
 * Runs the steps of a workflow's only job as a runner would: `run:` with bash and the files and variables of GitHub, this
 * repository's own action by its action.yml, and those of the cache by copying. A checkout has been made already.
 */
export async function runJob(workflow: string, runner: Runner): Promise<JobEnd> {
  ensureBuilt();
  const { jobs } = parse(workflow) as { readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>> };
  const steps = Object.values(jobs)[0]?.steps ?? [];
  const world = new JobWorld(runner);
  for (const step of steps) {
    if (world.code !== 0) break;
    await world.take(step);
  }
  return world.end();
}

class JobWorld {
  readonly #runner: Runner;
  readonly #temp = workplace();
  readonly #environments: Record<string, string>[] = [];
  #log = '';
  code = 0;

  constructor(runner: Runner) {
    this.#runner = runner;
    writeFileSync(this.#file('event.json'), JSON.stringify(runner.event));
    for (const name of ['summary', 'output']) writeFileSync(this.#file(name), '');
  }

  async take(step: Step): Promise<void> {
    const given = Object.fromEntries(
      Object.entries(step.with ?? {}).map(([name, value]) => [name, this.#evaluate(`${value}`, {})]),
    );
    if (step.run !== undefined) return this.#runScript(step, {});
    if (step.uses?.startsWith('actions/checkout@')) return;
    if (step.uses?.startsWith('actions/cache/save@')) return this.#saveCache(given);
    if (step.uses?.startsWith('actions/cache/restore@')) return this.#restoreCache(given);
    if (step.uses?.startsWith('OWNER/grantd@')) return this.#runAction(given);
    throw new Error(`no such action here: ${step.uses}`);
  }

  end(): JobEnd {
    const outputs = readFileSync(this.#file('output'), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]);
    return {
      code: this.code,
      log: this.#log,
      summary: readFileSync(this.#file('summary'), 'utf8'),
      outputs: Object.fromEntries(outputs),
      environments: this.#environments,
    };
  }

  async #runAction(given: Readonly<Record<string, string>>): Promise<void> {
    const action = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as Action;
    const unknown = Object.keys(given).filter((name) => !(name in action.inputs));
    if (unknown.length > 0) throw new Error(`the action has no input ${unknown.join(', ')}`);
    const inputs = Object.fromEntries(
      Object.entries(action.inputs).map(([name, input]) => [name, given[name] ?? this.#evaluate(input.default, {})]),
    );
    for (const step of action.runs.steps) {
      if (this.code !== 0) return;
      if (step.shell !== 'bash') throw new Error('a run step of a composite action needs a shell');
      await this.#runScript(step, inputs);
    }
  }

  async #runScript(step: Step, inputs: Readonly<Record<string, string>>): Promise<void> {
    if (step.run?.includes('${{')) throw new Error(`an expression stands in a script: ${step.run}`);
    const own = Object.fromEntries(
      Object.entries(step.env ?? {}).map(([name, text]) => [name, this.#evaluate(text, inputs)]),
    );
    const env = { ...this.#environment(), ...own };
    this.#environments.push(env);
    const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run ?? ''], {
      cwd: this.#runner.workspace,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.on('data', (chunk) => (this.#log += chunk));
    child.stderr.on('data', (chunk) => (this.#log += chunk));
    this.code = await new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? 1)));
  }

  #environment(): Record<string, string> {
    const { workspace, eventName, ref, apiUrl, env } = this.#runner;
    return {
      PATH: process.env['PATH'] ?? '',
      HOME: this.#temp,
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_ACTION_PATH: ROOT.replace(/\/$/, ''),
      GITHUB_API_URL: apiUrl,
      GITHUB_EVENT_NAME: eventName,
      GITHUB_EVENT_PATH: this.#file('event.json'),
      GITHUB_OUTPUT: this.#file('output'),
      GITHUB_REF: ref,
      GITHUB_REPOSITORY: 'acme/access',
      GITHUB_RUN_ID: '99',
      GITHUB_SERVER_URL: 'https://github.test',
      GITHUB_STEP_SUMMARY: this.#file('summary'),
      GITHUB_WORKSPACE: workspace,
      RUNNER_TEMP: this.#temp,
      ...env,
    };
  }

  /** The few expressions that the examples use. Any other is a fault of the example. */
  #evaluate(text: string, inputs: Readonly<Record<string, string>>): string {
    return text.replace(/\$\{\{\s*([^}]+?)\s*\}\}/g, (_, expression: string) => {
      const [context, name = ''] = expression.split(/\.(.*)/s);
      if (context === 'inputs' && inputs[name] !== undefined) return inputs[name];
      if (context === 'secrets') return this.#runner.secrets?.[name] ?? '';
      const known: Readonly<Record<string, string>> = {
        'runner.temp': this.#temp,
        'github.token': 'github-job-token',
        'github.run_id': '99',
        'github.run_attempt': '1',
      };
      const value = known[expression];
      if (value === undefined) throw new Error(`no such expression here: ${expression}`);
      return value;
    });
  }

  #saveCache({ path = '', key = '' }: Readonly<Record<string, string>>): void {
    cpSync(path, join(this.#runner.caches, key), { recursive: true });
  }

  /** Of those whose key begins with a restore key; here there is one at most. */
  #restoreCache(given: Readonly<Record<string, string>>): void {
    const prefix = given['restore-keys']?.trim() ?? '';
    const found = join(this.#runner.caches, `${prefix}99-1`);
    if (!existsSync(found)) return;
    mkdirSync(dirname(given['path'] ?? ''), { recursive: true });
    cpSync(found, given['path'] ?? '', { recursive: true });
  }

  #file(name: string): string {
    return join(this.#temp, `grantd-${name}`);
  }
}
