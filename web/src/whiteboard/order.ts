/** What decides between two states of one element. */
export interface Versioned { readonly version: number; readonly versionNonce: number }

/**
 * True when `a` is the later state of an element. Whoever compares the same two states comes to the same answer: the higher version wins,
 * and of two with the same version the lower nonce (Excalidraw's own order).
 */
export const isLater = (a: Versioned, b: Versioned): boolean => a.version > b.version || (a.version === b.version && a.versionNonce < b.versionNonce);
