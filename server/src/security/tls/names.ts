import { isIP } from 'node:net';
import { hostname, networkInterfaces, type NetworkInterfaceInfo } from 'node:os';

const mostNames = 60;

const isDnsName = (name: string): boolean => name.length <= 253 && /^([a-z0-9_]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name);

/**
 * Every name and address by which a browser in the same network may call this machine: the host name, alone and in `.local` (mDNS), the host
 * of the public address, and the addresses of all interfaces. Link-local IPv6 addresses are left out: no URL in a browser can carry their zone.
 */
export function namesOfThisMachine(about: { host: string; publicUrl: string }, interfaces: NodeJS.Dict<NetworkInterfaceInfo[]> = networkInterfaces(), name: string = hostname()): string[] {
  const given = about.publicUrl === '' ? [] : [new URL(about.publicUrl).hostname.replace(/^\[|\]$/g, '')];
  const own = name.toLowerCase();
  const names = [...given, about.host.toLowerCase(), own, ...(own.includes('.') ? [] : [`${own}.local`]), 'localhost'].filter((n) => isIP(n) === 0 && isDnsName(n));
  const addresses = [...given, about.host, ...Object.values(interfaces).flatMap((list) => (list ?? []).map((i) => i.address))]
    .filter((a) => isIP(a) !== 0 && !/^fe80:/i.test(a) && a !== '0.0.0.0' && a !== '::');
  return [...new Set([...names, '127.0.0.1', '::1', ...addresses])].slice(0, mostNames);
}
