import type { DaemonObserver } from '../../../core/domain/run/daemon-event.ts';

/** Tells every observer. One that throws has a fault; it must not turn a run that went well into one that failed. */
export function broadcast(observers: readonly DaemonObserver[], onFault: (error: unknown) => void): DaemonObserver {
  return (event) => {
    for (const observe of observers) {
      try {
        observe(event);
      } catch (error) {
        onFault(error);
      }
    }
  };
}
