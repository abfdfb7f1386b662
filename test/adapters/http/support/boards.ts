import type { StatusBoard } from '../../../../src/adapters/http/status-board.ts';
import type { DaemonEvent } from '../../../../src/core/domain/run/daemon-event.ts';
import { fedBoard } from '../../../support/observed.ts';
import { everyEvent, NOW } from '../../log/support/events.ts';

export interface OwnClock {
  advance(ms: number): void;
  now(): number;
}

export function ownClock(): OwnClock {
  let passedMs = 0;
  return {
    advance: (ms) => {
      passedMs += ms;
    },
    now: () => NOW + passedMs,
  };
}

export interface TestedBoard extends Omit<StatusBoard, 'observe'> {
  readonly clock: OwnClock;
  tell(...events: readonly DaemonEvent[]): void;
}

/** A board with a clock of the test's own, one second after each event. */
export function testedBoard(): TestedBoard {
  const clock = ownClock();
  const board = fedBoard({ version: '0.1.0', clock });
  return {
    ...board,
    clock,
    tell: (...events) => {
      for (const event of events) {
        board.observe(event);
        clock.advance(1000);
      }
    },
  };
}

export const FOREIGN = ' «mallory@example.com»';

/** A board that was told something of everything. */
export function busyBoard(): TestedBoard {
  const board = testedBoard();
  board.tell(...everyEvent(FOREIGN));
  return board;
}
