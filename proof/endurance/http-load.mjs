import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** What is asked of the port of the daemon, in turn. Runs are asked for seldom: each reads the account. */
const ROUTES = ['/metrics', '/api/v1/status', '/healthz', '/readyz'];
const RECONCILE_EVERY = 500;
const CONNECTIONS = 8;

/** So many requests, evenly over so long, on a few connections that are kept. Each is told with how long its answer took. */
export async function loadHttp(address, { count, durationMs, isOver }, onAnswer) {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const beganMs = performance.now();
  let sent = 0;
  async function ask() {
    while (sent < count && !isOver()) {
      const turn = sent++;
      const waitMs = beganMs + (turn / count) * durationMs - performance.now();
      if (waitMs > 0) await pause(waitMs);
      const isReconcile = turn % RECONCILE_EVERY === RECONCILE_EVERY - 1;
      const [method, path] = isReconcile ? ['POST', '/-/reconcile'] : ['GET', ROUTES[turn % ROUTES.length]];
      const sentMs = performance.now();
      const status = await statusOf(agent, address, method, path);
      onAnswer({ path, status, tookMs: performance.now() - sentMs });
    }
  }
  try {
    await Promise.all(Array.from({ length: CONNECTIONS }, ask));
  } finally {
    agent.destroy();
  }
}

function statusOf(agent, address, method, path) {
  return new Promise((resolve, reject) => {
    const call = request(`http://${address}${path}`, { method, agent }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
      response.on('error', reject);
    });
    call.on('error', reject);
    call.end();
  });
}
