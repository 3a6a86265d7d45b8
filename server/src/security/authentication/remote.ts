import type { IncomingMessage } from 'node:http';

/** True for an address that only this machine can have. */
export const isLoopbackAddress = (address: string | undefined): boolean => {
  const plain = address?.startsWith('::ffff:') ? address.slice(7) : address;
  return plain === '::1' || /^127(\.\d{1,3}){3}$/.test(plain ?? '');
};

/** True only when the caller itself is on this machine: what a local proxy hands on is not. */
export const comesFromLoopback = (request: IncomingMessage): boolean =>
  isLoopbackAddress(request.socket.remoteAddress) && request.headers['x-forwarded-for'] === undefined
  && request.headers.forwarded === undefined && request.headers['x-real-ip'] === undefined;
