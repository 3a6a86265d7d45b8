import type { User, UserManager } from 'oidc-client-ts';
import { accountOf, type Account } from './account.ts';
import { createRefresher, openTabChannel, sha256, type Refresher } from './refresh.ts';
import { createUserManager } from './user-manager.ts';

export type SessionState =
  | { readonly status: 'loading' }
  | { readonly status: 'signed-out'; readonly expired?: boolean }
  | { readonly status: 'signed-in'; readonly account: Account };

/** The sign-in of this tab. One is made in main.tsx and handed down. */
export interface Session {
  readonly state: () => SessionState;
  readonly subscribe: (listener: () => void) => () => void;
  /** A valid access token, refreshed when it is about to end; undefined when signed out. */
  readonly token: () => Promise<string | undefined>;
  readonly signIn: (returnTo: string) => Promise<void>;
  /** Completes the redirect back; answers where the person wanted to go. */
  readonly complete: () => Promise<string>;
  readonly signOut: () => Promise<void>;
  /** The server refused the token: tries once to refresh, else signs out. */
  readonly refused: () => void;
}

const REFRESH_BEFORE_S = 30;

export function createSession(origin: string, onSignOut: () => void): Session {
  const users = createUserManager(origin, sessionStorage);
  const refresher = makeRefresher(users);
  const listeners = new Set<() => void>();
  let state: SessionState = { status: 'loading' };
  let refusing = false;

  const set = (next: SessionState): void => {
    state = next;
    for (const listener of listeners) listener();
  };
  const take = (user: User | null, expired = false): void => set(user ? { status: 'signed-in', account: accountOf(user.profile) } : { status: 'signed-out', expired });

  async function renew(): Promise<User | null> {
    try {
      const user = await refresher.refresh();
      if (!user) await end();
      return user;
    } catch (error) {
      // Without a link the old sign-in is kept: the person can go on as soon as the link is back.
      if (error instanceof TypeError || !navigator.onLine) return null;
      await end();
      return null;
    }
  }
  async function end(): Promise<void> {
    await users.removeUser();
    take(null, true);
  }

  async function begin(): Promise<void> {
    const user = await users.getUser();
    if (!user?.expired) { take(user); return; }
    const fresh = await renew();
    if (fresh) take(fresh);
    else if (state.status === 'loading') take(user);
  }
  void begin();

  return {
    state: () => state,
    subscribe: (listener) => { listeners.add(listener); return () => { listeners.delete(listener); }; },
    token: async () => {
      const user = await users.getUser();
      if (!user) return undefined;
      if (user.expires_in !== undefined && user.expires_in < REFRESH_BEFORE_S) return (await renew())?.access_token;
      return user.access_token;
    },
    signIn: (returnTo) => users.signinRedirect({ state: { returnTo }, ui_locales: document.documentElement.lang }),
    complete: async () => {
      const user = await users.signinRedirectCallback();
      take(user);
      const kept: unknown = user.state;
      const path = typeof kept === 'object' && kept !== null && 'returnTo' in kept && typeof kept.returnTo === 'string' ? kept.returnTo : '/';
      return path.startsWith('/') && !path.startsWith('//') ? path : '/';
    },
    signOut: async () => {
      onSignOut();
      try {
        await users.signoutRedirect();
      } finally {
        await users.removeUser();
      }
    },
    refused: () => {
      if (refusing || state.status !== 'signed-in') return;
      refusing = true;
      void renew().finally(() => { refusing = false; });
    },
  };
}

const makeRefresher = (users: UserManager): Refresher => createRefresher({ users, locks: navigator.locks, channel: openTabChannel('bedside-session'), marks: localStorage, digest: sha256 });
