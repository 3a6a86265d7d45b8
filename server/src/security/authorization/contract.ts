/** What the outside is told about sign-in, for the audit trail. Carries ids only, never what was typed. */
export interface SecurityEvent {
  readonly kind:
    | 'sign-in' | 'sign-in-refused' | 'sign-out' | 'throttled' | 'token-reuse' | 'client-sign-in' | 'client-refused'
    | 'account-created' | 'account-suspended' | 'account-lifted' | 'institution-suspended' | 'institution-lifted'
    | 'password-changed' | 'totp-enrolled' | 'totp-removed' | 'recovery-codes-made' | 'recovery-code-used' | 'reauthenticated' | 'reauthentication-refused'
    | 'link-issued' | 'link-redeemed' | 'link-refused' | 'profile-linked' | 'client-registered' | 'client-suspended' | 'key-rotated';
  readonly outcome: 'success' | 'failure';
  readonly at: Date;
  /** The account it is about, when there is one. */
  readonly accountId?: string;
  /** Who caused it, when that is somebody else: an administrator. */
  readonly byAccountId?: string;
  readonly clientId?: string;
  readonly institution?: string;
  readonly remoteAddress?: string;
  readonly methods?: readonly string[];
  /** Stable word for why: `password`, `totp`, `suspended`, `throttled`, `expired`... */
  readonly reason?: string;
}

/** Writes an event durably; sign-in waits for it (no entrance without a trace). */
export type SecurityAudit = (event: SecurityEvent) => Promise<void>;
