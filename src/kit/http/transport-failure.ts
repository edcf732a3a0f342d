import { Failure, type FailureDetails, type FailureKind } from '../failure.js';

/** What an exchange without an answer means. */
interface Verdict {
  readonly kind: FailureKind;
  readonly what: string;
  readonly delivered: 'no' | 'maybe';
  readonly hint?: string;
}

/** The few things of a thrown network error that are read. Never the error itself: axios hangs request, headers and credentials on it. */
interface NetworkError {
  readonly code: string;
  readonly message: string;
  readonly syscall: string;
  /** What a proxy answered to CONNECT. */
  readonly statusCode: number | undefined;
}

const untrusted =
  /^(CERT_|UNABLE_TO_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT|ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH|INVALID_CA|CRL_|ERROR_IN_CERT)/;
const handshake =
  /^(EPROTO|ERR_SSL_(WRONG_VERSION_NUMBER|UNSUPPORTED_PROTOCOL|NO_PROTOCOLS_AVAILABLE|.*(HANDSHAKE_FAILURE|PROTOCOL_VERSION)))$/;
const ownCertificate =
  /ALERT_(CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA|UNSUPPORTED_CERTIFICATE|CERTIFICATE_(EXPIRED|REVOKED|UNKNOWN)|ACCESS_DENIED)$/;

/**
 * Why an exchange ended without an answer, and whether the remote can have received the request: a refused connection, an unknown host and a failed
 * TLS handshake prove that it has not; a reset, a time-out and a cut answer prove nothing.
 */
export function transportFailure(thrown: unknown, where: string, details: FailureDetails): Failure {
  const error = readError(thrown);
  const { kind, what, delivered, hint } = judge(error);
  return new Failure(kind, `${where}: ${what}`, {
    ...details,
    committed: delivered,
    ...(hint !== undefined && { hint }),
    ...(error.code !== '' && { cause: { code: error.code } }),
  });
}

/** The message under which a body that is larger than `digestUpTo` ends. */
export const tooLargeToHash = 'the content is larger than is read for its digest';

function judgeTunnel(statusCode: number | undefined): Verdict {
  if (statusCode === 407)
    return { kind: 'config', what: 'the proxy wants credentials (407)', delivered: 'no', hint: 'set proxy: { url, username, password }' };
  const refused = statusCode !== undefined && statusCode >= 400 && statusCode < 500;
  return {
    kind: refused ? 'config' : 'transient',
    what: `the proxy made no way to the remote (${statusCode ?? 'no answer'})`,
    delivered: 'no',
    hint: refused ? 'let the proxy pass connections to this host and port' : 'check that the proxy reaches this host',
  };
}

function judge({ code, message, syscall, statusCode }: NetworkError): Verdict {
  if (code === 'ERR_PROXY_TUNNEL') return judgeTunnel(statusCode);
  if (ownCertificate.test(code))
    return {
      kind: 'auth',
      what: `the remote refuses our client certificate (${code})`,
      delivered: 'no',
      hint: 'check that a client certificate is configured, that it has not expired, and that the remote trusts who issued it',
    };
  if (message.includes(tooLargeToHash)) return { kind: 'record', what: tooLargeToHash, delivered: 'maybe' };
  if (message.includes('maxContentLength'))
    return {
      kind: 'contract',
      what: 'the answer is larger than allowed',
      delivered: 'maybe',
      hint: 'ask for smaller pages or fewer fields',
    };
  if (message.includes('maxBodyLength'))
    return { kind: 'record', what: 'the request is larger than allowed', delivered: 'no', hint: 'shorten what the mapping writes' };
  if (code === 'ENOTFOUND' || code.startsWith('EAI_'))
    return {
      kind: 'transient',
      what: `the host name could not be resolved (${code})`,
      delivered: 'no',
      hint: 'check the address and the name server',
    };
  if (untrusted.test(code))
    return {
      kind: 'config',
      what: `the certificate of the remote is not trusted (${code})`,
      delivered: 'no',
      hint: 'if it comes from a private authority, name that in the setting for the certificate authority; verification cannot be switched off',
    };
  if (handshake.test(code))
    return { kind: 'transient', what: `the TLS handshake failed (${code})`, delivered: 'no', hint: 'check the port and https' };
  if (message.includes('before secure TLS connection was established'))
    return { kind: 'transient', what: 'the connection was closed during the TLS handshake', delivered: 'no' };
  if (code === 'ECONNREFUSED' || syscall === 'connect')
    return {
      kind: 'transient',
      what: `no connection could be made (${code})`,
      delivered: 'no',
      hint: 'check the address and port, the proxy and the firewall',
    };
  if (/aborted|ECONNRESET|EPIPE|socket hang up/i.test(`${code} ${message}`))
    return { kind: 'transient', what: 'the connection broke before the answer was complete', delivered: 'maybe' };
  if (code.startsWith('HPE_')) return { kind: 'transient', what: `the answer is not HTTP (${code})`, delivered: 'maybe' };
  if (code.startsWith('Z_') || code.startsWith('ERR_BROTLI') || code.startsWith('ERR__ERROR'))
    return { kind: 'transient', what: `the answer could not be decompressed (${code})`, delivered: 'maybe' };
  return { kind: 'transient', what: `no answer (${code === '' ? 'unknown error' : code})`, delivered: 'maybe' };
}

function readError(thrown: unknown): NetworkError {
  const errors = unwrap(thrown).toReversed(); // the innermost knows best
  const texts = (name: string): readonly string[] => errors.map((one) => one[name]).filter((value) => typeof value === 'string');
  const codes = texts('code');
  return {
    code: codes.find((code) => !/^ERR_(BAD_|NETWORK)/.test(code)) ?? codes[0] ?? '',
    message: texts('message').join(' '),
    syscall: texts('syscall')[0] ?? '',
    statusCode: errors.map((one) => one['statusCode']).find((value) => typeof value === 'number'),
  };
}

/** The error and what it wraps: axios wraps once, and Node, which tries several addresses at once, throws an aggregate. */
function unwrap(thrown: unknown): readonly Readonly<Record<string, unknown>>[] {
  const chain: Readonly<Record<string, unknown>>[] = [];
  for (let one = thrown; typeof one === 'object' && one !== null && chain.length < 5;) {
    const error = one as Readonly<Record<string, unknown>>;
    chain.push(error);
    one = error['cause'] ?? (Array.isArray(error['errors']) ? (error['errors'][0] as unknown) : undefined);
  }
  return chain;
}
