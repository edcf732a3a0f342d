import { Failure } from '../failure.js';

/**
 * Refuses an environment that switches the verification of certificates off for the whole process: our own clients would verify all the
 * same, but whoever set it believes otherwise, and so does every library beside them. Fails with `config`.
 */
export function refuseUnverifiedTls(env: Readonly<Record<string, string | undefined>> = process.env): void {
  if (env['NODE_TLS_REJECT_UNAUTHORIZED'] !== '0') return;
  throw new Failure(
    'config',
    'NODE_TLS_REJECT_UNAUTHORIZED=0 switches the verification of certificates off; golden-thread does not run so',
    {
      committed: 'no',
      hint: 'take it out of the environment; a private certificate authority is named by the setting ca of the system',
    },
  );
}
