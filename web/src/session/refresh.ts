import { User, type UserManager } from 'oidc-client-ts';

/**
 * Refreshes the tokens, one tab at a time. Refresh tokens rotate, and using one twice ends the whole session; a duplicated tab starts with a copy of
 * its sister's token. So under one lock each tab first looks whether its token was used already, and then takes over what the sister got for it.
 */
export interface RefreshPorts {
  readonly users: Pick<UserManager, 'getUser' | 'signinSilent' | 'storeUser'>;
  readonly locks: Pick<LockManager, 'request'>;
  /** Reaches all other tabs. */
  readonly channel: TabChannel;
  /** Shared by all tabs; holds only digests of used tokens. */
  readonly marks: Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;
  readonly digest: (text: string) => Promise<string>;
  readonly waitMs?: number;
}
export interface TabChannel { readonly tell: (message: unknown) => void; readonly listen: (hear: (message: unknown) => void) => () => void }
interface Granted { readonly kind: 'granted'; readonly digest: string; readonly user: string }
interface Wanted { readonly kind: 'wanted'; readonly digest: string }

const LOCK = 'bedside-token-refresh';
const MARK = 'bedside.token-used.';
const MARK_AGE_MS = 24 * 3_600_000;

export interface Refresher {
  /** The user with fresh tokens, or null when the person must sign in again. */
  readonly refresh: () => Promise<User | null>;
  readonly close: () => void;
}

export function createRefresher(ports: RefreshPorts): Refresher {
  const { users, locks, channel, marks, digest, waitMs = 1_500 } = ports;
  const granted = new Map<string, string>();
  let running: Promise<User | null> | undefined;

  const stopListening = channel.listen((message) => {
    if (isMessage(message) && message.kind === 'granted') remember(message.digest, message.user);
    if (isMessage(message) && message.kind === 'wanted') {
      const user = granted.get(message.digest);
      if (user) channel.tell({ kind: 'granted', digest: message.digest, user } satisfies Granted);
    }
  });

  function remember(key: string, user: string): void {
    granted.set(key, user);
    if (granted.size > 20) granted.delete([...granted.keys()][0] ?? '');
  }

  async function once(): Promise<User | null> {
    const user = await users.getUser();
    if (!user?.refresh_token) return null;
    const key = await digest(user.refresh_token);
    if (marks.getItem(MARK + key) !== null) return takeOver(key);
    forgetOld(marks);
    marks.setItem(MARK + key, String(Date.now()));
    try {
      const fresh = await users.signinSilent();
      if (!fresh) return null;
      remember(key, fresh.toStorageString());
      channel.tell({ kind: 'granted', digest: key, user: fresh.toStorageString() } satisfies Granted);
      return fresh;
    } catch (error) {
      // The link was down before the token reached the server: it may be used again.
      if (error instanceof TypeError || (error instanceof Error && error.name === 'ErrorTimeout')) marks.removeItem(MARK + key);
      throw error;
    }
  }

  async function takeOver(key: string): Promise<User | null> {
    channel.tell({ kind: 'wanted', digest: key } satisfies Wanted);
    const until = Date.now() + waitMs;
    while (!granted.has(key) && Date.now() < until) await new Promise((done) => { setTimeout(done, 50); });
    const text = granted.get(key);
    if (!text) return null;
    const user = User.fromStorageString(text);
    await users.storeUser(user);
    return user.expired ? once() : user;
  }

  return {
    refresh: () => (running ??= Promise.resolve(locks.request(LOCK, once)).finally(() => { running = undefined; })),
    close: stopListening,
  };
}

function isMessage(value: unknown): value is Granted | Wanted {
  return typeof value === 'object' && value !== null && 'kind' in value && 'digest' in value && typeof value.digest === 'string' && (value.kind === 'wanted' || ('user' in value && typeof value.user === 'string'));
}

function forgetOld(marks: RefreshPorts['marks']): void {
  const names = Array.from({ length: marks.length }, (_, index) => marks.key(index)).filter((name): name is string => name?.startsWith(MARK) === true);
  for (const name of names) if (Date.now() - Number(marks.getItem(name)) > MARK_AGE_MS) marks.removeItem(name);
}

export async function sha256(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The channel between the tabs of this browser. */
export function openTabChannel(name: string): TabChannel {
  const channel = new BroadcastChannel(name);
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a BroadcastChannel reaches its own origin only
    tell: (message) => channel.postMessage(message),
    listen: (hear) => {
      const onMessage = (event: MessageEvent<unknown>): void => hear(event.data);
      channel.addEventListener('message', onMessage);
      return () => channel.removeEventListener('message', onMessage);
    },
  };
}
