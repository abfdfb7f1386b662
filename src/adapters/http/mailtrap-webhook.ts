import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type HttpAnswer, jsonAnswer, refusal } from './answer.ts';
import { DELIVERIES_MOST, DELIVERY_BYTES_MOST } from './limits.ts';

/** What takes the deliveries of Mailtrap's audit events. */
export interface MailtrapWebhook {
  /** The signing secret of an account as it is now. Null if this process has no secret for it, or does not look after it. */
  readonly secretOf: (account: number) => string | null;
  /** Gets the raw body of a delivery with the right signature, as text. Its answer is already on the way. */
  readonly receive: (account: number, body: string) => void;
}

/** The route by which the table has it; `ID` is the account. */
export const MAILTRAP_ROUTE = '/-/mailtrap/ID';

const PATH = /^\/-\/mailtrap\/([1-9][0-9]{0,14})$/;

/** A signature as Mailtrap writes it: lower-case hex of an HMAC-SHA256. */
const SIGNATURE = /^[0-9a-f]{64}$/;

/** The account that a path names; null if it is another path. */
export function accountOfPath(path: string): number | null {
  const [, id] = PATH.exec(path) ?? [];
  return id === undefined ? null : Number(id);
}

/** One delivery to an account. */
interface Delivery {
  readonly account: number;
  readonly request: IncomingMessage;
  readonly webhook: MailtrapWebhook;
}

/**
 * Reads the raw bodies of deliveries and judges their signatures. Neither a token nor loopback counts. A request without a signature is
 * refused before its body. Each of the others may hold as much memory as a body, so that few may come at a time.
 */
export class Deliveries {
  readonly #underWay = new Set<IncomingMessage>();

  /** Answers once the body has come, or at once if it need not come. */
  take(delivery: Delivery, answer: (given: HttpAnswer) => void): void {
    const { request, account, webhook } = delivery;
    if (Number(request.headers['content-length'] ?? 0) > DELIVERY_BYTES_MOST) {
      request.resume();
      answer(deliveryTooLarge());
      return;
    }
    if (signatureOf(request) === null || webhook.secretOf(account) === null) {
      request.resume();
      answer(wrongSignature());
      return;
    }
    this.#begin(request);
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= DELIVERY_BYTES_MOST) chunks.push(chunk);
      else if (this.#underWay.delete(request)) {
        chunks.length = 0;
        answer(deliveryTooLarge());
      }
    });
    request.once('end', () => {
      if (this.#underWay.delete(request)) judgeDelivery(delivery, Buffer.concat(chunks), answer);
    });
    request.once('close', () => this.#underWay.delete(request));
  }

  /** Of more than may be under way, the oldest is cut off: Mailtrap sends it again. */
  #begin(request: IncomingMessage): void {
    this.#underWay.add(request);
    const [oldest] = this.#underWay;
    if (this.#underWay.size <= DELIVERIES_MOST || oldest === undefined) return;
    this.#underWay.delete(oldest);
    oldest.destroy();
  }
}

function judgeDelivery(
  { account, request, webhook }: Delivery,
  body: Buffer,
  answer: (given: HttpAnswer) => void,
): void {
  const secret = webhook.secretOf(account);
  const signature = signatureOf(request);
  if (secret === null || signature === null || !isSignedBy(secret, body, signature)) {
    answer(wrongSignature());
    return;
  }
  answer(jsonAnswer(200, { accepted: true }));
  webhook.receive(account, body.toString('utf8'));
}

function signatureOf({ headers }: IncomingMessage): string | null {
  const header = headers['mailtrap-signature'];
  return typeof header === 'string' && SIGNATURE.test(header) ? header : null;
}

/** Compares in constant time: both sides have the same length. */
function isSignedBy(secret: string, body: Buffer, signature: string): boolean {
  return timingSafeEqual(createHmac('sha256', secret).update(body).digest(), Buffer.from(signature, 'hex'));
}

/** The same whether the account, the secret or the signature is missing or wrong. */
function wrongSignature(): HttpAnswer {
  return refusal(
    401,
    'this is no delivery with the right Mailtrap-Signature for an account of this grantd',
    'write the signing secret of the webhook into the file of mailtrapWebhookSecretFile',
    { Connection: 'close' },
  );
}

function deliveryTooLarge(): HttpAnswer {
  return refusal(413, 'the body is too large', `send ${DELIVERY_BYTES_MOST} bytes at most`, { Connection: 'close' });
}
