/** What a person was writing, kept on this device until it is saved; the keys carry the account, so that nobody meets another's draft. */
export interface DraftStore {
  read(key: string): unknown;
  write(key: string, value: unknown): void;
  remove(key: string): void;
  clear(): void;
}

const PREFIX = 'bedside.draft';
const MAX_BYTES = 256 * 1024;
const MAX_AGE_MS = 14 * 24 * 3_600_000;

export function createDraftStore(accountId: string, storage: Storage, now: () => number = Date.now): DraftStore {
  const name = (key: string): string => `${PREFIX}.${accountId}.${key}`;
  return {
    read(key) {
      const text = storage.getItem(name(key));
      if (text === null) return undefined;
      try {
        const kept: unknown = JSON.parse(text);
        if (typeof kept === 'object' && kept !== null && 'at' in kept && 'value' in kept && typeof kept.at === 'number' && now() - kept.at < MAX_AGE_MS) return kept.value;
      } catch {
        // Not ours or cut short: it cannot be used, and is removed below.
      }
      storage.removeItem(name(key));
      return undefined;
    },
    write(key, value) {
      const text = JSON.stringify({ at: now(), value });
      if (text.length > MAX_BYTES) return;
      try {
        storage.setItem(name(key), text);
      } catch {
        // The device's store is full: the draft lives in the form alone, nothing else depends on it.
      }
    },
    remove: (key) => storage.removeItem(name(key)),
    clear: () => clearDrafts(storage, accountId),
  };
}

/** Removes all drafts of an account, or of every account, from this device. */
export function clearDrafts(storage: Storage, accountId?: string): void {
  const prefix = accountId ? `${PREFIX}.${accountId}.` : PREFIX;
  const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index)).filter((key): key is string => key?.startsWith(prefix) === true);
  for (const key of keys) storage.removeItem(key);
}
