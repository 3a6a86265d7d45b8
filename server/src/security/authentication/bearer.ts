/** Longest `Authorization` header that is looked at. */
const longestHeader = 4_096;

export type BearerResult = { readonly kind: 'none' } | { readonly kind: 'malformed' } | { readonly kind: 'token'; readonly token: string };

/** Reads an `Authorization` header. Another scheme is `none`: it is not for us. @see RFC 6750 section 2.1 */
export function readBearer(header: string | undefined): BearerResult {
  if (header === undefined || header.length === 0) return { kind: 'none' };
  if (header.length > longestHeader) return { kind: 'malformed' };
  const scheme = /^([A-Za-z]+)(?: |$)/.exec(header)?.[1];
  if (scheme?.toLowerCase() !== 'bearer') return { kind: 'none' };
  const token = header.slice(scheme.length).replace(/^ +/, '');
  return /^[A-Za-z0-9\-._~+/]{16,1024}=*$/.test(token) ? { kind: 'token', token } : { kind: 'malformed' };
}
