import { readFileSync } from 'node:fs';
import { type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';

export type KubeJson = { readonly [key: string]: unknown };

/** What the tests ask a cluster with; the code under test has a client of its own. */
export class KubeClient {
  readonly url: URL;
  readonly #token: string | null;
  readonly #ca: string | null;

  constructor(url: string, tokenFile: string | null, caFile: string | null) {
    this.url = new URL(url);
    this.#token = tokenFile && readFileSync(tokenFile, 'utf8').trim();
    this.#ca = caFile && readFileSync(caFile, 'utf8');
  }

  /** The answer, whatever its status; throws where there is none. */
  async send(method: string, path: string, body?: unknown): Promise<{ status: number; json: KubeJson }> {
    const response = await this.#open(method, path, body);
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) text += chunk;
    return { status: response.statusCode ?? 0, json: JSON.parse(text) };
  }

  /** As `send`, and throws for a refusal. */
  async must(method: string, path: string, body?: unknown): Promise<KubeJson> {
    const { status, json } = await this.send(method, path, body);
    if (status < 200 || status > 299) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(json)}`);
    return json;
  }

  /** Calls back for every change of a list, until it is closed. */
  async watch(path: string, onChange: (object: KubeJson) => void): Promise<() => void> {
    const response = await this.#open('GET', `${path}?watch=1`);
    let rest = '';
    response.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onChange(JSON.parse(line).object);
    });
    response.on('error', () => {});
    return () => response.destroy();
  }

  #open(method: string, path: string, body?: unknown): Promise<IncomingMessage> {
    const send = this.url.protocol === 'https:' ? requestSecure : requestPlain;
    return new Promise((resolve, reject) => {
      const request = send(
        new URL(path, this.url),
        {
          method,
          agent: false,
          headers: {
            'content-type': 'application/json',
            ...(this.#token === null ? {} : { authorization: `Bearer ${this.#token}` }),
          },
          ...(this.#ca === null ? {} : { ca: this.#ca }),
        },
        resolve,
      );
      request.on('error', reject);
      request.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}
