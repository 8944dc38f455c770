import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';

/** Ranges by the names that TRUST_PROXY may use besides addresses and networks. */
const named: Record<string, readonly string[]> = {
  loopback: ['loopback'],
  linklocal: ['linkLocal'],
  uniquelocal: ['private', 'uniqueLocal'],
};
const REMEMBERED = 1_000;

/**
 * Whose request it is: the nearest address that is no trusted proxy's. `trusted` is TRUST_PROXY: addresses, networks and `loopback`,
 * `linklocal`, `uniquelocal`, with commas. The same as Fastify's `request.ip`, which asks the list anew every time.
 */
export function clientAddress(trusted: string | undefined): (request: IncomingMessage) => string {
  if (!trusted) return ({ socket }) => socket.remoteAddress ?? '';
  const isTrusted = remembered(trustOf(trusted.split(',')));
  return ({ socket, headers }) => {
    const near = socket.remoteAddress ?? '';
    const forwarded = headers['x-forwarded-for'];
    if (forwarded === undefined || !isTrusted(near)) return near;
    const far = String(forwarded).split(',');
    return (far.findLast((address) => !isTrusted(address.trim())) ?? far[0]!).trim();
  };
}

function trustOf(entries: readonly string[]): (address: string) => boolean {
  const given = entries.map((entry) => entry.trim());
  const ranges = new Set(given.flatMap((entry) => named[entry] ?? []));
  const networks = given.filter((entry) => entry.includes('/')).map((entry) => ipaddr.parseCIDR(entry));
  const single = new Set(given.filter((entry) => ipaddr.isValid(entry)).map(plain));
  return (text) => {
    if (single.has(plain(text))) return true;
    // Reading an address costs more than all the rest here.
    if ((ranges.size === 0 && networks.length === 0) || !ipaddr.isValid(text)) return false;
    const address = ipaddr.process(text);
    return ranges.has(address.range()) || networks.some((network) => matches(address, network));
  };
}

/** An IPv4 address as itself, also when IPv6 carries it. */
const plain = (address: string): string => (address.startsWith('::ffff:') ? address.slice(7) : address);

const matches = (address: ipaddr.IPv4 | ipaddr.IPv6, network: ReturnType<typeof ipaddr.parseCIDR>): boolean =>
  address.kind() === network[0].kind() && address.match(network as [ipaddr.IPv6, number]);

/** The proxies are few; visitors are asked about only until the first that is none. */
function remembered(ask: (address: string) => boolean): (address: string) => boolean {
  const trusted = new Set<string>();
  return (address) => {
    if (trusted.has(address)) return true;
    if (!looksLikeAddress(address) || !ask(address)) return false;
    if (trusted.size < REMEMBERED) trusted.add(address);
    return true;
  };
}

const looksLikeAddress = (text: string): boolean => text.length > 1 && text.length < 46;
