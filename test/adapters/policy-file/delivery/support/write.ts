import { createInterface } from 'node:readline';
import { deliveryOf } from './deliveries.ts';

/**
 * The writer: `node write.js DELIVERY DIRECTORY`. Reads one JSON line `{ step, text }` at a time, brings the text, and
 * answers with a JSON line.
 */
const [name = '', directory = ''] = process.argv.slice(2);
const delivery = deliveryOf(name);

for await (const line of createInterface({ input: process.stdin })) {
  const { step, text } = JSON.parse(line);
  const began = performance.now();
  await delivery[step === 'prepare' ? 'prepare' : 'update'](directory, text);
  process.stdout.write(`${JSON.stringify({ event: 'written', tookMs: Math.ceil(performance.now() - began) })}\n`);
}
