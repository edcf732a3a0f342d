import { createPrivateKey, type KeyObject, randomUUID, sign } from 'node:crypto';
import { Failure } from 'golden-thread/kit';
import type { JwtBearer } from './account.js';

/** How long an assertion is good: it is used at once, and clocks differ. */
const lifeSeconds = 300;

/** Makes assertions for the JWT bearer grant. `now`: milliseconds since 1970. */
export type Assert = (now: number) => string;

/**
 * Signs with RS256 or ES256, whichever the key is for. ServiceNow maps `sub` to a user and checks `iss` (client id), `aud`, `exp` and `iat`; what it
 * expects as `aud` differs (documented: its token endpoint; older set-ups: the client id), hence the setting.
 * Fails with `config` for a key that cannot be read, before anything is sent.
 */
export function assertionBy(account: JwtBearer, tokenEndpoint: string): Assert {
  const key = readKey(account);
  const algorithm = key.asymmetricKeyType === 'ec' ? 'ES256' : 'RS256';
  const header = encode({ alg: algorithm, typ: 'JWT', ...(account.keyId !== undefined && { kid: account.keyId }) });
  return (now) => {
    const iat = Math.floor(now / 1000);
    const { clientId: iss, username: sub, audience: aud = tokenEndpoint } = account;
    const signed = `${header}.${encode({ iss, sub, aud, iat, exp: iat + lifeSeconds, jti: randomUUID() })}`;
    return `${signed}.${sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  };
}

function readKey({ privateKey, passphrase }: JwtBearer): KeyObject {
  const refused = (why: string): Failure =>
    new Failure('config', `the private key of the OAuth client cannot be used: ${why}`, {
      committed: 'no',
      hint: 'it must be the PEM text of an RSA key, or of an EC key on P-256; an encrypted one needs its passphrase',
    });
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: privateKey, ...(passphrase !== undefined && { passphrase }) });
  } catch {
    throw refused('it cannot be read');
  }
  if (key.asymmetricKeyType === 'rsa') return key;
  if (key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return key;
  throw refused(`it is of the kind ${key.asymmetricKeyType ?? 'unknown'}`);
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');
}
