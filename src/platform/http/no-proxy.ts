import { BlockList, isIP, isIPv6 } from 'node:net';

/** One entry of NO_PROXY: whether it names a host. `host` has no brackets. */
export type NoProxyRule = (host: string, port: number) => boolean;

/**
 * Reads NO_PROXY as curl does: a list, separated by commas or spaces, of names, IP addresses and networks (10.0.0.0/8). A
 * name matches itself and every name below it, with or without a leading dot or `*.`; `*` matches every host. An entry may
 * end in a port, unlike in curl, and then matches that port only. An entry of another form matches nothing. Names are never
 * looked up, so an address does not match a name.
 */
export function readNoProxy(text: string): readonly NoProxyRule[] {
  return text
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .map(toRule);
}

/** Whether NO_PROXY names the host of a URL. */
export function isExempt(rules: readonly NoProxyRule[], { hostname, port, protocol }: URL): boolean {
  const host = hostname.replace(/^\[|\]$|\.$/g, '');
  const number = port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
  return rules.some((rule) => rule(host, number));
}

function toRule(entry: string): NoProxyRule {
  const { host, port } = apart(entry);
  const matches = hostRule(host);
  return port === null ? matches : (name, number) => number === port && matches(name, number);
}

/** An IPv6 address needs brackets only if a port follows. */
function apart(entry: string): { readonly host: string; readonly port: number | null } {
  const [bare = ''] = entry.split('/');
  if (isIPv6(bare)) return { host: entry, port: null };
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d{1,5}))?$/.exec(entry) ?? [];
  return { host: bracketed ?? plain ?? '', port: port === undefined ? null : Number(port) };
}

function hostRule(host: string): NoProxyRule {
  if (host === '*') return () => true;
  const [address = '', bits, ...rest] = host.split('/');
  if (isIP(address) !== 0) return rest.length === 0 ? networkRule(address, bits) : () => false;
  const name = host.toLowerCase().replace(/^\*?\.|\.$/g, '');
  return (asked) => name !== '' && isIP(asked) === 0 && (asked === name || asked.endsWith(`.${name}`));
}

function networkRule(address: string, bits: string | undefined): NoProxyRule {
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  const most = family === 'ipv6' ? 128 : 32;
  const prefix = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : most + 1;
  if (prefix > most) return () => false;
  const network = new BlockList();
  network.addSubnet(address, prefix, family);
  return (asked) => isIP(asked) !== 0 && network.check(asked, isIPv6(asked) ? 'ipv6' : 'ipv4');
}
