import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between one replica and the Kubernetes API, and can lose everything that passes, as a cable that is cut does. */
export class CutProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  private constructor(target: URL) {
    const port = Number(target.port);
    const host = target.hostname;
    this.#server = createServer((inner) => {
      this.#keep(inner);
      if (this.#isCut) return;
      const outer = connect({ host, port });
      this.#keep(outer);
      inner.on('data', (data) => this.#pass(data, outer));
      outer.on('data', (data) => this.#pass(data, inner));
      inner.on('close', () => outer.destroy());
      outer.on('close', () => inner.destroy());
    });
  }

  static async open(target: URL): Promise<CutProxy> {
    const proxy = new CutProxy(target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Nothing passes any more, and nobody is told: connections stay open and silent. */
  cut(): void {
    this.#isCut = true;
  }

  /** Connections of before are gone; new ones pass. */
  mend(): void {
    this.#isCut = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.mend();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #pass(data: Buffer, to: Socket): void {
    if (!this.#isCut) to.write(data);
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
  }
}
