import { spawn } from 'node:child_process';
import { processorMs, residentMb, startDaemon, until } from './daemon-process.mjs';
import { toRatio, withUnit } from './figures.mjs';

/** V8 collects once, some 15 s after the start, what that left behind; this takes it 0.1 s. */
const SETTLE_DOWN_MS = 25_000;
const WATCHED_MS = 30_000;

/** Memory and processor time of a daemon that has nothing to do, against a bare node process that has nothing to do. */
export async function benchIdle() {
  const bare = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  const daemon = await startDaemon(50, 'viewer');
  try {
    await until(() => daemon.lines.some((line) => line.event === 'run.ended'));
    await pause(SETTLE_DOWN_MS);
    const [before, startedAt] = [await processorMs(daemon.child.pid), performance.now()];
    await pause(WATCHED_MS);
    const usedMs = (await processorMs(daemon.child.pid)) - before;
    const share = (100 * usedMs) / (performance.now() - startedAt);
    const [measured, floor] = [await residentMb(daemon.child.pid), await residentMb(bare.pid)];
    return [
      toRatio('idle daemon, resident memory', { measured, floor, unit: 'MB', budget: 1.8 }),
      { name: 'idle daemon, share of a core', measured: withUnit(share, '%'), budget: '0.3 %', isMet: share < 0.3 },
    ];
  } finally {
    bare.kill();
    await daemon.end();
  }
}

function pause(durationMs) {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
