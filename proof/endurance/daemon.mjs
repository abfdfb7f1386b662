import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
/** How exactly times are told. */
const LOOK_EVERY_MS = 5;
const SCALED_CLOCK = new URL('./scaled-clock.mjs', import.meta.url).href;

/** A real `grantd run`. `clock` makes its time go faster. Keeps the newest log lines, so that a long run needs no more memory. */
export class Daemon {
  #child;
  #lines = [];
  #rest = '';
  #stderr = '';
  #counts = new Map();
  #address = null;
  /** Resolves with the exit code. */
  ended;
  startedMs = performance.now();

  constructor(args, { cwd, env = {}, clock = null }) {
    const ahead = clock === null ? [] : ['--import', SCALED_CLOCK];
    const pace = clock === null ? {} : { CLOCK_FACTOR: String(clock.factor), CLOCK_ORIGIN: String(clock.originMs) };
    this.#child = spawn(process.execPath, [...ahead, MAIN, 'run', ...args], {
      cwd,
      env: { PATH: process.env.PATH, ...pace, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout.setEncoding('utf8').on('data', (text) => this.#take(text));
    this.#child.stderr.setEncoding('utf8').on('data', (text) => {
      this.#stderr = (this.#stderr + text).slice(-10_000);
    });
    this.ended = new Promise((resolve) => this.#child.on('close', resolve));
  }

  get pid() {
    return this.#child.pid;
  }

  get address() {
    return this.#address;
  }

  /** How many lines an event has had. */
  count(event) {
    return this.#counts.get(event) ?? 0;
  }

  /** The newest lines and whatever went to stderr, for whoever must find out why. */
  get words() {
    return `${this.#lines.slice(-20).join('\n')}\n${this.#stderr}`;
  }

  /** Waits until the condition holds; fails where the daemon ends first, or after so many seconds. */
  async until(condition, what, seconds = 600) {
    let hasEnded = false;
    this.ended.then(() => (hasEnded = true));
    const deadlineMs = performance.now() + seconds * 1_000;
    while (!condition()) {
      if (hasEnded) throw new Error(`grantd ended before ${what}:\n${this.words}`);
      if (performance.now() > deadlineMs) throw new Error(`${what}: not within ${seconds} s\n${this.words}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  async stop() {
    this.#child.kill('SIGTERM');
    const code = await this.ended;
    if (code !== 0 || this.#stderr !== '') throw new Error(`grantd ended with ${code}: ${this.#stderr}`);
  }

  /** For whoever gives up: nothing is left running. */
  kill() {
    this.#child.kill('SIGKILL');
    return this.ended;
  }

  #take(text) {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const { event, httpAddress } = JSON.parse(line);
      this.#counts.set(event, this.count(event) + 1);
      if (event === 'daemon.started') this.#address = httpAddress;
    }
    this.#lines = [...this.#lines, ...lines].slice(-50);
  }
}

/** What the kernel says of a process: resident memory in MB, open descriptors, processor time so far in ms. */
export function vitalsOf(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const ticks = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return {
    residentMb: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024,
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    processorMs: (Number(ticks[11]) + Number(ticks[12])) * 10,
  };
}
