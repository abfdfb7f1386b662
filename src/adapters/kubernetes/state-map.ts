import { asObject, type KubeObject, noNamespace } from './cluster.ts';
import type { ConfigMapCalls } from './config-map-calls.ts';

/** The key of the ConfigMap that contains the state. */
const STATE_KEY = 'state.json';

/** The key of a text that was not a state, kept so that someone can look at it. */
const LOST_KEY = 'state.json.lost';

/** The key that says that a PUT was seen to replace rows. */
const PUT_REPLACES_KEY = 'put-replaces.json';

/** The ConfigMap of one account, as it was last read or written. Reads and writes wait for each other. */
export class StateMap {
  readonly #calls: ConfigMapCalls;
  #object: KubeObject | null = null;
  #text: string | null = null;
  #lost: string | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor(calls: ConfigMapCalls) {
    this.#calls = calls;
  }

  /** What it contains, as far as this process knows; null for nothing. */
  get text(): string | null {
    return this.#text;
  }

  /** What it says of a PUT that replaces rows; null for nothing. */
  get putReplaces(): string | null {
    const text = this.#data[PUT_REPLACES_KEY];
    return typeof text === 'string' ? text : null;
  }

  inTurn<T>(work: (map: StateMap) => Promise<T>): Promise<T> {
    const turn = this.#last.then(() => work(this));
    this.#last = turn.catch(() => {});
    return turn;
  }

  /** Throws `GrantdError` if the API does not answer. */
  async read(): Promise<void> {
    this.forget();
    const answer = await this.#calls.get();
    if (answer.kind === 'object') this.#keep(answer.object);
  }

  /** Its content is not a state. The next write keeps that content under another key. */
  putAside(text: string | null): void {
    this.#lost = text;
    this.#text = null;
  }

  /** False if someone else wrote since it was read. */
  async write(text: string): Promise<boolean> {
    const lost = this.#lost === null ? {} : { [LOST_KEY]: this.#lost };
    if (!(await this.#put({ ...this.#data, [STATE_KEY]: text, ...lost }))) return false;
    this.#lost = null;
    return true;
  }

  /** As `write`, for what it says of a PUT that replaces rows. Null removes that. */
  writePutReplaces(text: string | null): Promise<boolean> {
    const { [PUT_REPLACES_KEY]: _, ...others } = this.#data;
    return this.#put(text === null ? others : { ...others, [PUT_REPLACES_KEY]: text });
  }

  get #data(): Readonly<Record<string, unknown>> {
    return asObject(this.#object?.['data']);
  }

  async #put(data: Readonly<Record<string, unknown>>): Promise<boolean> {
    const { name, namespace } = this.#calls;
    const answer =
      this.#object === null
        ? await this.#calls.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data })
        : await this.#calls.replace({ ...this.#object, data });
    if (answer.kind === 'missing' && this.#object === null) throw noNamespace(namespace);
    if (answer.kind !== 'object') return false;
    this.#keep(answer.object);
    return true;
  }

  /** This process no longer knows what it contains. */
  forget(): void {
    this.#object = null;
    this.#text = null;
  }

  #keep(object: KubeObject): void {
    this.#object = object;
    const text = asObject(object['data'])[STATE_KEY];
    this.#text = typeof text === 'string' ? text : null;
  }
}
