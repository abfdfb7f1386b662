import type { Plan } from '../../../../src/core/domain/plan/plan.ts';
import type { DaemonEvent } from '../../../../src/core/domain/run/daemon-event.ts';
import { NOW, smallWorld } from '../../../support/small-world.ts';
import { type TestedBoard, testedBoard } from './boards.ts';

const ORIGIN = { policy: 'policy.yaml', account: 3229 } as const;
const MARK = {
  ...ORIGIN,
  runId: 'e2c4a3f0-6a6e-4f0b-8f56-0d9a1d8a4f11',
  trigger: 'file',
  revision: {
    sha256: '9f2d1c0b8a7f6e5d4c3b2a190817263544536271809fa0b1c2d3e4f506172839',
    commit: '8d1f0c2b3a495867768594a3b2c1d0e0f0123456',
  },
} as const;

/** Whom `newAdmins: 0` keeps from becoming an account admin. */
function heldPlan(): Plan {
  const grants = [{ to: 'ann@example.com', resource: 'account', level: 'admin' }] as const;
  const accesses = [
    { access: 1, user: 'owner@example.com', rows: { account: 'owner' } },
    { access: 2, user: 'ann@example.com', rows: { account: 'viewer' } },
  ] as const;
  return smallWorld({ limits: { newAdmins: 0 }, protected: ['owner@example.com'], grants }, { accesses }).plan;
}

/** The board that docs/http.md shows: one run, which a guard held. */
export function pageBoard(): TestedBoard {
  const plan = heldPlan();
  const board = testedBoard();
  const events: readonly DaemonEvent[] = [
    {
      kind: 'daemon.started',
      version: '0.1.0',
      policies: [ORIGIN.policy],
      schedule: '*/15 * * * *',
      timezone: 'Etc/UTC',
      stateDir: null,
      httpAddress: '127.0.0.1:9911',
    },
    { kind: 'watch.mode', ...ORIGIN, account: null, mode: 'inotify', reason: null },
    {
      kind: 'policy.accepted',
      ...ORIGIN,
      trigger: 'start',
      revision: MARK.revision,
      acceptedAt: NOW,
      mode: 'authoritative',
      isPaused: false,
      grants: 1,
      problems: [],
    },
    { kind: 'run.started', ...MARK },
    { kind: 'run.planned', ...MARK, plan },
    {
      kind: 'run.ended',
      ...MARK,
      end: 'held',
      result: { kind: 'not-written', plan },
      error: null,
      durationMs: 412,
      failures: 0,
      commitToAppliedSeconds: null,
    },
    { kind: 'next.planned', ...ORIGIN, scheduleAt: NOW + 900_000, boundaryAt: null, retryAt: null },
  ];
  board.tell(...events);
  return board;
}
