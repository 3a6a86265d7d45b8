import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Account } from './account.ts';
import type { Session, SessionState } from './session.ts';

const SessionContext = createContext<Session | undefined>(undefined);
export const SessionProvider = SessionContext.Provider;

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('SessionProvider is missing');
  return session;
}
export function useSessionState(): SessionState {
  const session = useSession();
  return useSyncExternalStore(session.subscribe, session.state);
}
/** The signed-in account; only below the shell, which shows nothing to strangers. */
export function useAccount(): Account {
  const state = useSessionState();
  if (state.status !== 'signed-in') throw new Error('Nobody is signed in');
  return state.account;
}
