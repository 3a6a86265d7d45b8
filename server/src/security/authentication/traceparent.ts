import { randomBytes } from 'node:crypto';

const noTrace = '0'.repeat(32);

/** The trace id of a W3C `traceparent` header, or a new one. @see W3C Trace Context, section 3.2 */
export function traceIdFrom(header: string | readonly string[] | undefined): string {
  if (typeof header === 'string' && header.length <= 128) {
    const match = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/.exec(header);
    const [, version, traceId, parent, more] = match ?? [];
    const known = version !== undefined && version !== 'ff' && (version !== '00' || more === undefined);
    if (known && traceId && traceId !== noTrace && parent !== '0'.repeat(16)) return traceId;
  }
  return randomBytes(16).toString('hex');
}
