export { isAdministrator, isStaff, roles, type Account, type Role } from './account.ts';
export { SessionProvider, useAccount, useSession, useSessionState } from './context.tsx';
export { createSession, type Session, type SessionState } from './session.ts';
export { CALLBACK_PATH } from './user-manager.ts';
