import { UserManager, WebStorageStateStore } from 'oidc-client-ts';

export const CLIENT_ID = 'bedside-web';
export const SCOPES = 'openid profile fhirUser offline_access user/*.cruds patient/*.rs';
export const CALLBACK_PATH = '/callback';

/** The OpenID Connect client of this tab: code + PKCE, tokens in this tab's sessionStorage. Refreshing is ours (`refresh.ts`). */
export const createUserManager = (origin: string, storage: Storage): UserManager => new UserManager({
  authority: `${origin}/oauth`,
  client_id: CLIENT_ID,
  redirect_uri: `${origin}${CALLBACK_PATH}`,
  post_logout_redirect_uri: `${origin}/`,
  response_type: 'code',
  scope: SCOPES,
  userStore: new WebStorageStateStore({ store: storage, prefix: 'bedside.' }),
  stateStore: new WebStorageStateStore({ store: storage, prefix: 'bedside.state.' }),
  automaticSilentRenew: false,
  loadUserInfo: false,
  monitorSession: false,
  requestTimeoutInSeconds: 20,
});
