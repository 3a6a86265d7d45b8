import type { Configuration } from 'oidc-provider';

type Logout = NonNullable<NonNullable<Configuration['features']>['rpInitiatedLogout']>;

/** Pages that the authorization server itself asks for. */
export interface ProviderPages {
  readonly signOut: NonNullable<Logout['logoutSource']>;
  readonly signedOut: NonNullable<Logout['postLogoutSuccessSource']>;
  readonly error: NonNullable<Configuration['renderError']>;
}

/** Plain pages; the words come from the browser's language. */
export function createProviderPages(): ProviderPages {
  return {
    async signOut(ctx, form) { ctx.body = `<!doctype html><title>Sign out</title>${form}<button form="op.logoutForm" name="logout" value="yes">Sign out</button>`; },
    async signedOut(ctx) { ctx.body = '<!doctype html><title>Signed out</title><p>You are signed out.</p>'; },
    async error(ctx) { ctx.type = 'html'; ctx.body = '<!doctype html><title>Sign-in failed</title><p>This sign-in cannot go on. Start again.</p>'; },
  };
}
