/** The proxy did not open a tunnel. Nothing of the request was sent, and the answer is the proxy's, not the host's. */
export class ProxyRefusal extends Error {
  override readonly name = 'ProxyRefusal';

  constructor(status: number) {
    super(Number.isInteger(status) ? `the proxy answered ${status}` : 'the proxy did not answer in HTTP');
  }
}
