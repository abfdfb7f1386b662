import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AccountSeed } from '../../../../../src/simulator/seed.ts';
import { type Simulator, startSimulator } from '../../../../../src/simulator/start-simulator.ts';
import { ensureBuilt, MAIN } from '../../../../support/build.ts';
import type { Delivery } from './deliveries.ts';
import type { Line, LineProcess } from './line-process.ts';
import { grantingText, levelOf, sha256Of } from './policy-text.ts';
import { expectedRevision, type Stage, UPDATES } from './stage.ts';

/** Longer than any update takes, and within the time of a test: what only the periodic read finds shows as such. */
const POLL_INTERVAL_MS = 120_000;
const PROJECT = 4001;
const ANN = 102;

/** What became of the texts of one delivery. */
export interface Kept {
  /** By which trigger the daemon noticed each text, up to the first that was not noticed by an event. */
  readonly noticedBy: readonly string[];
  /** Which texts gave Ann another level than theirs. */
  readonly wrongLevels: readonly string[];
}

/** One `grantd run` that keeps the policy files of many deliveries, each with an account, a token and a writer of its own. */
export class KeptDeliveries {
  readonly daemon: LineProcess;
  readonly #simulator: Simulator;
  readonly #places: readonly Place[];

  private constructor(simulator: Simulator, places: readonly Place[], daemon: LineProcess) {
    this.#simulator = simulator;
    this.#places = places;
    this.daemon = daemon;
  }

  /** Each delivery brings its first text, unless there is none, and then the daemon begins. */
  static async begin(stage: Stage, deliveries: readonly Delivery[]): Promise<KeptDeliveries> {
    ensureBuilt();
    const home = stage.directory();
    const places = deliveries.map((delivery, index) => placeOf(stage, delivery, 5_000 + index));
    const simulator = await startSimulator({ seed: places.map(seedOf), rateLimit: 'off' });
    for (const { writer, account } of places) {
      writer.send({ step: 'prepare', text: grantingText(account, 0) });
      await writer.line(({ event }) => event === 'written');
    }
    const accounts = places.map(({ path, account }) => {
      writeFileSync(join(home, `token-${account}`), tokenOf(account), { mode: 0o600 });
      return `  - { policy: '${path}', tokenFile: token-${account} }\n`;
    });
    writeFileSync(join(home, 'grantd.yaml'), `accounts:\n${accounts.join('')}`);
    const pacing = ['--start-jitter-ms', '0', '--min-interval-ms', '0', '--poll-interval-ms', String(POLL_INTERVAL_MS)];
    // No slot may come between a text and its notice: a run reads the file, too.
    const args = [MAIN, 'run', '--settings', 'grantd.yaml', '--schedule', '0 0 29 2 *', ...pacing];
    const daemon = stage.start([process.execPath, ...args, '--log-level', 'debug', '--http-address', '127.0.0.1:0'], {
      cwd: home,
      env: { PATH: process.env['PATH'] ?? '', GRANTD_API_URL: simulator.url },
    });
    const kept = new KeptDeliveries(simulator, places, daemon);
    for (const place of places) await kept.#begun(place);
    return kept;
  }

