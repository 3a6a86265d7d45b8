/**
 * Encrypts small secrets (private keys, data keys, TOTP seeds) for storage. Asynchronous, so that an HSM or a key service can stand behind it.
 * `context` names what the secret is for (e.g. `certificates/root`) and is authenticated with it: a wrapped secret moved elsewhere does not open.
 */
export interface KeyWrapper {
  wrap(bytes: Uint8Array, context: string): Promise<Uint8Array>;
  /** @throws internal `key-unwrap` when the bytes were altered, belong to another context, or to a master key that is not here. */
  unwrap(wrapped: Uint8Array, context: string): Promise<Uint8Array>;
}
