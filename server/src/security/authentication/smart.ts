import { advertisedScopes } from './scope-catalogue.ts';

/** The issuer of all tokens: where the authorization server is mounted. */
export const issuerOf = (url: string): string => `${url}/oauth`;

/** What SMART clients look up first. @see SMART App Launch 2.2, "Conformance" */
export function smartConfiguration(url: string): Readonly<Record<string, unknown>> {
  return {
    issuer: issuerOf(url), jwks_uri: `${url}/oauth/jwks`,
    authorization_endpoint: `${url}/oauth/auth`, token_endpoint: `${url}/oauth/token`,
    revocation_endpoint: `${url}/oauth/token/revocation`, userinfo_endpoint: `${url}/oauth/me`, end_session_endpoint: `${url}/oauth/session/end`,
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: ['RS384', 'ES384', 'RS256', 'ES256', 'PS256', 'PS384', 'EdDSA'],
    grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
    response_types_supported: ['code'], code_challenge_methods_supported: ['S256'], scopes_supported: advertisedScopes,
    capabilities: ['launch-standalone', 'client-public', 'client-confidential-symmetric', 'client-confidential-asymmetric', 'sso-openid-connect', 'context-standalone-patient', 'permission-patient', 'permission-user', 'permission-v2'],
  };
}