  /** Brings one text after the other, each once the run by the one before has ended. */
  async play(name: string): Promise<Kept> {
    const place = this.#placeOf(name);
    const noticedBy: string[] = [];
    const wrongLevels: string[] = [];
    for (let number = 1; number <= UPDATES; number += 1) {
      const text = grantingText(place.account, number);
      const start = await this.#write(place, text);
      noticedBy.push(String((await this.#accepted(place, text, start))['trigger']));
      const ended = await this.#ran(place, text, start);
      const level = this.#simulator.rows(ANN, place.account)[`project:${PROJECT}`];
      if (ended['end'] !== 'complete' || ended['applied'] === 0 || level !== levelOf(number))
        wrongLevels.push(`${number}: ${ended['end']}, ${level}`);
      if (noticedBy.at(-1) !== 'file') break;
    }
    return { noticedBy, wrongLevels };
  }

  /** The revisions of all texts that were accepted, in order. */
  revisions(name: string): readonly { readonly sha256: unknown; readonly commit: unknown }[] {
    const { path } = this.#placeOf(name);
    return this.daemon.lines
      .filter((line) => line.event === 'policy.accepted' && line['policy'] === path)
      .map(({ sha256, commit }) => ({ sha256, commit }));
  }

  /** What it must have accepted: every text, each of them once. */
  expectedRevisions(name: string): readonly { readonly sha256: string; readonly commit: string | null }[] {
    const { delivery, account } = this.#placeOf(name);
    const first = delivery.isThereAtFirst ? 0 : 1;
    return Array.from({ length: UPDATES + 1 - first }, (_, index) =>
      expectedRevision(delivery, grantingText(account, first + index)),
    );
  }

  /** The runs of one policy by trigger, of those that ended so, as its metrics count them. */
  async counted(name: string, result: string): Promise<Readonly<Record<string, number>>> {
    const [started] = this.daemon.lines.filter(({ event }) => event === 'daemon.started');
    const metrics = await (await fetch(`http://${started?.['httpAddress']}/metrics`)).text();
    const { path } = this.#placeOf(name);
    const series = [...metrics.matchAll(/^grantd_reconcile_total\{(.*)\} (\d+)$/gm)]
      .filter(([, labels = '']) => labels.includes(`policy="${path}"`) && labels.includes(`result="${result}"`))
      .map(([, labels = '', count]): [string, number] => [/trigger="(\w+)"/.exec(labels)?.[1] ?? '', Number(count)]);
    return Object.fromEntries(series.filter(([, count]) => count > 0));
  }

  async close(): Promise<void> {
    await this.#simulator.close();
  }

  #placeOf(name: string): Place {
    const place = this.#places.find(({ delivery }) => delivery.name === name);
    if (!place) throw new Error(`no delivery ${name}`);
    return place;
  }

  /** Watched, and the run of the start over, by the first text or by none: it reads the file, too. */
  async #begun({ path, delivery }: Place): Promise<void> {
    const of = (event: string) => (line: Line) => line.event === event && line['policy'] === path;
    await this.daemon.line(of('watch.mode'));
    await this.daemon.line(of(delivery.isThereAtFirst ? 'run.ended' : 'policy.unreadable'));
    const isPlanned = of('next.planned');
    for (let start = 0, looks = 0; looks < 2; looks += 1) {
      start = this.daemon.lines.indexOf(await this.daemon.line(isPlanned, start)) + 1;
    }
  }

  /** Gives from where on the daemon's lines may be about this text. */
  async #write({ writer }: Place, text: string): Promise<number> {
    const [start, written] = [this.daemon.lines.length, writer.lines.length];
    writer.send({ step: 'update', text });
    await writer.line(({ event }) => event === 'written', written);
    return start;
  }

  #accepted({ path }: Place, text: string, start: number): Promise<Line> {
    const sha256 = sha256Of(text);
    return this.daemon.line(
      (line) => line.event === 'policy.accepted' && line['policy'] === path && line['sha256'] === sha256,
      start,
    );
  }

  /** The end of the run that went by this text. */
  #ran({ path, delivery }: Place, text: string, start: number): Promise<Line> {
    const { sha256, commit } = expectedRevision(delivery, text);
    const revision = commit === null ? `sha256:${sha256.slice(0, 12)}` : `git:${commit.slice(0, 12)}`;
    return this.daemon.line(
      (line) => line.event === 'run.ended' && line['policy'] === path && line['revision'] === revision,
      start,
    );
  }
}

interface Place {
  readonly delivery: Delivery;
  readonly account: number;
  readonly path: string;
  readonly writer: LineProcess;
}

function placeOf(stage: Stage, delivery: Delivery, account: number): Place {
  const directory = stage.directory();
  return { delivery, account, path: join(directory, delivery.policyPath), writer: stage.writer(delivery, directory) };
}

function tokenOf(account: number): string {
  return `token-of-account-${account}`;
}

function seedOf({ account }: Place): AccountSeed {
  const admin = { type: 'account', id: account, level: 100 };
  return {
    account: { id: account, name: `Example ${account}` },
    resources: [{ type: 'project', id: PROJECT, name: 'Web' }],
    accesses: [
      { kind: 'user', access: 101, email: 'owner@example.com', rows: [{ ...admin, level: 1000 }] },
      { kind: 'user', access: ANN, email: 'ann@example.com', rows: [] },
    ],
    tokens: [{ name: 'grantd', secret: tokenOf(account), id: 900, access: 9000, rows: [admin] }],
  };
}
