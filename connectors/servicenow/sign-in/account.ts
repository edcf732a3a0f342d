import { X509Certificate } from 'node:crypto';
import { secret, z } from 'golden-thread/kit';

const text = z.string().trim().min(1);
const certificate = z
  .string()
  .refine(
    (pem) => pem.includes('-----BEGIN CERTIFICATE-----'),
    'expected the PEM text of a certificate: ${file:/run/secrets/certificate.pem}',
  );
const privateKey = secret().refine(
  (pem) => pem.includes('PRIVATE KEY-----'),
  'expected the PEM text of a private key: ${file:/run/secrets/key.pem}',
);

const Basic = z.strictObject({ username: text, password: secret() });
const ApiKey = z.strictObject({ apiKey: secret() });
const ClientCertificate = z.strictObject({ certificate, privateKey, passphrase: secret().optional() });
const ClientCredentials = z.strictObject({ clientId: text, clientSecret: secret() });
const PasswordGrant = z.strictObject({ clientId: text, clientSecret: secret(), username: text, password: secret() });
const JwtBearer = z.strictObject({
  clientId: text,
  clientSecret: secret().optional(),
  username: text.describe('User as whom it works: the sub of the token.'),
  privateKey,
  passphrase: secret().optional(),
  keyId: text.optional().describe('kid of the key in the JWT verifier map.'),
  audience: text.optional().describe('aud of the token. Default: the address of /oauth_token.do.'),
});

/** OAuth password grant, with refresh tokens. */
export type PasswordGrant = z.infer<typeof PasswordGrant>;
/** OAuth JWT bearer grant: no password leaves this machine. */
export type JwtBearer = z.infer<typeof JwtBearer>;
/** OAuth client credentials grant (Washington DC and later). */
export type ClientCredentials = z.infer<typeof ClientCredentials>;
/** The grants by which a token is obtained at /oauth_token.do. */
export type OAuthAccount = ClientCredentials | PasswordGrant | JwtBearer;

/** Who works on the instance, and how that is proven. Which kind it is shows by the settings that it has. */
export type Account = z.infer<typeof Account>;
export const Account = z.union([Basic, ClientCredentials, PasswordGrant, JwtBearer, ApiKey, ClientCertificate], {
  error:
    'expected an account: username and password; clientId and clientSecret, with username and password besides for the password grant; ' +
    'clientId, username and privateKey for a JWT; apiKey; or certificate and privateKey',
});

/** Whether tokens are obtained for this account. */
export function isOAuth(account: Account): account is OAuthAccount {
  return 'clientId' in account;
}

/** The account as a person recognises it, without anything that is secret. */
export function nameOfAccount(account: Account): string {
  if ('apiKey' in account) return 'the API key';
  if ('certificate' in account) return `the client certificate ${subjectOf(account.certificate)}`;
  if (!isOAuth(account)) return `user ${account.username}`;
  return 'username' in account ? `user ${account.username} with OAuth client ${account.clientId}` : `OAuth client ${account.clientId}`;
}

/** The user name under which the account works, where it is known: an OAuth client, an API key and a certificate do not tell. */
export function userOf(account: Account): string | undefined {
  return 'username' in account ? account.username : undefined;
}

/** When the client certificate of the account expires, in milliseconds since 1970; undefined for another kind, or one that cannot be read. */
export function expiryOf(account: Account): number | undefined {
  if (!('certificate' in account)) return undefined;
  try {
    return Date.parse(new X509Certificate(account.certificate).validTo);
  } catch {
    return undefined;
  }
}

function subjectOf(pem: string): string {
  try {
    return new X509Certificate(pem).subject.replaceAll('\n', ', ');
  } catch {
    return '(unreadable)';
  }
}
