import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { ANSWERS_MOST, CONNECTIONS_MOST, CROWD_MOST, CROWDED_MOST_MS } from './limits.ts';

/**
 * Gives each connection of a server a place. When all are taken, the connection that has been silent the longest goes first.
 * A connection is silent from its start, or from the end of its last answer, until a whole request has come in: one that
 * sends a request byte by byte is silent too. So a client that connects and asks is answered, however many hold connections.
 *
 * Newcomers beyond the places stay for a moment together with the others. It gives them time to ask. Those who connect again
 * whenever they are closed do so ten times a second, and not thousands of times.
 */
export function givePlaces(server: Server): void {
  const places = new Places();
  server.on('connection', (socket: Socket) => places.enter(socket));
  server.on('request', ({ socket }, response) => {
    places.beginAnswer(socket);
    response.once('close', () => places.endAnswer(socket));
  });
  server.once('close', () => places.stopClearing());
}

class Places {
  /** Both in the order of their time: the first has waited the longest. */
  readonly #silent = new Set<Socket>();
  readonly #answered = new Set<Socket>();
  #clearing: NodeJS.Timeout | null = null;

  get #size(): number {
    return this.#silent.size + this.#answered.size;
  }

  enter(socket: Socket): void {
    this.#silent.add(socket);
    socket.once('close', () => this.#leave(socket));
    if (this.#size > CROWD_MOST) this.#closeOne();
    if (this.#size > CONNECTIONS_MOST) this.#clearing ??= setTimeout(() => this.#clear(), CROWDED_MOST_MS);
  }

  #leave(socket: Socket): void {
    this.#silent.delete(socket);
    this.#answered.delete(socket);
  }

  beginAnswer(socket: Socket): void {
    this.#leave(socket);
    this.#answered.add(socket);
    if (this.#answered.size > ANSWERS_MOST) this.#close(this.#answered);
  }

  /** A connection that is already closed gets no place again. */
  endAnswer(socket: Socket): void {
    if (this.#answered.delete(socket) && !socket.destroyed) this.#silent.add(socket);
  }

  #clear(): void {
    this.stopClearing();
    while (this.#size > CONNECTIONS_MOST) this.#closeOne();
  }

  /** Clients that read slowly hold half of the places at most, so that the others keep theirs. */
  #closeOne(): void {
    const isSlow = this.#silent.size === 0 || this.#answered.size > CONNECTIONS_MOST / 2;
    this.#close(isSlow ? this.#answered : this.#silent);
  }

  #close(among: ReadonlySet<Socket>): void {
    const [first] = among;
    if (first === undefined) return;
    this.#leave(first);
    first.destroy();
  }

  stopClearing(): void {
    if (this.#clearing !== null) clearTimeout(this.#clearing);
    this.#clearing = null;
  }
}
